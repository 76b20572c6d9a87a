import { PgBoss } from "pg-boss";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createEngine, createQueue, offer, startWorker } from "../../docs/examples/pg-boss.js";
import { RETRY_STAGE } from "../../src/protocol/retry-stage.js";
import { createSyncService } from "../../src/server/create-sync-service.js";
import type { IntegrationDefinition } from "../../src/server/integration-definition.js";
import { createPostgresStore } from "../../src/server/postgres/postgres-store.js";
import { SyncJobError } from "../../src/server/sync-job-error.js";
import { createSyncRoutes } from "../../src/server/sync-routes.js";
import type { SyncRun } from "../../src/server/sync-run.js";
import { eventually } from "../support/eventually.js";
import { ada, followIn } from "./a-job.js";
import { connectPostgres, hasPostgres, type PostgresServer, startPostgres } from "./engines/postgres-server.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const ITEMS = 20;

/** Counts from where the attempt before has stopped; `fail` is called before every item. */
async function count(run: SyncRun, fail: (item: number) => void = () => {}): Promise<void> {
  const first = typeof run.resumedFrom === "number" ? run.resumedFrom : 0;
  run.update({ status: "syncing", totalItems: ITEMS });
  for (let item = first; item < ITEMS; item += 1) {
    await run.checkpoint(item);
    fail(item);
    run.advance();
  }
}

const anIntegration = (type: string, sync: (run: SyncRun) => Promise<void>): IntegrationDefinition => ({
  type,
  name: type,
  sync,
});

/** Fails half-way, as long as `isOver` does not hold. */
const failing = (type: string, isFinal: boolean, isOver: (run: SyncRun) => boolean) =>
  anIntegration(type, (run) =>
    count(run, (item) => {
      if (item === ITEMS / 2 && !isOver(run)) throw new SyncJobError("The mailbox is away.", { isFinal });
    }),
  );

const integrations = [
  anIntegration("counting", (run) => count(run)),
  failing("failing-once", false, (run) => run.resumedFrom !== null),
  failing("failing", false, () => false),
  failing("final", true, () => false),
  anIntegration("endless", async (run) => {
    run.update({ status: "syncing" });
    await new Promise((_, reject) => run.signal.addEventListener("abort", () => reject(run.signal.reason)));
  }),
];

describe.skipIf(!hasPostgres)("the example of pg-boss", () => {
  let postgres: PostgresServer;
  let url: string;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    url = await postgres.createDatabase("jobs");
    await open().then(({ boss }) => createQueue(boss));
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => postgres.remove());

  /** What a process of the application has. */
  async function open() {
    const pool = connectPostgres(url);
    const boss = new PgBoss({ connectionString: url, max: 4 }).on("error", () => {});
    await boss.start();
    const store = createPostgresStore({ pool });
    const service = createSyncService({ store, engine: createEngine(boss), throttleMs: 1 });
    closing.push(async () => {
      await service.close();
      await boss.stop({ graceful: false });
      await store.close();
      await pool.end();
    });
    return { boss, service };
  }

  let web: Awaited<ReturnType<typeof open>>;
  let worker: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    [web, worker] = await Promise.all([open(), open()]);
    // Without the pauses between attempts that an application makes.
    await web.boss.updateQueue("syncs", { retryDelay: 0, retryBackoff: false });
    await startWorker(worker.boss, worker.service, integrations);
  });

  async function start(type: string) {
    const app = createSyncRoutes({
      service: web.service,
      authenticate: () => ada,
      integrations: integrations.map((integration) => offer(web.boss, integration)),
    });
    const response = await app.request(`/api/integrations/${type}/sync`, { method: "POST" });
    const { sync_id: syncId } = await response.json();
    const seen = await followIn(web.service, syncId);
    const until = (state: object) => eventually(() => expect(seen.at(-1)).toMatchObject(state));
    const jobOf = async () => (await web.boss.findJobs("syncs", { id: syncId })).at(0);
    return { syncId: String(syncId), seen, until, jobOf, status: response.status };
  }

  it("runs in a worker what was started in a web process, one of a person and type at a time", async () => {
    const [first, second] = await Promise.all([start("counting"), start("counting")]);
    expect([first.status, second.status].sort()).toEqual([202, 409]);
    expect(second.syncId).toBe(first.syncId);
    await first.until({ status: "complete", processedItems: ITEMS });
    await eventually(async () => expect((await first.jobOf())?.state).toBe("completed"));
  });

  it("tries again at the checkpoint, and ends the sync by the last failure or a final one", async () => {
    const once = await start("failing-once");
    const always = await start("failing");
    const final = await start("final");
    await once.until({ status: "complete", processedItems: ITEMS });
    expect(once.seen.some(({ status, stage }) => status === "queued" && stage === RETRY_STAGE)).toBe(true);
    await always.until({ status: "error", errorMessage: "The mailbox is away.", processedItems: ITEMS / 2 });
    await eventually(async () => expect(await always.jobOf()).toMatchObject({ state: "failed", retryCount: 2 }));
    await final.until({ status: "error", errorMessage: "The mailbox is away." });
    await eventually(async () => expect(await final.jobOf()).toMatchObject({ state: "completed", retryCount: 1 }));
  });

  it("cancels from the web process what runs and what waits", async () => {
    const running = await start("endless");
    await running.until({ status: "syncing" });
    expect(await web.service.cancel(ada, running.syncId)).toMatchObject({ isDone: true });
    await eventually(async () => expect((await running.jobOf())?.state).toBe("completed"));

    await worker.boss.offWork("syncs");
    const waiting = await start("endless");
    expect(await web.service.cancel(ada, waiting.syncId)).toMatchObject({ isDone: true });
    await startWorker(worker.boss, worker.service, integrations);
    await eventually(async () => expect((await waiting.jobOf())?.state).toBe("completed"));
  });

  it("leaves a sync to another worker when one is shut down", async () => {
    const { until, seen, jobOf } = await start("endless");
    await until({ status: "syncing" });
    await worker.service.drain({ deadlineMs: 0 });
    expect(seen.at(-1)).toMatchObject({ status: "queued", stage: RETRY_STAGE });
    await eventually(async () => expect((await jobOf())?.state).toBe("retry"));
    const other = await open();
    await startWorker(other.boss, other.service, integrations);
    await until({ status: "syncing" });
  });
});
