import { describe, expect, it } from "vitest";
import { summarizeRows, syncAllRows } from "../../src/client/sync-all-rows.js";
import type { SyncAllEntry } from "../../src/client/sync-all-run.js";
import { SyncRequestError } from "../../src/client/sync-request.js";
import type { Integration } from "../../src/protocol/integration.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { aView } from "../support/a-view.js";
import { anIntegration } from "../support/an-integration.js";

const waiting: SyncAllEntry = { kind: "waiting", retryOf: null };
const started = (given: Partial<SyncSnapshot>, percent: number | null = null): SyncAllEntry => ({
  kind: "started",
  syncId: "sync-1",
  view: aView({ percent, snapshot: aSnapshot(given) }),
});

function rowsOf(entries: Readonly<Record<string, SyncAllEntry | null>>, given: Partial<Integration> = {}) {
  const integrations = Object.keys(entries).map((type) => anIntegration({ type, ...given }));
  const inRun = Object.entries(entries).flatMap(([type, entry]) => (entry === null ? [] : [[type, entry] as const]));
  return syncAllRows(integrations, new Map(inRun));
}
const summaryOf = (entries: Parameters<typeof rowsOf>[0], weights?: Record<string, number>) =>
  summarizeRows(rowsOf(entries), weights);

describe("a row", () => {
  it("says how its integration stands", () => {
    const rows = rowsOf({
      idle: null,
      waiting,
      starting: { kind: "starting", isCancelled: false },
      unseen: { kind: "started", syncId: "sync-1", view: null },
      running: started({}),
      paused: started({ status: "paused" }),
      complete: started({ status: "complete" }),
      problems: started({ status: "complete", failedItems: 2 }),
      failed: started({ status: "error" }),
      cancelled: started({ status: "cancelled" }),
      refused: { kind: "refused", error: new SyncRequestError("No.") },
      "not-started": { kind: "not-started" },
      gone: { kind: "started", syncId: "sync-1", view: aView({ isRunning: false }) },
    });
    expect(Object.fromEntries(rows.map(({ integration, status }) => [integration.type, status]))).toEqual({
      idle: "idle",
      waiting: "waiting",
      starting: "running",
      unseen: "running",
      running: "running",
      paused: "paused",
      complete: "complete",
      problems: "partly_failed",
      failed: "failed",
      cancelled: "cancelled",
      refused: "failed",
      "not-started": "not-started",
      gone: "failed",
    });
  });

  it("is there for every integration that is connected, and no other", () => {
    const statuses = ["connected", "error", "not_connected", "connecting", "needs_reauth", "paused"] as const;
    const integrations = statuses.map((status) => anIntegration({ type: status, status }));
    expect(syncAllRows(integrations, new Map()).map(({ integration }) => integration.type)).toEqual([
      "connected",
      "error",
      "needs_reauth",
      "paused",
    ]);
  });

  it("of an access that has expired counts as failed as soon as the others are synced", () => {
    const integrations = [anIntegration({ type: "gmail" }), anIntegration({ type: "slack", status: "needs_reauth" })];
    const before = syncAllRows(integrations, new Map());
    expect(before.map(({ status }) => status)).toEqual(["idle", "idle"]);
    const after = syncAllRows(integrations, new Map([["gmail", started({ status: "complete" })]]));
    expect(after.map(({ status }) => status)).toEqual(["complete", "needs-reauth"]);
    expect(summarizeRows(after)).toMatchObject({ total: 2, complete: 1, failed: 1 });
  });
});

describe("the percentage of all", () => {
  it("is the mean, where what has ended is done and what waits is not", () => {
    expect(summaryOf({ one: started({}, 50), two: waiting }).percent).toBe(25);
    expect(summaryOf({ one: started({}, 50), two: started({ status: "error" }) }).percent).toBe(75);
  });

  it("goes by weights", () => {
    expect(summaryOf({ gmail: started({}, 50), two: waiting, three: waiting }, { gmail: 8 }).percent).toBe(40);
  });

  it("leaves out what does not take part", () => {
    expect(summaryOf({ one: started({}, 50), two: null })).toMatchObject({ total: 1, percent: 50 });
  });

  it("is unknown while none is known, and is not held back by one that stays unknown", () => {
    expect(summaryOf({ one: started({}), two: waiting }).percent).toBeNull();
    expect(summaryOf({ one: started({}), two: started({}, 60) }).percent).toBe(30);
    expect(summaryOf({}).percent).toBeNull();
  });

  it("is 100 only when nothing is under way", () => {
    expect(summaryOf({ one: started({ status: "complete" }, 100), two: started({}, 99.9) }).percent).toBe(99);
    expect(summaryOf({ one: started({ status: "complete" }, 100) }).percent).toBe(100);
  });
});
