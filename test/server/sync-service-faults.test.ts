import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { SyncServiceClosedError } from "../../src/server/service-shutdown.js";
import { SyncJobError } from "../../src/server/sync-job-error.js";
import type { SyncServiceOptions } from "../../src/server/sync-service.js";
import type { SyncWrite } from "../../src/server/sync-store.js";
import { ada, aJob, followIn, settle, startIn, startJob } from "./a-job.js";
import { createFaultyStore, type Fault } from "./faulty-store.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const isEnd = (args: readonly unknown[]) => (args[1] as SyncWrite).snapshot.completedAt !== null;

/** A service on a store whose faults the test sets. */
function aFaultyService(options: SyncServiceOptions = {}) {
  const store = createMemoryStore();
  let chooseFault: (method: string, args: readonly unknown[]) => Fault = () => "none";
  const faulty = createFaultyStore(store, (method, args) => chooseFault(method, args));
  const onError = vi.fn();
  const onSettled = vi.fn();
  const service = createSyncService({ store: faulty, onError, onSettled, ...options });
  return {
    service,
    store,
    onError,
    onSettled,
    break: (choose: typeof chooseFault) => {
      chooseFault = choose;
    },
  };
}

describe("a store that fails", () => {
  it.each<Fault>(["fail", "lose-response", "hang"])(
    "at the end (%s) has it later: settled, onSettled, the store and the streams say the same, and the next start works",
    async (fault) => {
      const { service, store, break: breakStore, onSettled } = aFaultyService();
      const { syncId, settled, finish, seen } = await startIn(service);
      let times = 2;
      breakStore((method, args) => {
        if (method !== "write" || !isEnd(args) || times === 0) return "none";
        times -= 1;
        return fault;
      });
      let hasSettled = false;
      void settled.then(() => {
        hasSettled = true;
      });
      finish();
      await settle();
      expect(hasSettled).toBe(false);
      expect(onSettled).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(12_000);
      const last = await settled;
      expect(last).toMatchObject({ status: "complete" });
      expect((await store.get(ada, syncId))?.snapshot).toEqual(last);
      expect(seen.at(-1)).toEqual(last);
      expect(onSettled).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ snapshot: last }));
      await service.run(ada, aJob().job, { connectorType: "gmail" });
    },
  );

  it.each<Fault>(["fail", "lose-response", "hang"])(
    "in mid-run (%s) costs freshness, not the sync: the newest state and all failed items come when it is back",
    async (fault) => {
      const { service, break: breakStore, onError } = aFaultyService();
      const { syncId, run, seen, finish, settled } = await startIn(service);
      run.update({ status: "syncing", totalItems: 100 });
      await settle();
      breakStore((method) => (method === "write" ? fault : "none"));
      for (let count = 0; count < 10; count += 1) {
        run.advance();
        run.fail({ item: `item ${count}`, reason: "broken" });
        await vi.advanceTimersByTimeAsync(3_000);
      }
      expect(run.signal.aborted).toBe(false);
      expect(onError).toHaveBeenCalled();
      breakStore(() => "none");
      await vi.advanceTimersByTimeAsync(11_000);
      expect(seen.at(-1)).toMatchObject({ status: "syncing", processedItems: 10, failedItems: 10 });
      const page = await service.listFailures(ada, syncId, { limit: 100 });
      expect(page?.failures.map(({ item }) => item)).toEqual(Array.from({ length: 10 }, (_, count) => `item ${count}`));
      finish();
      expect(await settled).toMatchObject({ status: "complete", processedItems: 10, failedItems: 10, errorCode: null });
    },
  );

  it("with late writes keeps the order: nothing older comes after something newer, nothing twice", async () => {
    const { service, store, break: breakStore } = aFaultyService();
    const { syncId, run, seen, finish, settled } = await startIn(service);
    let writes = 0;
    breakStore((method) => {
      if (method !== "write") return "none";
      writes += 1;
      return writes % 2 === 1 ? { lateMs: 6_000 } : "none";
    });
    for (let count = 0; count < 10; count += 1) {
      run.advance();
      run.fail({ item: String(count), reason: "broken" });
      await vi.advanceTimersByTimeAsync(2_000);
    }
    await vi.advanceTimersByTimeAsync(60_000);
    finish();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await settled).toMatchObject({ processedItems: 10, failedItems: 10 });
    const counts = seen.map(({ processedItems }) => processedItems);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect((await store.listFailures(ada, syncId, { limit: 50 })).failures).toHaveLength(10);
  });

  it("for a start says so, and leaves nothing that is in the way of the next one", async () => {
    const { service, store, break: breakStore } = aFaultyService({ leaseMs: 1_000, storeTimeoutMs: 500 });
    breakStore((method) => (method === "create" ? { lateMs: 1_200 } : "none"));
    const refused = expect(service.run(ada, aJob().job)).rejects.toThrow("The store did not respond within 500 ms.");
    await vi.advanceTimersByTimeAsync(1_300);
    await refused;
    breakStore(() => "none");
    // The late one is there, and its lease is renewed by nobody.
    expect((await store.list(ada, { active: true }, { limit: 5 })).records).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect((await store.list(ada, { active: true }, { limit: 5 })).records).toEqual([]);
    await expect(service.run(ada, aJob().job)).resolves.toBeDefined();
  });

  it("to respond to a start that it has carried out runs it once", async () => {
    const { service, store, break: breakStore } = aFaultyService();
    let times = 1;
    breakStore((method) => (method === "create" && times-- > 0 ? "lose-response" : "none"));
    const { job, finish } = aJob();
    const { settled } = await service.run(ada, job);
    finish();
    expect((await settled).status).toBe("complete");
    expect(job).toHaveBeenCalledOnce();
    expect((await store.list(ada, {}, { limit: 5 })).records).toHaveLength(1);
  });

  it("that has lost a running sync is given it again, with its checkpoint and a seq above all that was seen", async () => {
    const first = createMemoryStore();
    const second = createMemoryStore();
    let current = first;
    const switching = new Proxy(first, { get: (_, name) => Reflect.get(current, name) });
    const { service } = { service: createSyncService({ store: switching }) };
    const { syncId, run, finish, settled } = await startIn(service);
    run.update({ status: "syncing", totalItems: 10 });
    run.advance();
    await run.checkpoint({ at: 1 });
    await vi.advanceTimersByTimeAsync(200);
    const before = await service.get(ada, syncId);
    current = second;
    run.advance();
    await vi.advanceTimersByTimeAsync(200);
    const after = await service.get(ada, syncId);
    expect(after).toMatchObject({ checkpoint: before?.checkpoint, snapshot: { processedItems: 2, status: "syncing" } });
    expect(after?.snapshot.seq).toBeGreaterThan((before?.snapshot.seq ?? 0) + 100);
    finish();
    expect(await settled).toMatchObject({ status: "complete", processedItems: 2 });
  });

  it("does not hold up commands: the job is stopped, and the end comes when it is back", async () => {
    const { service, break: breakStore } = aFaultyService();
    const { syncId, run, settled } = await startIn(service);
    breakStore((method) => (method === "write" ? "hang" : "none"));
    const cancelled = service.cancel(ada, syncId);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await cancelled).toMatchObject({ isDone: true, snapshot: { status: "queued" } });
    expect(run.signal.aborted).toBe(true);
    breakStore(() => "none");
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await settled).status).toBe("cancelled");
  });

  it("to delete what is old holds up no start, and is called again later", async () => {
    const { service, store, break: breakStore } = aFaultyService({ retentionMs: 1_000 });
    breakStore((method) => (method === "deleteEndedBefore" ? "hang" : "none"));
    const { syncId, finish, settled } = await startIn(service);
    finish();
    await settled;
    await expect(service.run(ada, aJob().job)).resolves.toBeDefined();
    breakStore(() => "none");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await store.get(ada, syncId)).toBeNull();
  });

  it("to watch is asked again: commands from elsewhere arrive in the end", async () => {
    const { service, store, break: breakStore } = aFaultyService();
    breakStore((method) => (method === "watch" ? "fail" : "none"));
    const { job, started } = aJob();
    const { syncId, settled } = await service.run(ada, job);
    await started;
    await vi.advanceTimersByTimeAsync(1_000);
    breakStore(() => "none");
    await vi.advanceTimersByTimeAsync(5_000);
    await store.command(ada, syncId, "cancel");
    expect((await settled).status).toBe("cancelled");
  });
});

