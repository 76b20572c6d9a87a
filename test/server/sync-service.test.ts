import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { SyncAlreadyRunningError } from "../../src/server/sync-creator.js";
import { SyncJobError } from "../../src/server/sync-job-error.js";
import type { SyncRun } from "../../src/server/sync-run.js";
import { ada, aJob, settle, startJob } from "./a-job.js";

const FOUR_PHASES = [
  { name: "connecting", label: "Connect", weight: 5 },
  { name: "syncing", label: "Fetch", weight: 55 },
  { name: "parsing", label: "Read", weight: 20 },
  { name: "embedding", label: "Index", weight: 20 },
];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a run", () => {
  it("goes from queued to complete and counts what was done", async () => {
    const { service, syncId, settled, run, finish } = await startJob();
    expect((await service.get(ada, syncId))?.snapshot).toMatchObject({
      status: "queued",
      connectorType: "gmail",
      seq: 1,
    });
    run.update({ status: "syncing", stage: "Fetching...", totalItems: 3 });
    run.advance({ item: "a" });
    run.fail({ item: "b", reason: "broken" });
    run.advance({ item: "c" });
    finish();
    expect(await settled).toMatchObject({
      status: "complete",
      totalItems: 3,
      processedItems: 2,
      failedItems: 1,
      percentComplete: 100,
      currentItem: null,
    });
    expect((await service.listFailures(ada, syncId, { limit: 5 }))?.failures).toMatchObject([
      { item: "b", reason: "broken" },
    ]);
  });

  it("counts anew in each declared phase, keeps what failed, and never lets the percentage fall", async () => {
    const { run, seen } = await startJob({}, { phases: FOUR_PHASES });
    const percents: (number | null)[] = [];
    for (const status of ["connecting", "syncing", "parsing", "embedding"] as const) {
      run.update({ status, totalItems: 4 });
      await settle();
      expect(seen.at(-1)).toMatchObject({ status, phase: status, processedItems: 0, phases: FOUR_PHASES });
      for (let count = 0; count < 4; count += 1) {
        run.advance();
        await vi.advanceTimersByTimeAsync(200);
        percents.push(seen.at(-1)?.percentComplete ?? null);
      }
    }
    expect(percents).toEqual([...percents].sort((a, b) => (a ?? 0) - (b ?? 0)));
    expect(percents.at(-1)).toBe(99);
  });

  it("without phases has the percentage of its counts at every moment, whatever it says that it does", async () => {
    const { run, seen } = await startJob({ throttleMs: 0 });
    run.update({ status: "connecting", totalItems: 30 });
    for (const status of ["syncing", "parsing", "embedding"] as const) {
      run.update({ status });
      for (let count = 0; count < 10; count += 1) {
        if (count === 5) run.fail({ item: "a", reason: "broken" });
        else run.advance();
      }
      await settle();
    }
    expect(seen.at(-1)).toMatchObject({ processedItems: 27, failedItems: 3, phase: null, phases: [] });
    for (const { percentComplete, processedItems, failedItems } of seen) {
      expect(percentComplete).toBeCloseTo(Math.min(99, ((processedItems + failedItems) / 30) * 100));
    }
  });

  it("begins the first phase with its first report, and a named one when it is named", async () => {
    const phases = [
      { name: "fetch", label: "Fetch", weight: 1 },
      { name: "index", label: "Index", weight: 1 },
    ];
    const { run, seen } = await startJob({}, { phases });
    run.advance();
    await settle();
    expect(seen.at(-1)).toMatchObject({ status: "syncing", phase: "fetch", processedItems: 1 });
    run.update({ status: "parsing" });
    await settle();
    expect(seen.at(-1)).toMatchObject({ status: "parsing", phase: "fetch", processedItems: 1 });
    run.update({ phase: "index", totalItems: 2 });
    await settle();
    expect(seen.at(-1)).toMatchObject({ phase: "index", processedItems: 0, percentComplete: 50 });
  });

  it("refuses phases that are not valid before it starts", async () => {
    const phases = [{ name: "a", label: "A", weight: 0 }];
    await expect(createSyncService().run(ada, aJob().job, { phases })).rejects.toThrow("the weight of the phase");
  });

  it.each(["advance", "fail"] as const)("is running, not queued, when it only calls %s", async (report) => {
    const { run, seen } = await startJob();
    if (report === "advance") run.advance();
    else run.fail({ item: "a", reason: "broken" });
    await settle();
    expect(seen.at(-1)?.status).toBe("syncing");
  });

  it.each<[string, (run: SyncRun) => void]>([
    ["run.advance() was given a count of NaN", (run) => run.advance({ count: Number.NaN })],
    ["run.advance() was given a count of -1", (run) => run.advance({ count: -1 })],
    ["run.advance() was given a count of Infinity", (run) => run.advance({ count: Number.POSITIVE_INFINITY })],
    ["run.update() was given a total of NaN", (run) => run.update({ totalItems: Number.NaN })],
    ["run.update() was given a total of -5", (run) => run.update({ totalItems: -5 })],
    ['run.update() was given the phase "index", which is not declared', (run) => run.update({ phase: "index" })],
    ...["complete", "cancelled", "paused", "queued", "running", "flying", "toString"].map(
      (status): [string, (run: SyncRun) => void] => [
        `run.update() was given the status "${status}"`,
        (run) => Reflect.apply(run.update, run, [{ status, stage: "?" }]),
      ],
    ),
  ])("ignores a report that is not valid, and passes it to onError: %s", async (message, report) => {
    const onError = vi.fn();
    const { service, syncId, run, finish, settled } = await startJob({ onError });
    run.advance();
    await settle();
    const before = (await service.get(ada, syncId))?.snapshot;
    report(run);
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await service.get(ada, syncId))?.snapshot).toEqual(before);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      new TypeError(`SyncProgressError: ${message}; the report is ignored.`),
      syncId,
    );
    finish();
    expect(await settled).toMatchObject({ status: "complete", processedItems: 1, completedAt: expect.any(Number) });
  });

  it("rounds fractions down", async () => {
    const { run, finish, settled } = await startJob();
    run.update({ totalItems: 10.9 });
    run.advance({ count: 2.9 });
    finish();
    expect(await settled).toMatchObject({ processedItems: 2, totalItems: 10 });
  });

  it("holds the percentage when the total grows", async () => {
    const { run, seen } = await startJob();
    run.update({ status: "syncing", totalItems: 10 });
    run.advance({ count: 5 });
    await vi.advanceTimersByTimeAsync(200);
    const before = seen.at(-1)?.percentComplete;
    run.update({ totalItems: 1_000 });
    await vi.advanceTimersByTimeAsync(200);
    expect(seen.at(-1)).toMatchObject({ totalItems: 1_000, percentComplete: before });
  });

  it("publishes a change of status at once and counts at most every 100 ms, the last of them always", async () => {
    const { run, seen } = await startJob();
    run.update({ status: "syncing", totalItems: 100 });
    await settle();
    expect(seen).toHaveLength(1);
    for (let count = 0; count < 100; count += 1) run.advance();
    await settle();
    expect(seen).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(seen).toHaveLength(2);
    expect(seen.at(-1)?.processedItems).toBe(100);
    run.update({ status: "parsing" });
    await settle();
    expect(seen).toHaveLength(3);
    expect(seen.map(({ seq }) => seq)).toEqual([2, 3, 4]);
  });

  it("shows the message of a SyncJobError and hides any other", async () => {
    const onError = vi.fn();
    const known = await startJob({ onError });
    known.crash(new SyncJobError("The mailbox is locked.", { code: "locked" }));
    expect(await known.settled).toMatchObject({
      status: "error",
      errorMessage: "The mailbox is locked.",
      errorCode: "locked",
    });

    const unknown = await startJob({ onError });
    unknown.crash(new Error("connect ECONNREFUSED 10.0.0.7:5432 password=hunter2"));
    expect(await unknown.settled).toMatchObject({
      status: "error",
      errorMessage: "Something went wrong on the server.",
      errorCode: "internal",
    });
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it("turns a job that throws at once into an error as well", async () => {
    const service = createSyncService();
    const { settled } = await service.run(ada, () => {
      throw new SyncJobError("No.");
    });
    expect(await settled).toMatchObject({ status: "error", errorMessage: "No." });
  });

  it("refuses a second one of the same type while the first runs", async () => {
    const { service, syncId } = await startJob();
    const second = service.run(ada, aJob().job, { connectorType: "gmail" });
    await expect(second).rejects.toThrow(SyncAlreadyRunningError);
    await expect(second).rejects.toMatchObject({ syncId });
    await expect(service.run({ ...ada, userId: "eve" }, aJob().job, { connectorType: "gmail" })).resolves.toBeDefined();
  });
});

