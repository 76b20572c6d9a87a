import { type JobsOptions, Queue } from "bullmq";
import { EventSource } from "eventsource";
import { SyncClient } from "../../../src/client/sync-client.js";
import { createSyncQueue } from "../../../src/server/bullmq/sync-queue.js";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import { createRedisStore } from "../../../src/server/redis/redis-store.js";
import { createSyncRoutes } from "../../../src/server/sync-routes.js";
import { serveFetch } from "../../support/serve-fetch.js";
import { connectRedis } from "../engines/redis-server.js";
import { integrations } from "./integrations.js";

/** The web process of an application: it runs no sync, and adds jobs to the queue. */
export async function startWeb(url: string, name: string, jobOptions: JobsOptions = {}) {
  const redis = await connectRedis(url);
  const queue = new Queue(name, { connection: redis, defaultJobOptions: jobOptions });
  const syncQueue = createSyncQueue(queue);
  const store = createRedisStore({ client: redis, prefix: name });
  const service = createSyncService({ store, engine: syncQueue, leaseMs: 1_000 });
  await service.recover();
  const app = createSyncRoutes({
    service,
    authenticate: (request) => ({ tenantId: "acme", userId: request.headers.get("x-user") ?? "" }),
    integrations: integrations.map((one) => syncQueue.offer(one, one.type === "later" ? { delay: 3_600_000 } : {})),
  });
  const server = await serveFetch(app.fetch);
  const clients: SyncClient[] = [];

  /** The client of a person's browser. */
  function aClient(user: string = crypto.randomUUID()): SyncClient {
    const asUser = (init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set("x-user", user);
      return { ...init, headers };
    };
    const client = new SyncClient({
      baseUrl: `${server.url}/api`,
      fetch: (input, init) => fetch(input, asUser(init)),
      createEventSource: (address) =>
        new EventSource(address, { fetch: (input, init) => fetch(input, asUser({ ...init, headers: init.headers })) }),
    });
    clients.push(client);
    return client;
  }

  return {
    queue,
    redisClient: redis,
    aClient,
    async close() {
      for (const client of clients) client.close();
      await service.close();
      await server.close();
      await queue.close();
      await store.close();
      redis.destroy();
    },
  };
}
