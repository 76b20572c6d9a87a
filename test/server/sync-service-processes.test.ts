import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import type { Scope } from "../../src/server/scope.js";
import { SyncAlreadyRunningError } from "../../src/server/sync-creator.js";
import type { SyncServiceOptions } from "../../src/server/sync-service.js";
import type { ScopeWatcher, SyncStore } from "../../src/server/sync-store.js";
import type { SyncUpdate } from "../../src/server/sync-subscription.js";
import { ada, aJob, followIn, settle, startIn } from "./a-job.js";
import { createFaultyStore } from "./faulty-store.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Two processes on one store. The store of the first can be cut off, as when that process is killed. */
function twoProcesses(options: SyncServiceOptions = {}) {
  const store = createMemoryStore();
  let isCut = false;
  const cuttable: SyncStore = createFaultyStore(store, () => (isCut ? "hang" : "none"));
  const settledInA = vi.fn();
  const settledInB = vi.fn();
  const a = createSyncService({ ...options, store: cuttable, onSettled: settledInA });
  const b = createSyncService({ ...options, store, onSettled: settledInB });
  const cut = (value: boolean) => {
    isCut = value;
  };
  return { store, a, b, cut, settledInA, settledInB };
}

/** A store that loses all it has, as one without persistence that is started again. */
function forgetfulStore() {
  let current = createMemoryStore();
  const watches = new Set<{ readonly scope: Scope; readonly watcher: ScopeWatcher }>();
  const store: SyncStore = {
    ...current,
    create: (...given) => current.create(...given),
    get: (...given) => current.get(...given),
    write: (...given) => current.write(...given),
    restore: (...given) => current.restore(...given),
    list: (...given) => current.list(...given),
    renew: async () => [],
    async watch(scope, watcher) {
      const watch = { scope, watcher };
      watches.add(watch);
      await current.watch(scope, { ...watcher, change: (change) => watches.has(watch) && watcher.change(change) });
      return () => watches.delete(watch);
    },
  };
  function lose(): void {
    current = createMemoryStore();
    for (const { scope, watcher } of watches) void current.watch(scope, watcher);
    for (const { watcher } of watches) watcher.gap();
  }
  return { store, lose };
}

/** More than two leases of 5 s, and a look. */
const DETECTION_MS = 15_000;

