import { EventSource } from "eventsource";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SyncClient } from "../../src/client/sync-client.js";
import { eventually } from "../support/eventually.js";
import { ALL_CHECKS } from "./all-checks.js";
import { checksFor, runCheck } from "./check.js";
import type { RunningBackend } from "./example-backends.js";
import { startSmallestBackend } from "./smallest-backend.js";

describe("the smallest backend of docs/protocol.md", () => {
  let running: RunningBackend;
  beforeAll(async () => {
    running = await startSmallestBackend();
  });
  afterAll(() => running.stop());

  const required = checksFor(new Set(), ALL_CHECKS).filter(({ level }) => level === "required");
  it.each(required.map((check) => [check.title, check] as const))("%s", (_, check) => runCheck(check, running.backend));

  it.each([
    ["complete", { percent: 100, snapshot: { status: "complete" } }],
    ["partlyFailed", { percent: 100, snapshot: { status: "complete", failedItems: 3 } }],
    ["failed", { snapshot: { status: "error", errorMessage: "The access has expired." } }],
  ] as const)("works with the real client: %s", async (shape, end) => {
    const { baseUrl, startSync, types } = running.backend;
    const client = new SyncClient({ baseUrl, createEventSource: (url) => new EventSource(url) });
    const syncId = (await startSync?.(types[shape], {})) ?? "";
    const percents: number[] = [];
    const leave = client.subscribe(syncId, () => percents.push(client.getView(syncId)?.percent ?? 0));
    await eventually(() => expect(client.getView(syncId)).toMatchObject({ isTerminal: true, ...end }));
    expect(percents.length).toBeGreaterThan(3);
    expect([...percents].sort((a, b) => a - b)).toEqual(percents);
    leave();
    client.close();
  });
});