describe("stopping a run", () => {
  it("cancels at once, also a job that ignores its signal, and takes nothing from it afterwards", async () => {
    const { service, syncId, settled, run, seen, finish } = await startJob();
    run.update({ status: "syncing", totalItems: 10 });
    run.advance();
    const result = await service.cancel(ada, syncId);
    expect(result).toMatchObject({ isDone: true, snapshot: { status: "cancelled", processedItems: 1 } });
    expect(run.signal.aborted).toBe(true);
    run.advance();
    run.update({ status: "parsing" });
    run.fail({ item: "late", reason: "?" });
    finish();
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await settled).status).toBe("cancelled");
    expect(seen.at(-1)).toMatchObject({ status: "cancelled", processedItems: 1, failedItems: 0 });
    expect((await service.cancel(ada, syncId))?.isDone).toBe(false);
    expect(service.stats().activeSyncs).toBe(0);
  });

  it("gives up after 2 minutes without a report", async () => {
    const { settled, run } = await startJob();
    run.update({ status: "syncing" });
    await vi.advanceTimersByTimeAsync(100_000);
    run.advance();
    await vi.advanceTimersByTimeAsync(119_000);
    expect(run.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await settled).toMatchObject({
      status: "error",
      errorCode: "timed_out",
      errorMessage: "No progress for 2 minutes, so the sync was stopped.",
    });
  });

  it("gives up when the whole sync takes too long", async () => {
    const { settled, run } = await startJob({ timeouts: { totalMs: 90_000 } });
    for (let second = 0; second < 90; second += 10) {
      run.advance();
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(await settled).toMatchObject({
      errorCode: "timed_out",
      errorMessage: "The sync took longer than 90 seconds, so it was stopped.",
    });
  });

  it("interrupts what runs when the service closes", async () => {
    const { service, settled } = await startJob();
    await service.close();
    expect(await settled).toMatchObject({ status: "error", errorCode: "interrupted" });
  });
});

