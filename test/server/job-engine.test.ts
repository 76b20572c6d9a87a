import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RETRY_STAGE } from "../../src/protocol/retry-stage.js";
import { createSyncService } from "../../src/server/create-sync-service.js";
import type { JobEngine } from "../../src/server/job-engine.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { SyncJobError } from "../../src/server/sync-job-error.js";
import type { SyncServiceOptions } from "../../src/server/sync-service.js";
import { ada, aJob, followIn, settle } from "./a-job.js";
import { createFaultyStore } from "./faulty-store.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** More than two leases of 5 s, and a look. */
const DETECTION_MS = 15_000;
/** Until the engine is looked into again, and the look. */
const LOOK_MS = 31_000;

/** Two processes on one store and one engine. The first can be cut off, as when that process is killed. */
function twoProcesses(options: SyncServiceOptions = {}) {
  const jobs = new Set<string>();
  const engine: JobEngine = { hasJob: vi.fn(async ({ syncId }) => jobs.has(syncId)) };
  const store = createMemoryStore();
  let isCut = false;
  const cuttable = createFaultyStore(store, () => (isCut ? "hang" : "none"));
  const settled = vi.fn();
  const a = createSyncService({ engine, ...options, store: cuttable, onSettled: settled });
  const b = createSyncService({ engine, ...options, store, onSettled: settled });
  const cut = () => {
    isCut = true;
  };
  const add = async ({ syncId }: { readonly syncId: string }) => void jobs.add(syncId);
  return { a, b, cut, store, jobs, engine, add, settled };
}

/** Adopts a sync with a job that does what the test says. */
async function adoptIn(
  service: ReturnType<typeof createSyncService>,
  sync: Omit<Parameters<typeof service.adopt>[0], "scope">,
) {
  const work = aJob();
  const adopted = await service.adopt({ scope: ada, ...sync }, work.job);
  if (adopted === null) throw new Error("not adopted");
  return { ...work, ...adopted, run: await work.started };
}

const isNever = () => false;

describe("an attempt that fails", () => {
  it("leaves the sync in the queue if the engine tries again, with its counts, and is rejected with the error", async () => {
    const { a, b, add, settled } = twoProcesses();
    const { syncId } = await a.enqueue(ada, add, { connectorType: "gmail" });
    const attempt = await adoptIn(b, { syncId, fence: 1, isLastTry: isNever });
    attempt.run.update({ status: "syncing", totalItems: 10 });
    attempt.run.advance({ count: 6, item: "six" });
    const error = new Error("the mailbox is away");
    attempt.crash(error);
    await expect(attempt.finished).rejects.toBe(error);
    expect(await attempt.settled).toMatchObject({ status: "queued" });
    expect((await a.get(ada, syncId))?.snapshot).toMatchObject({
      status: "queued",
      stage: RETRY_STAGE,
      processedItems: 6,
      percentComplete: 60,
      currentItem: null,
      errorMessage: null,
      completedAt: null,
    });
    expect(settled).not.toHaveBeenCalled();
    await expect(a.run(ada, aJob().job, { connectorType: "gmail" })).rejects.toMatchObject({ syncId });
  });

  it("is followed by one that begins at the checkpoint; the percentage does not fall, and no item is counted twice", async () => {
    const { a, b, add } = twoProcesses();
    const { syncId } = await a.enqueue(ada, add);
    const seen = await followIn(a, syncId);
    const first = await adoptIn(b, { syncId, fence: 1, isLastTry: isNever });
    first.run.update({ status: "syncing", totalItems: 10 });
    first.run.advance({ count: 4 });
    first.run.fail({ item: "broken", reason: "?" });
    await first.run.checkpoint(5);
    first.run.advance({ count: 2 });
    first.run.fail({ item: "after the checkpoint", reason: "?" });
    first.crash(new Error("?"));
    await first.settled;

    const second = await adoptIn(a, { syncId, fence: 2, isLastTry: isNever });
    expect(second.run.resumedFrom).toBe(5);
    second.run.advance();
    await vi.advanceTimersByTimeAsync(200);
    expect((await a.get(ada, syncId))?.snapshot).toMatchObject({ status: "syncing", stage: "", processedItems: 5 });
    second.run.advance({ count: 4 });
    second.finish();
    expect(await second.finished).toMatchObject({ status: "complete", processedItems: 9, failedItems: 1 });
    expect((await a.listFailures(ada, syncId, { limit: 9 }))?.failures).toHaveLength(1);
    const percents = seen.map(({ percentComplete }) => percentComplete ?? 0);
    expect(percents).toEqual([...percents].sort((x, y) => x - y));
  });

  it("begins at the start without a checkpoint, with counts of 0", async () => {
    const { a, add } = twoProcesses();
    const { syncId } = await a.enqueue(ada, add);
    const first = await adoptIn(a, { syncId, fence: 1, isLastTry: isNever });
    first.run.update({ status: "syncing", totalItems: 10 });
    first.run.advance({ count: 6 });
    first.run.fail({ item: "broken", reason: "?" });
    first.crash(new Error("?"));
    await first.settled;
    const second = await adoptIn(a, { syncId, fence: 2, isLastTry: isNever });
    second.run.advance({ count: 10 });
    second.finish();
    expect(await second.finished).toMatchObject({ processedItems: 10, failedItems: 0, totalItems: 10 });
    expect((await a.listFailures(ada, syncId, { limit: 9 }))?.failures).toEqual([]);
  });

  it("ends the sync if it was the last one, or the error is final, or isLastTry throws", async () => {
    const onError = vi.fn();
    const { a, add } = twoProcesses({ onError });
    const tries = [
      { error: new Error("secret"), isLastTry: () => true, message: "Something went wrong on the server." },
      { error: new SyncJobError("Locked.", { isFinal: true }), isLastTry: isNever, message: "Locked." },
      {
        error: new SyncJobError("Away."),
        isLastTry: () => {
          throw new Error("in isLastTry");
        },
        message: "Away.",
      },
    ];
    for (const { error, isLastTry, message } of tries) {
      const { syncId } = await a.enqueue(ada, add);
      const attempt = await adoptIn(a, { syncId, fence: 1, isLastTry });
      attempt.crash(error);
      await expect(attempt.finished).rejects.toBe(error);
      expect((await a.get(ada, syncId))?.snapshot).toMatchObject({ status: "error", errorMessage: message });
    }
    expect(onError).toHaveBeenCalledWith(new Error("in isLastTry"), expect.any(String));
  });

  it("by taking too long is tried again as any other", async () => {
    const { a, add } = twoProcesses({ timeouts: { idleMs: 1_000 } });
    const { syncId } = await a.enqueue(ada, add);
    const isLastTry = vi.fn(isNever);
    const attempt = await adoptIn(a, { syncId, fence: 1, isLastTry });
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(attempt.finished).rejects.toMatchObject({ why: "timed_out" });
    expect(isLastTry).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ why: "timed_out" }));
    expect((await a.get(ada, syncId))?.snapshot.status).toBe("queued");
    expect(attempt.run.signal.aborted).toBe(true);
  });
});