describe("an application that fails", () => {
  it("in a subscriber disturbs neither the sync nor other subscribers, and is reported", async () => {
    const onError = vi.fn();
    const service = createSyncService({ onError });
    const work = aJob();
    const { syncId, settled } = await service.run(ada, work.job);
    await service.subscribe(ada, { syncId }, () => {
      throw new Error("a subscriber");
    });
    const seen = await followIn(service, syncId);
    const run = await work.started;
    run.advance();
    await settle();
    work.finish();
    expect((await settled).status).toBe("complete");
    expect(seen.at(-1)?.status).toBe("complete");
    expect(onError).toHaveBeenCalledWith(new Error("a subscriber"), null);
  });

  it.each<[string, SyncServiceOptions["onError"]]>([
    [
      "throws",
      () => {
        throw new Error("onError");
      },
    ],
    // As an unhandled rejection it would fail the run of these tests, and end a server.
    ["rejects", () => Promise.reject(new Error("onError"))],
  ])("in an onError that %s disturbs nothing", async (_, onError) => {
    const { service, settled, run, crash } = await startJob({ onError });
    run.advance({ count: Number.NaN });
    crash(new Error("boom"));
    expect(await settled).toMatchObject({ status: "error", errorCode: "internal" });
    expect(service.stats().activeSyncs).toBe(0);
  });

  it("to return from onSettled holds up neither cancel nor settled, and close only for its grace", async () => {
    const { service, syncId, settled } = await startJob({ onSettled: () => new Promise(() => {}) });
    expect(await service.cancel(ada, syncId)).toMatchObject({ isDone: true, snapshot: { status: "cancelled" } });
    expect((await settled).status).toBe("cancelled");
    let isClosed = false;
    void service.close({ graceMs: 3_000 }).then(() => {
      isClosed = true;
    });
    await vi.advanceTimersByTimeAsync(2_900);
    expect(isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(isClosed).toBe(true);
  });

  it("when it stops (an error thrown after the end) changes nothing", async () => {
    const onError = vi.fn();
    const { service, syncId, settled, crash } = await startJob({ onError });
    await service.cancel(ada, syncId);
    crash(new SyncJobError("late"));
    await settle();
    expect((await settled).status).toBe("cancelled");
    expect(onError).toHaveBeenCalledOnce();
  });
});

describe("closing", () => {
  it("gives up a store that hangs after its grace; settled says what another process will make of it", async () => {
    const { service, break: breakStore, onSettled } = aFaultyService();
    const { settled } = await startIn(service);
    breakStore(() => "hang");
    const closed = service.close({ graceMs: 1_000 });
    await vi.advanceTimersByTimeAsync(1_000);
    await closed;
    expect(await settled).toMatchObject({ status: "error", errorCode: "interrupted" });
    expect(onSettled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("refuses every start after it", async () => {
    const service = createSyncService();
    await service.close();
    await expect(service.run(ada, aJob().job)).rejects.toThrow(SyncServiceClosedError);
    await expect(service.create(ada)).rejects.toThrow("The service is closed.");
    await expect(service.adopt({ scope: ada, syncId: "x" }, aJob().job)).rejects.toThrow("The service is closed.");
  });

  it("waits for onSettled", async () => {
    const mailed = vi.fn();
    const { service } = await startJob({
      onSettled: async () => {
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        mailed();
      },
    });
    const closed = service.close();
    await vi.advanceTimersByTimeAsync(2_000);
    await closed;
    expect(mailed).toHaveBeenCalledOnce();
  });
});

describe("time", () => {
  it.each([Number.POSITIVE_INFINITY, 30 * 24 * 60 * 60 * 1_000])("may be as long as %s ms", async (ms) => {
    const { run } = await startJob({ timeouts: { idleMs: ms, totalMs: ms } });
    await vi.advanceTimersByTimeAsync(10 * 60 * 1_000);
    expect(run.signal.aborted).toBe(false);
  });

  it.each([0, -1, Number.NaN])("of %s ms is refused", (ms) => {
    expect(() => createSyncService({ timeouts: { idleMs: ms } })).toThrow(
      `SyncProgressError: timeouts.idleMs must be a number above 0 or Infinity, got ${ms}.`,
    );
    expect(() => createSyncService({ timeouts: { totalMs: ms } })).toThrow("timeouts.totalMs must be");
    expect(() => createSyncService({ leaseMs: ms })).toThrow(
      `SyncProgressError: leaseMs must be a number above 0, got ${ms}.`,
    );
  });

  it.each([
    [300, "No progress for 300 milliseconds, so the sync was stopped."],
    [1_000, "No progress for 1 second, so the sync was stopped."],
    [90_000, "No progress for 90 seconds, so the sync was stopped."],
    [120_000, "No progress for 2 minutes, so the sync was stopped."],
  ])("that has run out is named truly: %s", async (idleMs, errorMessage) => {
    const { settled } = await startJob({ timeouts: { idleMs } });
    await vi.advanceTimersByTimeAsync(idleMs);
    expect(await settled).toMatchObject({ errorCode: "timed_out", errorMessage });
  });

  it("stands still in a pause, for the whole sync and for its silence", async () => {
    const { service, syncId, run, settled } = await startJob({ timeouts: { totalMs: 10_000, idleMs: 8_000 } });
    await vi.advanceTimersByTimeAsync(4_000);
    await service.pause(ada, syncId);
    await vi.advanceTimersByTimeAsync(600_000);
    run.advance();
    await vi.advanceTimersByTimeAsync(600_000);
    await service.resume(ada, syncId);
    await vi.advanceTimersByTimeAsync(5_900);
    expect(run.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(await settled).toMatchObject({ errorMessage: "The sync took longer than 10 seconds, so it was stopped." });
  });

  it("set back by an hour delays no publication, and no time of the sync goes back", async () => {
    const { run, seen, finish, settled } = await startJob();
    run.advance();
    await vi.advanceTimersByTimeAsync(200);
    vi.setSystemTime(Date.now() - 3_600_000);
    for (let count = 0; count < 5; count += 1) {
      run.advance();
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(seen.map(({ processedItems }) => processedItems)).toEqual([1, 2, 3, 4, 5, 6]);
    finish();
    await settled;
    const times = seen.map(({ updatedAt }) => updatedAt ?? 0);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(seen.at(-1)?.completedAt).toBeGreaterThanOrEqual(seen.at(-1)?.startedAt ?? 0);
  });
});

describe("a job that ignores its signal", () => {
  it("keeps its slot: the next sync waits in the queue until it returns, and no jobs pile up", async () => {
    const service = createSyncService();
    const first = await startIn(service);
    await service.cancel(ada, first.syncId);
    expect(service.stats()).toMatchObject({ activeSyncs: 0, stoppingJobs: 1 });
    const skipped = aJob();
    for (let count = 0; count < 20; count += 1) {
      const { syncId } = await service.run(ada, skipped.job, { connectorType: "gmail" });
      await service.cancel(ada, syncId);
    }
    const next = aJob();
    const { syncId } = await service.run(ada, next.job, { connectorType: "gmail" });
    const other = aJob();
    await service.run(ada, other.job, { connectorType: "slack" });
    await settle();
    expect(other.job).toHaveBeenCalledOnce();
    expect(next.job).not.toHaveBeenCalled();
    expect((await service.get(ada, syncId))?.snapshot.status).toBe("queued");
    expect(service.stats()).toMatchObject({ activeSyncs: 2, stoppingJobs: 1 });
    first.finish();
    await settle();
    expect(next.job).toHaveBeenCalledOnce();
    expect(skipped.job).not.toHaveBeenCalled();
    expect(service.stats()).toMatchObject({ activeSyncs: 2, stoppingJobs: 0 });
  });
});

describe("what a job reports", () => {
  it("is bounded: stage, items, reasons, errors", async () => {
    const long = `${"x".repeat(1_000_000)}\u0000`;
    const { service, syncId, run, crash, settled } = await startJob();
    run.update({ stage: long, currentItem: long });
    await settle();
    const { snapshot } = (await service.get(ada, syncId)) ?? {};
    expect(snapshot?.stage).toHaveLength(500);
    expect(snapshot?.currentItem).toHaveLength(1_000);
    run.advance({ item: long });
    run.fail({ item: long, reason: long });
    crash(new SyncJobError(long, { code: long }));
    const last = await settled;
    expect(last.errorMessage).toHaveLength(500);
    expect(last.errorCode).toHaveLength(100);
    const [failure] = (await service.listFailures(ada, syncId, { limit: 1 }))?.failures ?? [];
    expect([failure?.item.length, failure?.reason.length]).toEqual([1_000, 500]);
  });

  it("does not include a type that cannot be one", async () => {
    const service = createSyncService();
    for (const connectorType of ["", "x".repeat(101), "a\nb"]) {
      await expect(service.run(ada, aJob().job, { connectorType })).rejects.toThrow("connectorType must be a text");
    }
  });
});