describe("two processes on one store", () => {
  it("leave each other's running syncs alone, however often one looks for those that were left behind", async () => {
    const { a, b, settledInA, settledInB } = twoProcesses();
    const { run, finish, settled } = await startIn(a);
    for (let count = 0; count < 20; count += 1) {
      expect(await b.recover()).toBe(0);
      await vi.advanceTimersByTimeAsync(5_000);
    }
    expect(run.signal.aborted).toBe(false);
    finish();
    expect((await settled).status).toBe("complete");
    expect([settledInA.mock.calls.length, settledInB.mock.calls.length]).toEqual([1, 0]);
  });

  it("refuse a second start of the same type, and name the first", async () => {
    const { a, b } = twoProcesses();
    const { syncId } = await startIn(a);
    const refused = b.run(ada, aJob().job, { connectorType: "gmail" });
    await expect(refused).rejects.toThrow(SyncAlreadyRunningError);
    await expect(refused).rejects.toMatchObject({ syncId });
  });

  it("see the same progress, and the same end", async () => {
    const { a, b } = twoProcesses();
    const { syncId, run, seen, finish, settled } = await startIn(a);
    const seenInB = await followIn(b, syncId);
    run.update({ status: "syncing", totalItems: 2 });
    run.advance();
    await vi.advanceTimersByTimeAsync(200);
    finish();
    await settled;
    expect(seenInB).toEqual(seen);
    expect(seenInB.at(-1)).toEqual(await settled);
  });

  it("cancel, pause and resume each other's syncs; the owner ends it, with its last counts, once", async () => {
    const { a, b, settledInA, settledInB } = twoProcesses();
    const { syncId, run, settled } = await startIn(a);
    run.update({ status: "syncing", totalItems: 10 });
    expect(await b.pause(ada, syncId)).toMatchObject({ isDone: true, snapshot: { status: "paused" } });
    expect(await b.pause(ada, syncId)).toMatchObject({ isDone: false, snapshot: { status: "paused" } });
    expect(await b.resume(ada, syncId)).toMatchObject({ isDone: true, snapshot: { status: "syncing" } });
    expect(await b.resume(ada, syncId)).toMatchObject({ isDone: false });
    run.advance({ count: 7 });
    const result = await b.cancel(ada, syncId);
    expect(result).toMatchObject({ isDone: true, snapshot: { status: "cancelled", processedItems: 7 } });
    expect(await settled).toEqual(result?.snapshot);
    expect(await b.cancel(ada, syncId)).toMatchObject({ isDone: false, snapshot: { status: "cancelled" } });
    expect([settledInA.mock.calls.length, settledInB.mock.calls.length]).toEqual([1, 0]);
  });

  it("end a sync whose owner does not obey, and call onSettled there; the owner's job is stopped when it notices", async () => {
    const { a, b, cut, settledInA, settledInB } = twoProcesses();
    const { syncId, run, settled } = await startIn(a);
    // The process is busy, not gone: it hears nothing.
    cut(true);
    vi.spyOn(a, "cancel");
    const store = createMemoryStore();
    expect(store).toBeDefined();
    const cancelled = b.cancel(ada, syncId);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await cancelled).toMatchObject({ isDone: true, snapshot: { status: "cancelled" } });
    cut(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(run.signal.aborted).toBe(true);
    expect((await settled).status).toBe("cancelled");
    expect(settledInA.mock.calls.length + settledInB.mock.calls.length).toBe(1);
  });

  it("end a sync that nobody runs when it is cancelled, and call onSettled once", async () => {
    const { store, b, settledInB } = twoProcesses();
    const { syncId } = await createSyncService({ store }).create(ada);
    expect(await b.pause(ada, syncId)).toMatchObject({ isDone: false });
    const result = await b.cancel(ada, syncId);
    expect(result).toMatchObject({ isDone: true, snapshot: { status: "cancelled", completedAt: expect.any(Number) } });
    await settle();
    expect(settledInB).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ snapshot: result?.snapshot }));
  });

  it("take over what a killed one has left, once, as interrupted; its late writes are refused", async () => {
    const { a, b, cut, settledInA, settledInB } = twoProcesses();
    const { syncId, run, settled } = await startIn(a);
    run.update({ status: "syncing", totalItems: 10 });
    run.advance();
    await vi.advanceTimersByTimeAsync(200);
    cut(true);
    await b.recover();
    await vi.advanceTimersByTimeAsync(DETECTION_MS);
    const snapshot = (await b.get(ada, syncId))?.snapshot;
    expect(snapshot).toMatchObject({ status: "error", errorCode: "interrupted", processedItems: 1 });
    cut(false);
    run.advance();
    await vi.advanceTimersByTimeAsync(DETECTION_MS);
    expect(run.signal.aborted).toBe(true);
    expect(run.signal.reason).toMatchObject({ why: "superseded" });
    expect(await settled).toEqual(snapshot);
    expect([settledInA.mock.calls.length, settledInB.mock.calls.length]).toEqual([0, 1]);
    await expect(a.run(ada, aJob().job, { connectorType: "gmail" })).resolves.toBeDefined();
  });

  it("stop a job that reports nothing when its sync has ended elsewhere", async () => {
    const { store, a } = twoProcesses();
    const { syncId, run, settled } = await startIn(a);
    const record = await store.get(ada, syncId);
    if (record === null) throw new Error("no record");
    const end = { ...record.snapshot, status: "cancelled", completedAt: Date.now() } as const;
    await store.write(ada, { writeId: "elsewhere", order: 1, snapshot: end, fence: null });
    await settle();
    expect(run.signal.aborted).toBe(true);
    expect(await settled).toMatchObject({ status: "cancelled" });
  });

  it("let one take its own sync anew when its lease could not be renewed for a while", async () => {
    const store = createMemoryStore();
    let isBroken = false;
    const faulty = createFaultyStore(store, (method) => (isBroken && method === "renew" ? "fail" : "none"));
    const service = createSyncService({ store: faulty });
    const { syncId, run, finish, settled } = await startIn(service);
    isBroken = true;
    await vi.advanceTimersByTimeAsync(DETECTION_MS);
    expect((await store.get(ada, syncId))?.claim?.fence).toBeGreaterThan(1);
    run.advance();
    finish();
    expect(await settled).toMatchObject({ status: "complete", processedItems: 1 });
  });

  it("know no sync of another scope", async () => {
    const { a, b } = twoProcesses();
    const { syncId } = await startIn(a);
    const eve = { ...ada, userId: "eve" };
    for (const service of [a, b]) {
      expect(await service.get(eve, syncId)).toBeNull();
      expect(await service.cancel(eve, syncId)).toBeNull();
      expect(await service.pause(eve, syncId)).toBeNull();
      expect(await service.subscribe(eve, { syncId }, () => {})).toBeNull();
      expect(await service.listFailures(eve, syncId, { limit: 1 })).toBeNull();
      expect(await service.adopt({ scope: eve, syncId }, aJob().job)).toBeNull();
    }
  });
});