describe("an attempt that is stopped by the engine's signal", () => {
  it("leaves the sync to the next one, and its job is stopped", async () => {
    const { a, b, add } = twoProcesses();
    const { syncId } = await a.enqueue(ada, add);
    const stop = new AbortController();
    const attempt = await adoptIn(a, { syncId, fence: 1, signal: stop.signal, isLastTry: isNever });
    attempt.run.update({ status: "syncing", totalItems: 2 });
    attempt.run.advance();
    await attempt.run.checkpoint(1);
    stop.abort();
    await expect(attempt.finished).rejects.toMatchObject({ why: "interrupted" });
    expect(attempt.run.signal.aborted).toBe(true);
    const next = await adoptIn(b, { syncId, fence: 2, isLastTry: isNever });
    expect(next.run.resumedFrom).toBe(1);
    next.run.advance();
    next.finish();
    expect(await next.finished).toMatchObject({ status: "complete", processedItems: 2 });
  });

  it("ends the sync as interrupted if nobody tries again, and when the signal was aborted before it began", async () => {
    const { a, add } = twoProcesses();
    for (const isLastTry of [undefined, () => true]) {
      const { syncId } = await a.enqueue(ada, add);
      const { job } = aJob();
      const attempt = await a.adopt(
        { scope: ada, syncId, signal: AbortSignal.abort(), ...(isLastTry && { isLastTry }) },
        job,
      );
      expect(await attempt?.settled).toMatchObject({ status: "error", errorCode: "interrupted" });
      expect(job).not.toHaveBeenCalled();
    }
  });

  it("is left to the next one by close() as well", async () => {
    const { a, b, add, settled } = twoProcesses();
    const { syncId } = await a.enqueue(ada, add);
    const attempt = await adoptIn(a, { syncId, fence: 1, isLastTry: isNever });
    await a.close();
    await expect(attempt.finished).rejects.toMatchObject({ why: "interrupted" });
    await b.recover();
    await vi.advanceTimersByTimeAsync(2 * DETECTION_MS);
    expect((await b.get(ada, syncId))?.snapshot.status).toBe("queued");
    expect(settled).not.toHaveBeenCalled();
  });
});

