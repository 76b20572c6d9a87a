import { type ConnectionOptions, Queue } from "bullmq";
import {
  type Authenticate,
  createSyncRoutes,
  createSyncService,
  type IntegrationDefinition,
  type SyncStore,
} from "react-sync-progress/server";
import { createSyncQueue, createSyncWorker } from "react-sync-progress/server/bullmq";

interface Connections {
  /** The store of all processes, such as `createRedisStore({ client })`. */
  readonly store: SyncStore;
  /** Whatever BullMQ takes: options, or a client of node-redis, ioredis, ... */
  readonly connection: ConnectionOptions;
}

/** What web processes and workers have in common. */
function openSyncs({ store, connection }: Connections) {
  const queue = new Queue("syncs", {
    connection,
    defaultJobOptions: {
      attempts: 3,
      backoff: { type: "exponential", delay: 5_000 },
      // BullMQ keeps ended jobs for ever by default.
      removeOnComplete: { count: 1_000 },
      removeOnFail: { count: 5_000 },
    },
  });
  const syncQueue = createSyncQueue(queue);
  return { queue, syncQueue, service: createSyncService({ store, engine: syncQueue }) };
}

/** A web process: a start adds a job, a stream shows what the worker does. */
export async function createApp(
  connections: Connections,
  authenticate: Authenticate,
  integrations: IntegrationDefinition[],
) {
  const { queue, syncQueue, service } = openSyncs(connections);
  await service.recover();
  const offered = integrations.map((integration) => syncQueue.offer(integration));
  return { app: createSyncRoutes({ service, authenticate, integrations: offered }), service, queue };
}

/** A worker process, which `service.drain()` ends. */
export async function startWorker(connections: Connections, integrations: IntegrationDefinition[]) {
  const { queue, service } = openSyncs(connections);
  await service.recover();
  const worker = createSyncWorker("syncs", {
    service,
    integrations,
    connection: connections.connection,
    concurrency: 5,
  });
  worker.on("error", (error) => process.stderr.write(`${error}\n`));
  return { worker, service, queue };
}
