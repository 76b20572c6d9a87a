import { describe, expect, it, vi } from "vitest";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { RunWriter } from "../../src/server/run-writer.js";
import { StoreCalls } from "../../src/server/store-calls.js";
import type { SyncRecord, SyncStore, SyncWrite } from "../../src/server/sync-store.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { ada } from "./a-job.js";
import { anEnd, aRecord } from "./store-contract.js";

async function aWriter(store: SyncStore, record: SyncRecord = aRecord({ seq: 7 })) {
  const onLost = vi.fn();
  const calls = new StoreCalls({ timeoutMs: 1_000, onError: () => {} });
  return { writer: new RunWriter({ store, calls, record, onLost }), onLost };
}

const progress = (processedItems: number) => aSnapshot({ processedItems });
const end = aSnapshot({ status: "complete", completedAt: 5 });

describe("writing the states of a sync", () => {
  it("leaves out what did not change", async () => {
    const store = createMemoryStore();
    await store.create(aRecord());
    const write = vi.spyOn(store, "write");
    const { writer } = await aWriter(store);
    await writer.write(progress(1));
    const [, plain] = write.mock.calls[0] ?? [];
    expect(Object.keys(plain ?? {}).sort()).toEqual(["fence", "order", "snapshot", "writeId"]);
    writer.addFailure({ item: "a", reason: "b", at: 1 });
    writer.setCheckpoint("{}");
    await writer.write(progress(2));
    const [, whole] = write.mock.calls[1] ?? [];
    expect(whole).toMatchObject({ order: 2, fence: 1, checkpoint: "{}", failures: [{ item: "a" }] });
    expect(writer.written).toMatchObject({ processedItems: 2, seq: 3 });
    await writer.write(progress(3));
    expect(write.mock.calls[2]?.[1]).not.toHaveProperty("failures");
  });

  it("knows whether a mail is wanted from what the store keeps", async () => {
    const store = createMemoryStore();
    await store.create(aRecord({ notifyEmail: false }));
    const { writer } = await aWriter(store);
    await store.setNotifyEmail(ada, "sync-1", true);
    await writer.write(progress(1));
    expect(writer.written).toMatchObject({ seq: 3, notifyEmail: true });
    expect(await writer.end(end)).toMatchObject({ snapshot: { seq: 4, notifyEmail: true } });
  });

  it("keeps a bounded number of failed items while it waits", async () => {
    const store = createMemoryStore({ maxFailures: 100_000 });
    await store.create(aRecord());
    const { writer } = await aWriter(store);
    for (let at = 0; at < 10_010; at += 1) writer.addFailure({ item: "a", reason: "b", at });
    await writer.write(progress(1));
    const { failures } = await store.listFailures(ada, "sync-1", { limit: 100_000 });
    expect(failures).toHaveLength(10_000);
  });

  it("stops when somebody else has ended the sync, and says so once", async () => {
    const store = createMemoryStore();
    await store.create(aRecord());
    await store.write(ada, anEnd("cancelled", {}, { fence: null }));
    const { writer, onLost } = await aWriter(store);
    await writer.write(progress(1));
    const write = vi.spyOn(store, "write");
    expect(await writer.end(end)).toEqual({ isWritten: false, why: "ended" });
    await writer.write(progress(2));
    expect(write).not.toHaveBeenCalled();
    expect(onLost).toHaveBeenCalledExactlyOnceWith("ended");
  });

  it("gives a store that has lost the sync what was written last", async () => {
    const store = createMemoryStore();
    const { writer } = await aWriter(store);
    expect(await writer.end(end)).toMatchObject({ isWritten: true, snapshot: { status: "complete", seq: 1_008 } });
    expect(await store.get(ada, "sync-1")).toMatchObject({ snapshot: { status: "complete" } });
  });

  it("has lost the sync when the store has lost it and another one runs by now", async () => {
    const store = createMemoryStore();
    await store.create(aRecord({ syncId: "rival" }));
    const { writer, onLost } = await aWriter(store);
    expect(await writer.end(end)).toEqual({ isWritten: false, why: "superseded" });
    expect(onLost).toHaveBeenCalledExactlyOnceWith("superseded");
  });

  it("works on when the sync was there after all", async () => {
    const memory = createMemoryStore();
    await memory.create(aRecord());
    let isFirst = true;
    const store: SyncStore = {
      ...memory,
      write: async (scope, write: SyncWrite) => {
        if (!isFirst) return memory.write(scope, write);
        isFirst = false;
        return { is: "unknown" };
      },
    };
    const { writer } = await aWriter(store);
    expect(await writer.end(end)).toMatchObject({ isWritten: true, snapshot: { seq: 2 } });
  });

  it("drops what waits when it is abandoned", async () => {
    const memory = createMemoryStore();
    const store: SyncStore = { ...memory, write: () => new Promise(() => {}) };
    const { writer } = await aWriter(store);
    const ended = writer.end(end);
    writer.abandon();
    await expect(ended).rejects.toThrow("The service was closed before the sync could be stored.");
    expect(writer.abandoned.aborted).toBe(true);
  });
});
