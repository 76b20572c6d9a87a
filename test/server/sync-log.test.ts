import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { decodeLogEntry, encodeLogEntry } from "../../src/server/log-entry.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { RunWriter } from "../../src/server/run-writer.js";
import { StoreCalls } from "../../src/server/store-calls.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { ada, settle, startJob } from "./a-job.js";
import { aRecord } from "./store-contract.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the log of a sync", () => {
  it("has changes of status and phase, what the job writes, and how it ended", async () => {
    const phases = [
      { name: "syncing", label: "Fetch", weight: 1 },
      { name: "embedding", label: "Index", weight: 1 },
    ];
    const { service, syncId, run, finish, settled } = await startJob({}, { phases });
    run.update({ status: "syncing", stage: "Fetching..." });
    run.log("50 new mails");
    run.advance();
    run.update({ stage: "Still fetching..." });
    await service.pause(ada, syncId);
    await service.resume(ada, syncId);
    run.update({ status: "embedding" });
    finish();
    await settled;
    run.log("after the end");
    const { lines = [] } = (await service.listLog(ada, syncId, { limit: 20 })) ?? {};
    expect(lines.map(decodeLogEntry).map(({ event, text }) => `${event}: ${text}`)).toEqual([
      "syncing: Fetching...",
      "phase: Fetch",
      "log: 50 new mails",
      "paused: Still fetching...",
      "syncing: Still fetching...",
      "embedding: ",
      "phase: Index",
      "complete: ",
    ]);
    expect(await service.listLog({ tenantId: "globex", userId: "ada" }, syncId, { limit: 1 })).toBeNull();
    expect((await service.get(ada, syncId))?.snapshot.capabilities).toContain("log");
  });

  it("is stored within the time of a mere count, and is a sign of life", async () => {
    const { service, syncId, run } = await startJob({ throttleMs: 100, timeouts: { idleMs: 1_000 } });
    run.log("first");
    for (let count = 0; count < 4; count += 1) {
      await vi.advanceTimersByTimeAsync(900);
      run.log("still here");
    }
    await vi.advanceTimersByTimeAsync(100);
    expect((await service.listLog(ada, syncId, { limit: 20 }))?.lines).toHaveLength(5);
    expect((await service.get(ada, syncId))?.snapshot.status).toBe("queued");
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await service.get(ada, syncId))?.snapshot.errorCode).toBe("timed_out");
  });

  it("cuts long lines, and puts them on one line", () => {
    const { at, ...entry } = decodeLogEntry(encodeLogEntry("log", `a\r\nb${"x".repeat(2_000)}`));
    expect(entry.text).toMatch(/^a bx+…$/);
    expect([entry.event, at]).toEqual(["log", Date.now()]);
    expect(entry.text.length).toBeLessThanOrEqual(1_000);
  });

  it.each(["plain", "[1]", '"x"', "{"])("takes the line %j of another writer for what a job wrote", (line) => {
    expect(decodeLogEntry(line)).toEqual({ at: null, event: "log", text: line });
  });

  it("says how many lines were dropped while the store was away", async () => {
    const store = createMemoryStore({ maxLogLines: 20_000 });
    await store.create(aRecord());
    const calls = new StoreCalls({ timeoutMs: 1_000, onError: () => {} });
    const writer = new RunWriter({ store, calls, record: aRecord(), onLost: () => {} });
    writer.addLog(Array.from({ length: 10_002 }, (_, index) => String(index)));
    writer.addLog(["one more"]);
    await writer.write(aSnapshot());
    await writer.write(aSnapshot({ processedItems: 1 }));
    const { lines } = await store.listLog(ada, "sync-1", { limit: 20_000 });
    expect(lines).toHaveLength(10_001);
    expect(decodeLogEntry(lines.at(-1) ?? "")).toMatchObject({ event: "cut", text: "3 lines were not kept." });
  });

  it("is ended by whoever cancels the sync in another process", async () => {
    const store = createMemoryStore();
    const service = createSyncService({ store });
    const { syncId } = await service.create(ada);
    await service.cancel(ada, syncId);
    await settle();
    const { lines = [] } = (await service.listLog(ada, syncId, { limit: 5 })) ?? {};
    expect(lines.map((line) => decodeLogEntry(line).event)).toEqual(["cancelled"]);
  });
});