describe("commands to a sync of an engine", () => {
  it("cancel one that waits for its first attempt, or for the next, at once; the engine has nothing to do then", async () => {
    const { a, b, add, settled } = twoProcesses();
    for (const hasRun of [false, true]) {
      const { syncId } = await a.enqueue(ada, add);
      if (hasRun) {
        const attempt = await adoptIn(b, { syncId, fence: 1, isLastTry: isNever });
        attempt.crash(new Error("?"));
        await attempt.settled;
      }
      expect(await a.cancel(ada, syncId)).toMatchObject({ isDone: true, snapshot: { status: "cancelled" } });
      expect(await b.adopt({ scope: ada, syncId, fence: 2 }, aJob().job)).toBeNull();
    }
    await settle();
    expect(settled).toHaveBeenCalledTimes(2);
  });

  it("reach the attempt from another process: it finishes with the cancelled sync", async () => {
    const { a, b, add } = twoProcesses();
    const { syncId } = await a.enqueue(ada, add);
    const attempt = await adoptIn(b, { syncId, fence: 1, isLastTry: isNever });
    attempt.run.update({ status: "syncing" });
    await settle();
    expect(await a.pause(ada, syncId)).toMatchObject({ isDone: true });
    expect(await a.resume(ada, syncId)).toMatchObject({ isDone: true });
    expect(await a.cancel(ada, syncId)).toMatchObject({ isDone: true });
    expect(await attempt.finished).toMatchObject({ status: "cancelled" });
  });

  it("pause it for its next attempt, too", async () => {
    const { a, b, add } = twoProcesses();
    const { syncId } = await a.enqueue(ada, add);
    const stop = new AbortController();
    const first = await adoptIn(b, { syncId, fence: 1, signal: stop.signal, isLastTry: isNever });
    first.run.update({ status: "syncing", totalItems: 2 });
    first.run.advance();
    await first.run.checkpoint(1);
    await settle();
    await a.pause(ada, syncId);
    stop.abort();
    first.finish();
    expect(await first.settled).toMatchObject({ status: "paused", processedItems: 1 });

    const second = await adoptIn(b, { syncId, fence: 2, isLastTry: isNever });
    const passed = vi.fn();
    void second.run.checkpoint().then(passed);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(passed).not.toHaveBeenCalled();
    expect(await a.resume(ada, syncId)).toMatchObject({ isDone: true, snapshot: { status: "queued" } });
    await settle();
    expect(passed).toHaveBeenCalled();
    second.run.advance();
    second.finish();
    expect(await second.finished).toMatchObject({ status: "complete", processedItems: 2 });
  });
});

describe("a sync between two attempts", () => {
  it("stays with the process that looks after it, so that nobody has to take it over again and again", async () => {
    const { a, b, cut, add, store } = twoProcesses();
    const fenceOf = async (syncId: string) => (await store.get(ada, syncId))?.claim?.fence;
    const { syncId } = await a.enqueue(ada, add);
    const attempt = await adoptIn(a, { syncId, fence: 1, isLastTry: isNever });
    await b.recover();
    attempt.crash(new Error("?"));
    await attempt.settled;
    const released = await fenceOf(syncId);
    await vi.advanceTimersByTimeAsync(10 * DETECTION_MS);
    expect(await fenceOf(syncId)).toBe(released);
    cut();
    await vi.advanceTimersByTimeAsync(DETECTION_MS);
    const taken = await fenceOf(syncId);
    expect(taken).toBeGreaterThan(released ?? 0);
    await vi.advanceTimersByTimeAsync(10 * DETECTION_MS);
    expect(await fenceOf(syncId)).toBe(taken);
  });
});

