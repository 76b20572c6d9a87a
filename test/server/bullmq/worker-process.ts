import { Queue, type WorkerOptions } from "bullmq";
import { createSyncQueue } from "../../../src/server/bullmq/sync-queue.js";
import { createSyncWorker } from "../../../src/server/bullmq/sync-worker.js";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import { createRedisStore } from "../../../src/server/redis/redis-store.js";
import { connectRedis } from "../engines/redis-server.js";
import { integrations } from "./integrations.js";

/** A worker of BullMQ in a process of its own, for tests that end or kill it. */

export interface WorkerSetup {
  readonly url: string;
  /** The queue, and the prefix of the store. */
  readonly name: string;
  readonly options: Partial<WorkerOptions>;
}

export type WorkerReport =
  | { readonly is: "ready" }
  | { readonly is: "begun"; readonly syncId: string; readonly from: unknown }
  | { readonly is: "settled"; readonly syncId: string; readonly status: string }
  | { readonly is: "drained" };

const report = (message: WorkerReport) => void process.send?.(message);
const { url, name, options }: WorkerSetup = JSON.parse(process.env["WORKER_SETUP"] ?? "");
const client = await connectRedis(url);
const queue = new Queue(name, { connection: client });
const service = createSyncService({
  store: createRedisStore({ client, prefix: name }),
  engine: createSyncQueue(queue),
  leaseMs: 1_000,
  throttleMs: 10,
  onSettled: ({ snapshot }) => report({ is: "settled", syncId: snapshot.syncId, status: snapshot.status }),
});
const worker = createSyncWorker(name, {
  service,
  integrations: integrations.map((integration) => ({
    ...integration,
    sync(run, context) {
      report({ is: "begun", syncId: run.syncId, from: run.resumedFrom });
      return integration.sync(run, context);
    },
  })),
  connection: client,
  concurrency: 5,
  ...options,
});
worker.on("error", (error) => void process.stderr.write(`worker: ${error}\n`));
await worker.waitUntilReady();
await service.recover();
process.on("message", async () => {
  await service.drain({ deadlineMs: 100 });
  report({ is: "drained" });
});
report({ is: "ready" });