describe("continuing an interrupted sync", () => {
  const phases = [
    { name: "fetch", label: "Fetch", weight: 1 },
    { name: "index", label: "Index", weight: 1 },
  ];

  /** A sync that was interrupted after a checkpoint, with more done since. */
  async function interrupted() {
    const { a, b, cut } = twoProcesses();
    const { syncId, run } = await startIn(a, { phases, input: { fullSync: true } });
    run.update({ phase: "index", totalItems: 10 });
    run.advance({ count: 3 });
    run.fail({ item: "broken", reason: "?" });
    await run.checkpoint({ at: 4 });
    run.advance({ count: 2 });
    run.fail({ item: "after the checkpoint", reason: "?" });
    await vi.advanceTimersByTimeAsync(200);
    cut(true);
    await b.recover();
    await vi.advanceTimersByTimeAsync(DETECTION_MS);
    return { b, syncId };
  }

  it("is a new sync from its last checkpoint: counts and failed items are those of then", async () => {
    const { b, syncId } = await interrupted();
    expect((await b.get(ada, syncId))?.snapshot).toMatchObject({ errorCode: "interrupted", processedItems: 5 });
    const next = await startIn(b, { phases, resume: syncId });
    expect(next.syncId).not.toBe(syncId);
    expect(next.run.resumedFrom).toEqual({ at: 4 });
    expect((await b.get(ada, next.syncId))?.snapshot).toMatchObject({
      status: "queued",
      phase: "index",
      totalItems: 10,
      processedItems: 3,
      failedItems: 1,
      percentComplete: 70,
    });
    next.run.advance({ count: 6 });
    next.finish();
    expect(await next.settled).toMatchObject({ status: "complete", processedItems: 9, failedItems: 1, totalItems: 10 });
    const page = await b.listFailures(ada, next.syncId, { limit: 9 });
    expect(page?.failures.map(({ item }) => item)).toEqual(["broken"]);
  });

  it("begins at the start for another type, after an end that was no error, and without a checkpoint", async () => {
    const { b, syncId } = await interrupted();
    const other = await startIn(b, { connectorType: "slack", resume: syncId });
    expect(other.run.resumedFrom).toBeNull();
    await other.run.checkpoint({ at: 1 });
    other.finish();
    await other.settled;
    const again = await startIn(b, { connectorType: "slack", resume: other.syncId });
    expect(again.run.resumedFrom).toBeNull();
    again.crash(new Error("no checkpoint"));
    await again.settled;
    const third = await startIn(b, { connectorType: "slack", resume: again.syncId });
    expect(third.run.resumedFrom).toBeNull();
    expect((await startIn(b, { connectorType: "x", resume: "unknown" })).run.resumedFrom).toBeNull();
  });

  it("keeps a checkpoint for the sync after next, and refuses one that is too long or no JSON", async () => {
    const { b, syncId } = await interrupted();
    const next = await startIn(b, { phases, resume: syncId });
    next.crash(new Error("at once"));
    await next.settled;
    const third = await startIn(b, { phases, resume: next.syncId });
    expect(third.run.resumedFrom).toEqual({ at: 4 });

    const onError = vi.fn();
    const service = createSyncService({ onError });
    const { run, syncId: id } = await startIn(service);
    await run.checkpoint("small");
    await run.checkpoint("x".repeat(20_000));
    await run.checkpoint(1n);
    await vi.advanceTimersByTimeAsync(200);
    expect(onError).toHaveBeenCalledTimes(2);
    expect((await service.get(ada, id))?.checkpoint).toContain("small");
  });
});

