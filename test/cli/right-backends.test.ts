import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SyncChoice } from "../../src/cli/target.js";
import { hasFlask, hasGo, type RunningBackend, startFlask, startGo } from "../conformance/example-backends.js";
import { startOwnBackend } from "../conformance/own-backend.js";
import { cookie, examine, problemsOf, SHORT } from "./examine.js";

const START_TIMEOUT_MS = 180_000;
/** Two heartbeats more than the backends here leave out at most, and no longer than a test may take. */
const SHORT_LOOK = { ...SHORT, streamMs: 1_500 };

examineBackend("our own server half", startOwnBackend, true);
// Neither example has the stream of all syncs, and so it is mentioned.
if (hasFlask()) examineBackend("the example in Flask", startFlask, false);
if (hasGo()) examineBackend("the example in Go", startGo, false);

function examineBackend(name: string, start: () => Promise<RunningBackend>, hasFeed: boolean): void {
  describe(`the doctor finds nothing wrong with ${name}`, () => {
    const hints = hasFeed ? [] : ["connections: hint"];
    const skippedAsWell = hasFeed ? [] : ["feed"];
    let running: RunningBackend | null = null;
    beforeAll(async () => {
      running = await start();
    }, START_TIMEOUT_MS);
    afterAll(() => running?.stop());

    const examineAs = (sync: SyncChoice, pageOrigin?: string) => {
      if (running === null) throw new Error("The backend has not started.");
      const { baseUrl, ada, grace } = running.backend;
      return examine(baseUrl, {
        identity: cookie(ada.cookie ?? ""),
        secondIdentity: cookie(grace.cookie ?? ""),
        sync,
        timings: SHORT_LOOK,
        ...(pageOrigin === undefined ? {} : { pageOrigin }),
      });
    };

    it.each(["complete", "partlyFailed", "failed"] as const)("with a sync that ends: %s", async (shape) => {
      const type = running?.backend.types[shape] ?? "";
      const report = await examineAs({ kind: "start", type });
      expect(problemsOf(report)).toEqual(hints);
      const skipped = report.checks.filter(({ level }) => level === "skipped").map(({ id }) => id);
      // One that fails at once has no time for a heartbeat.
      expect(skipped.filter((id) => id !== "heartbeats")).toEqual(["preflight", "cors", ...skippedAsWell]);
    });

    it("with a sync that goes on, from another origin; and cancels what it has started", async () => {
      const type = running?.backend.types.endless ?? "";
      const report = await examineAs({ kind: "start", type }, running?.backend.origin);
      expect(problemsOf(report)).toEqual(hints);
      expect(report.checks.find(({ id }) => id === "end")?.findings[0]?.seen).toMatch(/^cancelled/);
      expect(report.checks.find(({ id }) => id === "cleanup")?.findings[0]?.seen).toMatch(/ended: cancelled/);
    });

    it("with a sync that has ended, which it finds in the list", async () => {
      const report = await examineAs({ kind: "any" });
      expect(problemsOf(report)).toEqual(hints);
      expect(report.syncId).not.toBeNull();
    });
  });
}