describe("a sync whose process is gone", () => {
  it("waits for the next attempt if the engine has its job, however long that takes", async () => {
    const { a, b, cut, add, settled } = twoProcesses();
    const { syncId } = await a.enqueue(ada, add);
    const first = await adoptIn(a, { syncId, fence: 1, isLastTry: isNever });
    first.run.update({ status: "syncing", totalItems: 10 });
    first.run.advance({ count: 3 });
    await vi.advanceTimersByTimeAsync(200);
    cut();
    await b.recover();
    await vi.advanceTimersByTimeAsync(DETECTION_MS);
    expect((await b.get(ada, syncId))?.snapshot).toMatchObject({ status: "queued", stage: RETRY_STAGE });
    await vi.advanceTimersByTimeAsync(600_000);
    const second = await adoptIn(b, { syncId, fence: 2, isLastTry: isNever });
    second.run.advance({ count: 10 });
    second.finish();
    expect(await second.finished).toMatchObject({ status: "complete", processedItems: 10 });
    await settle();
    expect(settled).toHaveBeenCalledOnce();
  });

  it("ends as interrupted if the engine has no job for it, at once or later", async () => {
    const { a, b, cut, add, jobs } = twoProcesses();
    const gone = await a.enqueue(ada, async () => {}, { connectorType: "gmail" });
    const later = await a.enqueue(ada, add, { connectorType: "slack" });
    cut();
    await b.recover();
    await vi.advanceTimersByTimeAsync(DETECTION_MS);
    expect((await b.get(ada, gone.syncId))?.snapshot).toMatchObject({ status: "error", errorCode: "interrupted" });
    expect((await b.get(ada, later.syncId))?.snapshot).toMatchObject({ status: "queued", stage: "" });
    jobs.clear();
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    expect((await b.get(ada, later.syncId))?.snapshot).toMatchObject({ status: "error", errorCode: "interrupted" });
  });

  it("waits while the engine cannot be reached", async () => {
    const onError = vi.fn();
    const { a, b, cut, add, engine } = twoProcesses({ onError });
    const { syncId } = await a.enqueue(ada, add);
    vi.mocked(engine.hasJob).mockRejectedValue(new Error("Redis is away"));
    cut();
    await b.recover();
    await vi.advanceTimersByTimeAsync(DETECTION_MS + 2 * LOOK_MS);
    expect((await b.get(ada, syncId))?.snapshot.status).toBe("queued");
    expect(onError).toHaveBeenCalledWith(new Error("Redis is away"), syncId);
  });

  it("is not taken from the process that looks after it, and is looked for in the engine no more when it has ended", async () => {
    const { a, b, add, engine } = twoProcesses();
    const { syncId } = await a.enqueue(ada, add);
    await b.recover();
    await vi.advanceTimersByTimeAsync(2 * LOOK_MS);
    expect(engine.hasJob).toHaveBeenCalledTimes(2);
    await b.cancel(ada, syncId);
    await vi.advanceTimersByTimeAsync(4 * LOOK_MS);
    expect(engine.hasJob).toHaveBeenCalledTimes(2);
  });

  it("ends when the engine gives it up: as interrupted, or by the last error", async () => {
    const { a, add } = twoProcesses();
    const stalled = await a.enqueue(ada, add);
    await a.giveUp(ada, stalled.syncId);
    expect((await a.get(ada, stalled.syncId))?.snapshot).toMatchObject({ errorCode: "interrupted" });
    const failed = await a.enqueue(ada, add);
    await a.giveUp(ada, failed.syncId, new SyncJobError("Away.", { code: "away" }));
    await a.giveUp(ada, failed.syncId);
    await a.giveUp(ada, "unknown");
    expect((await a.get(ada, failed.syncId))?.snapshot).toMatchObject({ errorMessage: "Away.", errorCode: "away" });
  });
});

describe("giving a sync to an engine", () => {
  it("ends the sync with an error if it fails or takes too long; a job that was added after all has nothing to do", async () => {
    const onError = vi.fn();
    const { a, b } = twoProcesses({ onError });
    const failed = await a.enqueue(ada, () => Promise.reject(new Error("the queue is away")));
    const late = a.enqueue(ada, () => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(10_000);
    for (const { syncId } of [failed, await late]) {
      expect((await b.get(ada, syncId))?.snapshot).toMatchObject({ status: "error", errorCode: "internal" });
      expect(await b.adopt({ scope: ada, syncId, fence: 1 }, aJob().job)).toBeNull();
    }
    expect(onError).toHaveBeenCalledWith(new Error("the queue is away"), failed.syncId);
  });

  it("hands over the failed items of the sync that it continues", async () => {
    const { a, b, add } = twoProcesses();
    const { syncId } = await a.enqueue(ada, add);
    const attempt = await adoptIn(a, { syncId });
    attempt.run.fail({ item: "broken", reason: "?" });
    await attempt.run.checkpoint(1);
    attempt.crash(new Error("?"));
    await attempt.settled;
    const next = await a.enqueue(ada, add, { resume: syncId });
    const continued = await adoptIn(b, { syncId: next.syncId, fence: 1 });
    expect(continued.run.resumedFrom).toBe(1);
    continued.finish();
    expect(await continued.finished).toMatchObject({ failedItems: 1 });
    expect((await a.listFailures(ada, next.syncId, { limit: 9 }))?.failures).toMatchObject([{ item: "broken" }]);
  });
});