describe("a sync of a job engine", () => {
  it("waits in the queue until a process adopts it", async () => {
    const { a, b, settledInB } = twoProcesses();
    const { syncId } = await a.create(ada, { connectorType: "gmail" });
    await a.recover();
    await vi.advanceTimersByTimeAsync(5 * DETECTION_MS);
    expect((await a.get(ada, syncId))?.snapshot.status).toBe("queued");
    const work = aJob();
    const adopted = await b.adopt({ scope: ada, syncId }, work.job);
    work.finish();
    expect(await adopted?.settled).toMatchObject({ status: "complete", syncId });
    await settle();
    expect(settledInB).toHaveBeenCalledOnce();
    expect(await b.adopt({ scope: ada, syncId }, aJob().job)).toBeNull();
    expect(await b.adopt({ scope: ada, syncId: "unknown" }, aJob().job)).toBeNull();
  });

  it("continues from its checkpoint with a later attempt, and refuses the one before", async () => {
    const { a, b } = twoProcesses();
    const { syncId } = await a.create(ada, { connectorType: "gmail" });
    const first = aJob();
    await a.adopt({ scope: ada, syncId, fence: 1 }, first.job);
    const run = await first.started;
    run.update({ status: "syncing", totalItems: 4 });
    run.advance();
    await run.checkpoint(1);
    run.advance();
    run.fail({ item: "after the checkpoint", reason: "?" });
    await vi.advanceTimersByTimeAsync(200);
    const second = aJob();
    expect(await b.adopt({ scope: ada, syncId, fence: 1 }, second.job)).toBeNull();
    const adopted = await b.adopt({ scope: ada, syncId, fence: 2 }, second.job);
    const next = await second.started;
    expect(next.resumedFrom).toBe(1);
    run.advance();
    await vi.advanceTimersByTimeAsync(200);
    expect(run.signal.reason).toMatchObject({ why: "superseded" });
    next.advance({ count: 3 });
    second.finish();
    expect(await adopted?.settled).toMatchObject({ status: "complete", processedItems: 4, failedItems: 0 });
    expect((await b.listFailures(ada, syncId, { limit: 9 }))?.failures).toEqual([]);
  });
});

