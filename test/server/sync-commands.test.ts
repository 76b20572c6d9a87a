import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import type { SyncStore } from "../../src/server/sync-store.js";
import { ada, startIn } from "./a-job.js";
import { createFaultyStore, type Fault } from "./faulty-store.js";
import { anEnd, aRecord } from "./store-contract.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A sync of another process, and a service that is asked to command it. */
async function elsewhere(fault: (method: string) => Fault = () => "none", change: Partial<SyncStore> = {}) {
  const store = createMemoryStore();
  await store.create(aRecord());
  let watches = 0;
  const counted: SyncStore = {
    ...store,
    async watch(scope, watcher) {
      const unwatch = await store.watch(scope, watcher);
      watches += 1;
      return () => {
        watches -= 1;
        unwatch();
      };
    },
    ...change,
  };
  const service = createSyncService({ store: createFaultyStore(counted, fault) });
  return { store, service, watches: () => watches };
}

describe("a command to a sync of another process", () => {
  it("that does not obey is refused after 2 seconds, and leaves nothing behind", async () => {
    const { service, watches } = await elsewhere();
    let result: unknown;
    void service.pause(ada, "sync-1").then((done) => {
      result = done;
    });
    await vi.advanceTimersByTimeAsync(1_900);
    expect(result).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    expect(result).toMatchObject({ isDone: false, snapshot: { status: "syncing" } });
    expect(watches()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that ends by itself meanwhile was not cancelled", async () => {
    const { service, store, watches } = await elsewhere();
    const cancelled = service.cancel(ada, "sync-1");
    await vi.advanceTimersByTimeAsync(100);
    await store.write(ada, anEnd("complete"));
    expect(await cancelled).toMatchObject({ isDone: false, snapshot: { status: "complete" } });
    expect(watches()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that ends in the moment in which it is ended for it was not cancelled", async () => {
    const memory = createMemoryStore();
    await memory.create(aRecord({}, { claim: null }));
    const store: SyncStore = {
      ...memory,
      watch: async () => () => {},
      async write(scope, write) {
        await memory.write(scope, anEnd("error", {}, { fence: null }));
        return memory.write(scope, write);
      },
    };
    const result = await createSyncService({ store }).cancel(ada, "sync-1");
    expect(result).toMatchObject({ isDone: false, snapshot: { status: "error" } });
  });

  it("that is deleted meanwhile is one that does not exist", async () => {
    const memory = createMemoryStore();
    await memory.create(aRecord({}, { claim: null }));
    const store: SyncStore = {
      ...memory,
      async write() {
        await memory.write(ada, anEnd("error", {}, { fence: null }));
        await memory.deleteEndedBefore(100, 1);
        return { is: "unknown" };
      },
    };
    expect(await createSyncService({ store }).cancel(ada, "sync-1")).toBeNull();
  });

  it("is carried out later if the store is away for the end: it is not waited for longer than 2 seconds", async () => {
    let isAway = true;
    const { service, store } = await elsewhere((method) => (isAway && method === "write" ? "hang" : "none"));
    const cancelled = service.cancel(ada, "sync-1");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await cancelled).toMatchObject({ isDone: true, snapshot: { status: "syncing" } });
    isAway = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await store.get(ada, "sync-1"))?.snapshot.status).toBe("cancelled");
  });

  it("is refused at once if its state forbids it", async () => {
    const { service, watches } = await elsewhere();
    expect(await service.resume(ada, "sync-1")).toMatchObject({ isDone: false });
    expect(watches()).toBe(0);
  });
});

describe("a command to a sync of this process", () => {
  it("holds it also while the store is away", async () => {
    let isAway = false;
    const store = createFaultyStore(createMemoryStore(), (method) => (isAway && method === "write" ? "hang" : "none"));
    const service = createSyncService({ store });
    const { syncId, run } = await startIn(service);
    isAway = true;
    const paused = service.pause(ada, syncId);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await paused).toMatchObject({ isDone: true, snapshot: { status: "queued" } });
    let isHeld = true;
    void run.checkpoint().then(() => {
      isHeld = false;
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(isHeld).toBe(true);
  });

  it("says whether it was this one that ended it", async () => {
    const store = createFaultyStore(createMemoryStore(), (method) => (method === "write" ? { lateMs: 100 } : "none"));
    const service = createSyncService({ store });
    const { syncId, finish, settled } = await startIn(service);
    finish();
    await vi.advanceTimersByTimeAsync(50);
    const cancelled = service.cancel(ada, syncId);
    await vi.advanceTimersByTimeAsync(50);
    expect((await settled).status).toBe("complete");
    expect(await cancelled).toMatchObject({ isDone: false, snapshot: { status: "complete" } });
  });
});
