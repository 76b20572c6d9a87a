import type { JobsOptions, WorkerOptions } from "bullmq";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { SyncClient } from "../../../src/client/sync-client.js";
import type { SyncView } from "../../../src/client/sync-view.js";
import { RETRY_STAGE } from "../../../src/protocol/retry-stage.js";
import type { SyncSnapshot } from "../../../src/protocol/snapshot.js";
import { eventually } from "../../support/eventually.js";
import { hasRedis, type RedisServer, startRedis } from "../engines/redis-server.js";
import { FAILS_AT, ITEMS, SLOW_ITEMS } from "./integrations.js";
import { startWeb } from "./start-web.js";
import { startWorker, type WorkerProcess } from "./start-worker.js";

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

const FAILED = ITEMS / 10;
const RIGHT_COUNTS = { processedItems: ITEMS - FAILED, failedItems: FAILED, totalItems: ITEMS, percent: 100 };

/** A job that fails is tried again soon, twice. */
const THREE_ATTEMPTS: JobsOptions = { attempts: 3, backoff: 200 };

/** What a display has of a sync. */
type Shown = SyncSnapshot & Pick<SyncView, "percent" | "error">;

/** Starts a sync and follows it as a display does. */
async function follow(client: SyncClient, type: string, begin = () => client.startSync(type)) {
  const syncId = await begin();
  const views: Shown[] = [];
  client.subscribe(syncId, () => {
    const view = client.getView(syncId);
    if (view?.snapshot != null) views.push({ ...view.snapshot, percent: view.percent, error: view.error });
  });
  const until = (shown: Partial<Shown>) => eventually(() => expect(views.at(-1)).toMatchObject(shown));
  return { syncId, views, until };
}

const percentsOf = (views: readonly Shown[]) => views.map(({ percent }) => percent ?? 0);
const inOrder = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