describe("subscribing", () => {
  it("to all of a scope returns what runs and what has just ended, and notifies of new, changed and deleted syncs", async () => {
    const { a, b, store } = twoProcesses();
    const first = await startIn(a);
    first.finish();
    await first.settled;
    const second = await startIn(a);
    const updates: string[] = [];
    const subscription = await b.subscribe(ada, "all", (update) =>
      updates.push(update.type === "snapshot" ? update.snapshot.status : `deleted ${update.syncId}`),
    );
    expect(subscription?.latest.map(({ syncId }) => syncId)).toEqual([second.syncId, first.syncId]);
    expect(b.stats().subscribers).toBe(1);
    second.run.advance();
    await settle();
    expect(subscription?.latest[0]).toMatchObject({ status: "syncing" });
    await startIn(a, { connectorType: "slack" });
    await store.deleteEndedBefore(Date.now() + 1, 10);
    expect(updates).toEqual(["syncing", "queued", `deleted ${first.syncId}`]);
    subscription?.unsubscribe();
    subscription?.unsubscribe();
    second.finish();
    await second.settled;
    expect(updates).toHaveLength(3);
    expect(b.stats().subscribers).toBe(0);
  });

  it("leaves out what ended long ago", async () => {
    const { a } = twoProcesses();
    const first = await startIn(a);
    first.finish();
    await first.settled;
    await vi.advanceTimersByTimeAsync(11 * 60 * 1_000);
    expect((await a.subscribe(ada, "all", () => {}))?.latest).toEqual([]);
    expect((await a.subscribe(ada, { syncId: first.syncId }, () => {}))?.latest).toHaveLength(1);
  });

  it("to all of a scope has what runs, however many have ended since it was started", async () => {
    const store = createMemoryStore({ maxEnded: 1_000 });
    const service = createSyncService({ store });
    const old = await startIn(service, { connectorType: "slack" });
    for (let count = 0; count < 250; count += 1) {
      const { settled } = await service.run(ada, async () => {}, { connectorType: "gmail" });
      await settled;
    }
    const subscription = await service.subscribe(ada, "all", () => {});
    expect(subscription?.latest.at(-1)?.syncId).toBe(old.syncId);
    await service.close();
  });

  it("does not begin with a sync that is deleted while the state is read", async () => {
    const memory = createMemoryStore();
    const service = createSyncService({
      store: {
        ...memory,
        list: async (...given) => {
          const page = await memory.list(...given);
          await memory.deleteEndedBefore(Date.now() + 1, 10);
          return page;
        },
      },
    });
    const { settled } = await service.run(ada, async () => {});
    await settled;
    expect((await service.subscribe(ada, "all", () => {}))?.latest).toEqual([]);
    await service.close();
  });

  it("takes nothing from a look at the store that was given up, and removes what ended and was deleted in a gap", async () => {
    const memory = createMemoryStore();
    const late = Promise.withResolvers<void>();
    let gap = () => {};
    let isDeaf = false;
    let hasHung = false;
    const service = createSyncService({
      storeTimeoutMs: 50,
      store: {
        ...memory,
        watch: (scope, watcher) => {
          gap = () => watcher.gap();
          return memory.watch(scope, { ...watcher, change: (change) => isDeaf || watcher.change(change) });
        },
        list: async (...given) => {
          const page = await memory.list(...given);
          if (isDeaf && !hasHung) {
            hasHung = true;
            await late.promise;
          }
          return page;
        },
      },
    });
    const { settled, syncId } = await service.run(ada, async () => {});
    await settled;
    const updates: string[] = [];
    await service.subscribe(ada, "all", (update) => updates.push(update.type));
    isDeaf = true;
    gap();
    await settle();
    await memory.deleteEndedBefore(Date.now() + 1, 10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(updates).toEqual(["deleted"]);
    gap();
    await settle();
    late.resolve();
    await settle();
    expect(updates).toEqual(["deleted"]);
    expect(await service.get(ada, syncId)).toBeNull();
    await service.close();
  });

  it("closes a gap of the store's notifications by reading again", async () => {
    const memory = createMemoryStore();
    const gaps: (() => void)[] = [];
    let isDeaf = false;
    const store: SyncStore = {
      ...memory,
      watch: (scope, watcher) => {
        gaps.push(() => watcher.gap());
        return memory.watch(scope, { ...watcher, change: (change) => isDeaf || watcher.change(change) });
      },
    };
    const runner = createSyncService({ store: memory });
    const { syncId, run, finish, settled } = await startIn(runner);
    const reader = createSyncService({ store });
    const seen = await followIn(reader, syncId);
    isDeaf = true;
    run.advance();
    finish();
    const last = await settled;
    expect(seen).toEqual([]);
    for (const gap of gaps) gap();
    await settle();
    expect(seen).toEqual([last]);
  });

  it("keeps showing a running sync that the store has lost, until its owner has added it again", async () => {
    const { store, lose } = forgetfulStore();
    const runner = createSyncService({ store });
    const reader = createSyncService({ store });
    const { syncId, run, finish, settled } = await startIn(runner);
    run.update({ status: "syncing", totalItems: 2 });
    await vi.advanceTimersByTimeAsync(1_000);
    const updates: SyncUpdate[] = [];
    await reader.subscribe(ada, { syncId }, (update) => updates.push(update));
    lose();
    await vi.advanceTimersByTimeAsync(2_000);
    // The job has reported nothing since.
    expect((await reader.get(ada, syncId))?.snapshot).toMatchObject({ status: "syncing", totalItems: 2 });
    expect(run.signal.aborted).toBe(false);
    finish();
    expect((await settled).status).toBe("complete");
    expect(updates.map((update) => update.type)).not.toContain("deleted");
    expect(updates.at(-1)).toMatchObject({ snapshot: { status: "complete" } });
  });

  it("gives up a running sync that the store has lost when nobody adds it again", async () => {
    const { store, lose } = forgetfulStore();
    const { syncId } = await createSyncService({ store }).create(ada);
    const updates: SyncUpdate[] = [];
    await createSyncService({ store }).subscribe(ada, { syncId }, (update) => updates.push(update));
    lose();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(updates).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(updates).toEqual([{ type: "deleted", syncId }]);
  });

  it("holds no watch of the store once nobody needs it", async () => {
    const memory = createMemoryStore();
    let open = 0;
    const store: SyncStore = {
      ...memory,
      watch: async (scope, watcher) => {
        const unwatch = await memory.watch(scope, watcher);
        open += 1;
        return () => {
          open -= 1;
          unwatch();
        };
      },
    };
    const service = createSyncService({ store });
    const { syncId, finish, settled } = await startIn(service);
    const all = await Promise.all(Array.from({ length: 100 }, () => service.subscribe(ada, { syncId }, () => {})));
    expect(open).toBe(1);
    for (const subscription of all) subscription?.unsubscribe();
    finish();
    await settled;
    await service.close();
    await settle();
    expect(open).toBe(0);
  });
});
