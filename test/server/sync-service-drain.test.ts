import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { ada, aJob, followIn, settle, startIn, startJob } from "./a-job.js";
import { createFaultyStore } from "./faulty-store.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether a promise has settled. */
function watchPromise(promise: Promise<unknown>) {
  const seen = { isDone: false };
  void promise.then(() => {
    seen.isDone = true;
  });
  return seen;
}

describe("draining", () => {
  it("lets what runs finish, and closes then", async () => {
    const { service, settled, finish } = await startJob();
    const drained = watchPromise(service.drain());
    await vi.advanceTimersByTimeAsync(19_000);
    expect([service.state, drained.isDone]).toEqual(["draining", false]);
    finish();
    await settle();
    expect((await settled).status).toBe("complete");
    expect([service.state, drained.isDone]).toEqual(["closed", true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("closes at once if nothing runs", async () => {
    const service = createSyncService();
    await service.drain();
    expect(service.state).toBe("closed");
  });

  it("refuses every start from its beginning", async () => {
    const { service, finish } = await startJob();
    void service.drain();
    await expect(service.run(ada, aJob().job, { connectorType: "slack" })).rejects.toThrow("The service is draining.");
    await expect(service.create(ada)).rejects.toThrow("The service is draining.");
    await expect(service.adopt({ scope: ada, syncId: "x" }, aJob().job)).rejects.toThrow("The service is draining.");
    finish();
  });

  it("waits for a start that is under way", async () => {
    const store = createFaultyStore(createMemoryStore(), (method) =>
      method === "create" ? { lateMs: 1_000 } : "none",
    );
    const service = createSyncService({ store });
    const { job, finish } = aJob();
    const started = service.run(ada, job);
    const drained = watchPromise(service.drain());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(job).toHaveBeenCalledOnce();
    expect(drained.isDone).toBe(false);
    finish();
    await settle();
    expect((await (await started).settled).status).toBe("complete");
    expect(drained.isDone).toBe(true);
  });

  it("interrupts at the deadline what has not finished, with the checkpoint of that moment", async () => {
    const store = createMemoryStore();
    const { service, settled, run } = await startIn(createSyncService({ store, throttleMs: 1_000 }));
    run.update({ status: "syncing", totalItems: 10 });
    const drained = service.drain({ deadlineMs: 3_000 });
    await vi.advanceTimersByTimeAsync(2_999);
    run.advance({ count: 4 });
    await run.checkpoint(4);
    expect(run.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await drained;
    expect(run.signal.reason).toMatchObject({ why: "interrupted" });
    const last = await settled;
    expect(last).toMatchObject({ status: "error", errorCode: "interrupted", processedItems: 4 });

    const next = await startIn(createSyncService({ store }), { resume: last.syncId });
    expect(next.run.resumedFrom).toBe(4);
    await next.service.close();
  });

  it("does not wait for a sync that is paused, or that is paused meanwhile", async () => {
    const service = createSyncService();
    const first = await startIn(service, { connectorType: "gmail" });
    const second = await startIn(service, { connectorType: "slack" });
    await service.pause(ada, first.syncId);
    const drained = watchPromise(service.drain());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(drained.isDone).toBe(false);
    await service.pause(ada, second.syncId);
    await settle();
    expect(drained.isDone).toBe(true);
    expect((await first.settled).errorCode).toBe("interrupted");
  });

  it("keeps what runs watched, cancelled and leased, here and in other processes", async () => {
    const store = createMemoryStore();
    const { service, syncId, run, settled } = await startIn(createSyncService({ store, leaseMs: 1_000 }));
    const other = createSyncService({ store, leaseMs: 1_000 });
    await other.recover();
    const drained = service.drain({ deadlineMs: 60_000 });
    await vi.advanceTimersByTimeAsync(20_000);
    const [seenHere, seenThere] = [await followIn(service, syncId), await followIn(other, syncId)];
    run.update({ stage: "Nearly done..." });
    await settle();
    expect([seenHere.at(-1)?.stage, seenThere.at(-1)?.stage]).toEqual(["Nearly done...", "Nearly done..."]);
    expect(await other.cancel(ada, syncId)).toMatchObject({ isDone: true });
    expect((await settled).status).toBe("cancelled");
    await drained;
    await other.close();
  });

  it("is one drain however often it is called, and close() cuts it short", async () => {
    const { service, settled } = await startJob();
    const drained = service.drain({ deadlineMs: 60_000 });
    expect(service.drain({ deadlineMs: 1 })).toBe(drained);
    await service.close();
    await drained;
    expect((await settled).errorCode).toBe("interrupted");
    await service.drain();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends although the store hangs", async () => {
    let isAway = false;
    const store = createFaultyStore(createMemoryStore(), () => (isAway ? "hang" : "none"));
    const { service, settled, finish } = await startIn(createSyncService({ store }));
    isAway = true;
    finish();
    const drained = service.drain({ deadlineMs: 2_000, graceMs: 1_000 });
    await vi.advanceTimersByTimeAsync(3_000);
    await drained;
    expect((await settled).errorCode).toBe("interrupted");
  });

  it("waits for what its listeners do, which can hold up nothing beyond the deadline", async () => {
    const onError = vi.fn();
    const service = createSyncService({ onError });
    const states: string[] = [];
    service.onShutdown((state) => {
      states.push(state);
      return state === "draining" ? new Promise(() => {}) : undefined;
    });
    service.onShutdown(() => {
      throw new Error("broken");
    });
    service.onShutdown(() => void states.push("removed"))();
    const drained = watchPromise(service.drain({ deadlineMs: 500 }));
    await vi.advanceTimersByTimeAsync(499);
    expect(drained.isDone).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(drained.isDone).toBe(true);
    expect(states).toEqual(["draining", "closed"]);
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it.each([-1, Number.NaN])("with a deadline of %s ms is refused", (deadlineMs) => {
    expect(() => createSyncService().drain({ deadlineMs })).toThrow(
      `SyncProgressError: deadlineMs must be a number of at least 0, got ${deadlineMs}.`,
    );
  });
});
