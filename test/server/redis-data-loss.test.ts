import { EventSource } from "eventsource";
import { SyncClient, type SyncView } from "react-sync-progress/headless";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { RedisEpoch } from "../../src/server/redis/redis-epoch.js";
import { RedisKeys } from "../../src/server/redis/redis-keys.js";
import { ScriptRunner } from "../../src/server/redis/script-runner.js";
import { eventually } from "../support/eventually.js";
import { readStream } from "../support/read-stream.js";
import { startSyncServer } from "../support/sync-server.js";
import { startIn } from "./a-job.js";
import { connectRedis, hasRedis, type RedisServer, startRedis } from "./engines/redis-server.js";
import { openStore } from "./processes/open-store.js";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0).reverse()) await close();
});

describe.skipIf(!hasRedis)("Redis that has lost its data", { timeout: 60_000 }, () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await startRedis();
    closing.push(() => redis.remove());
  });

  /** A process that notices the loss, and whose owners add their syncs again, within a third of its lease. */
  async function aProcess(leaseMs: number) {
    const store = await openStore({ engine: "redis", at: redis.url });
    const service = createSyncService({ store, leaseMs });
    await service.recover();
    const server = await startSyncServer({ service });
    closing.push(async () => {
      await service.close({ graceMs: 100 });
      await store.close();
    });
    return { ...server, service };
  }

  async function loseData(): Promise<void> {
    const client = await connectRedis(redis.url);
    await client.flushAll();
    client.destroy();
  }

  it("does not make anybody believe that a running sync does not exist", async () => {
    const [owner, other] = [await aProcess(9_000), await aProcess(9_000)];
    const { syncId } = await startIn(owner.service);
    await loseData();
    const responses = await Promise.all([
      other.call(`/sync-progress/${syncId}`),
      other.call(`/sync-progress/${syncId}/stream`),
      other.call(`/sync-progress/${syncId}/failures`),
      other.call(`/sync-progress/${syncId}/cancel`, { method: "POST" }),
      other.call("/sync-progress?active=true"),
    ]);
    for (const response of responses) {
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(await response.json()).toMatchObject({ success: false, code: "recovering" });
    }
    // Nor that there is none: the feed ends before it has said so.
    const feed = await readStream(`${other.url}/api/sync-progress/stream`);
    await feed.closed;
    expect(feed.events()).toEqual([]);
    // It reports nothing, and is added again by the process that runs it.
    await eventually(async () => expect((await other.call(`/sync-progress/${syncId}`)).status).toBe(200));
  });

  it("leaves a client that comes in that moment waiting, and then shows it the sync", async () => {
    const [owner, other] = [await aProcess(6_000), await aProcess(6_000)];
    const { syncId } = await startIn(owner.service);
    await loseData();
    const asAda = (input: string | URL | Request, init: RequestInit = {}) =>
      fetch(input, { ...init, headers: { ...init.headers, "x-user": "acme/ada" } });
    const client = new SyncClient({
      baseUrl: `${other.url}/api`,
      fetch: asAda,
      createEventSource: (url) => new EventSource(url, { fetch: asAda }),
    });
    closing.push(() => client.close());
    const seen: (SyncView | undefined)[] = [];
    client.subscribe(syncId, () => seen.push(client.getView(syncId) ?? undefined));
    await eventually(() => expect(client.getView(syncId)).toMatchObject({ connection: "live", status: "queued" }));
    expect(seen.map((view) => view?.error?.kind)).not.toContain("not-found");
  });

  it("says of an unknown sync that it does not exist, before the loss and when it is over", async () => {
    const { call } = await aProcess(5_000);
    const unknown = "/sync-progress/unknown";
    expect((await call(unknown)).status).toBe(404);
    await loseData();
    expect((await call(unknown)).status).toBe(503);
    const now = performance.now();
    const clock = vi.spyOn(performance, "now").mockReturnValue(now + 10_001);
    expect((await call(unknown)).status).toBe(404);
    clock.mockRestore();
  });
});

it("does not take a Redis that was never seen before for one that has lost its data", async () => {
  const kept = new Map<string, string>();
  const driver = {
    command: async (key: string, args: readonly string[]) => {
      kept.set(key, kept.get(key) ?? args.at(-1) ?? "");
      return kept.get(key);
    },
    subscribe: async () => () => {},
    onReconnect() {},
    async close() {},
  };
  const onLoss = vi.fn();
  const epoch = new RedisEpoch(new ScriptRunner(driver), new RedisKeys("rsp"), onLoss);
  expect([await epoch.isRecovering(), await epoch.isRecovering()]).toEqual([false, false]);
  kept.clear();
  expect([await epoch.isRecovering(), await epoch.isRecovering()]).toEqual([true, true]);
  expect(onLoss).toHaveBeenCalledTimes(1);
});