describe.skipIf(!hasRedis)("syncs in workers of BullMQ", () => {
  let redis: RedisServer;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => redis.remove());

  /** A web process, and workers in processes of their own. */
  async function start(workers: number, options: Partial<WorkerOptions> = {}, jobOptions: JobsOptions = {}) {
    const name = crypto.randomUUID();
    const web = await startWeb(redis.url, name, jobOptions);
    closing.push(() => web.close());
    const aWorker = async (): Promise<WorkerProcess> => {
      const worker = await startWorker({ url: redis.url, name, options });
      closing.push(() => worker.kill());
      return worker;
    };
    return { ...web, aWorker, workers: await Promise.all(Array.from({ length: workers }, aWorker)) };
  }

  it("are complete with the right counts, each run once by one of two workers", async () => {
    const { aClient, workers, queue } = await start(2);
    const syncs = await Promise.all(Array.from({ length: 12 }, () => follow(aClient(), "counting")));
    for (const { until, views } of syncs) {
      await until({ status: "complete", ...RIGHT_COUNTS });
      expect(percentsOf(views)).toEqual(inOrder(percentsOf(views)));
    }
    const reports = workers.map((worker) => worker.reports.filter(({ is }) => is === "begun").length);
    expect(Math.min(...reports)).toBeGreaterThan(0);
    expect(reports.reduce((sum, one) => sum + one, 0)).toBe(syncs.length);
    const settled = workers.flatMap((worker) => worker.reports.filter(({ is }) => is === "settled"));
    expect(settled).toHaveLength(syncs.length);
    await eventually(async () => expect(await queue.getCompletedCount()).toBe(syncs.length));
    const job = await queue.getJob(syncs[0]?.syncId ?? "");
    expect(job?.returnvalue).toEqual({ status: "complete", processedItems: ITEMS - FAILED, failedItems: FAILED });
  });

  it("that fail wait in the queue until they are tried again, and end by the last failure only", async () => {
    const { aClient, queue, workers } = await start(1, {}, THREE_ATTEMPTS);
    const once = await follow(aClient(), "failing-once");
    const always = await follow(aClient(), "failing");
    const unrecoverable = await follow(aClient(), "unrecoverable");
    const final = await follow(aClient(), "final");
    const foreign = await queue.add("mail", { to: "ada" });
    await once.until({ status: "complete", ...RIGHT_COUNTS });
    expect(once.views.some(({ status, stage }) => status === "queued" && stage === RETRY_STAGE)).toBe(true);
    expect(percentsOf(once.views)).toEqual(inOrder(percentsOf(once.views)));

    await always.until({ status: "error" });
    expect(always.views.at(-1)?.error).toMatchObject({ code: "mailbox_away", message: "The mailbox is away." });
    await eventually(async () => expect((await queue.getJob(always.syncId))?.attemptsMade).toBe(3));
    const begins = workers[0]?.reports.filter((report) => report.is === "begun" && report.syncId === always.syncId);
    expect(begins).toMatchObject([{ from: null }, { from: FAILS_AT }, { from: FAILS_AT }]);

    for (const { syncId, until } of [unrecoverable, final]) {
      await until({ status: "error" });
      await eventually(async () => expect(await queue.getJobState(syncId)).toBe("failed"));
      expect((await queue.getJob(syncId))?.attemptsMade).toBe(1);
    }
    await eventually(async () => expect(await foreign.getState()).toBe("failed"));
    expect(final.views.at(-1)?.error).toMatchObject({ message: "There is no mailbox." });
    expect(unrecoverable.views.at(-1)?.error).toMatchObject({ code: "internal" });
  });

  it("can be paused, resumed and cancelled from the web process; a second start is refused", async () => {
    const { aClient, queue } = await start(1);
    const client = aClient();
    const { syncId, until } = await follow(client, "endless");
    await until({ status: "syncing" });
    await expect(client.startSync("endless")).resolves.toBe(syncId);
    await client.pause(syncId);
    await until({ status: "paused" });
    expect(await queue.getJobState(syncId)).toBe("active");
    await client.resume(syncId);
    await until({ status: "syncing" });
    await client.cancel(syncId);
    await until({ status: "cancelled" });
    await eventually(async () => expect(await queue.getJobState(syncId)).toBe("completed"));
    expect((await queue.getJob(syncId))?.returnvalue).toMatchObject({ status: "cancelled" });
  });

  it("are cancelled while they wait; the job finds nothing to do when its turn comes", async () => {
    const { aClient, queue, workers } = await start(1);
    const client = aClient();
    const { syncId, until } = await follow(client, "later");
    expect(await queue.getJobState(syncId)).toBe("delayed");
    await client.cancel(syncId);
    await until({ status: "cancelled" });
    await (await queue.getJob(syncId))?.promote();
    await eventually(async () => expect(await queue.getJobState(syncId)).toBe("completed"));
    expect((await queue.getJob(syncId))?.returnvalue).toBeNull();
    expect(workers[0]?.reports).not.toContainEqual(expect.objectContaining({ is: "begun" }));
  });

  it("whose worker is killed are continued by another one from the checkpoint, with nothing counted twice", async () => {
    const { aClient, workers, aWorker } = await start(1, { lockDuration: 1_000, stalledInterval: 300 });
    const client = aClient();
    const { until, views } = await follow(client, "counting");
    await eventually(() => expect(views.at(-1)?.processedItems).toBeGreaterThan(30));
    await workers[0]?.kill();
    const second = await aWorker();
    await until({ status: "complete", ...RIGHT_COUNTS });
    const [begun] = second.reports.filter((report) => report.is === "begun");
    expect(begun?.from).toBeGreaterThan(20);
    expect(percentsOf(views)).toEqual(inOrder(percentsOf(views)));
  });

  it("whose lock is lost stop, and continue at their checkpoint when BullMQ finds their job stalled", async () => {
    const { aClient, queue, redisClient } = await start(1, { lockDuration: 1_000, stalledInterval: 1_500 });
    const { syncId, until, views } = await follow(aClient(), "slow");
    await eventually(() => expect(views.at(-1)?.processedItems).toBeGreaterThan(10));
    await redisClient.del(queue.toKey(`${syncId}:lock`));
    await until({ status: "queued", stage: RETRY_STAGE });
    const failedItems = SLOW_ITEMS / 10;
    await until({ status: "complete", processedItems: SLOW_ITEMS - failedItems, failedItems });
  });

  it("end as interrupted when BullMQ gives their job up because it has stalled too often; a retry is a new job", async () => {
    const options = { lockDuration: 1_000, stalledInterval: 300, maxStalledCount: 0 };
    const { aClient, workers, aWorker, queue } = await start(1, options);
    const client = aClient();
    const { syncId, until, views } = await follow(client, "counting");
    await eventually(() => expect(views.at(-1)?.processedItems).toBeGreaterThan(30));
    await workers[0]?.kill();
    // The web process looks after it now, and would look for its job again after 30 s only.
    await until({ status: "queued", stage: RETRY_STAGE });
    await aWorker();
    await until({ status: "error" });
    expect(views.at(-1)?.error).toMatchObject({ code: "interrupted" });
    expect(await queue.getJobState(syncId)).toBe("failed");

    const again = await follow(client, "counting", () => client.retry(syncId));
    expect(again.syncId).not.toBe(syncId);
    await again.until({ status: "complete", ...RIGHT_COUNTS });
  });

  it("of a worker that is shut down go back into the queue, as no attempt of theirs, and another one continues", async () => {
    const { aClient, workers, aWorker, queue } = await start(1);
    const client = aClient();
    const { syncId, until, views } = await follow(client, "counting");
    await eventually(() => expect(views.at(-1)?.processedItems).toBeGreaterThan(30));
    await workers[0]?.drain();
    expect(await queue.getJobState(syncId)).toBe("waiting");
    await until({ status: "queued", stage: RETRY_STAGE });
    await aWorker();
    await until({ status: "complete", ...RIGHT_COUNTS });
    await eventually(async () => expect(await queue.getJobState(syncId)).toBe("completed"));
    expect((await queue.getJob(syncId))?.attemptsMade).toBe(1);
  });
});
