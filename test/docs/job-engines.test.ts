import { afterEach, describe, expect, it } from "vitest";
import { createApp, startWorker } from "../../docs/examples/bullmq.js";
import type { IntegrationDefinition } from "../../src/server/integration-definition.js";
import { createRedisStore } from "../../src/server/redis/redis-store.js";
import { connectRedis, hasRedis, startRedis } from "../server/engines/redis-server.js";
import { eventually } from "../support/eventually.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const gmail: IntegrationDefinition = {
  type: "gmail",
  name: "Gmail",
  async sync(run) {
    run.update({ status: "syncing", totalItems: 2 });
    run.advance({ count: 2 });
  },
};

describe.skipIf(!hasRedis)("the example of BullMQ", () => {
  it("runs in a worker what was started in a web process", async () => {
    const redis = await startRedis();
    cleanups.push(() => redis.remove());
    const connection = await connectRedis(redis.url);
    cleanups.push(() => connection.destroy());
    const open = () => ({ store: createRedisStore({ client: connection }), connection });
    const web = await createApp(open(), () => ({ tenantId: "acme", userId: "ada" }), [gmail]);
    const worker = await startWorker(open(), [gmail]);
    for (const { service, queue } of [web, worker]) {
      cleanups.push(() => queue.close());
      cleanups.push(() => service.drain({ deadlineMs: 0 }));
    }
    const started = await web.app.request("/api/integrations/gmail/sync", { method: "POST" });
    const { sync_id: syncId } = await started.json();
    await eventually(async () => {
      const { progress } = await (await web.app.request(`/api/sync-progress/${syncId}`)).json();
      expect(progress).toMatchObject({ status: "complete", processed_items: 2 });
    });
  });
});