describe("pausing a run", () => {
  it("holds it at its next checkpoint and lets it go on", async () => {
    const { service, syncId, run, seen } = await startJob();
    run.update({ status: "syncing", totalItems: 10 });
    expect(await service.pause(ada, syncId)).toMatchObject({ isDone: true, snapshot: { status: "paused" } });
    let hasPassed = false;
    const held = run.checkpoint().then(() => {
      hasPassed = true;
    });
    run.advance({ item: "the one at hand" });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(hasPassed).toBe(false);
    expect(seen.at(-1)).toMatchObject({ status: "paused", processedItems: 1 });
    expect((await service.pause(ada, syncId))?.isDone).toBe(false);
    expect(await service.resume(ada, syncId)).toMatchObject({ isDone: true, snapshot: { status: "syncing" } });
    await held;
    expect((await service.resume(ada, syncId))?.isDone).toBe(false);
  });

  it("can be cancelled while it waits", async () => {
    const { service, syncId, run } = await startJob();
    await service.pause(ada, syncId);
    const held = run.checkpoint();
    const refused = expect(held).rejects.toMatchObject({ why: "cancelled" });
    await service.cancel(ada, syncId);
    await refused;
  });
});

describe("the end of a sync", () => {
  it("is passed to onSettled once, and an error in there disturbs nothing", async () => {
    const onSettled = vi.fn(() => {
      throw new Error("mail server down");
    });
    const onError = vi.fn();
    const { service, syncId, settled, finish } = await startJob({ onSettled, onError });
    finish();
    expect((await settled).status).toBe("complete");
    await service.cancel(ada, syncId);
    expect(onSettled).toHaveBeenCalledTimes(1);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it("leaves no timer behind", async () => {
    const { service, settled, run, finish } = await startJob({ timeouts: { totalMs: 60_000 } });
    run.update({ status: "syncing" });
    run.advance();
    finish();
    await settled;
    await service.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is deleted after the retention, also when nothing is started", async () => {
    const { service, syncId, settled, finish } = await startJob({ retentionMs: 1_000 });
    finish();
    await settled;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await service.get(ada, syncId)).toBeNull();
  });
});
