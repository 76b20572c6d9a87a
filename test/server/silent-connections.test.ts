import { Pool } from "pg";
import { createClient } from "redis";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createPostgresStore } from "../../src/server/postgres/postgres-store.js";
import { createRedisStore } from "../../src/server/redis/redis-store.js";
import type { SyncStore } from "../../src/server/sync-store.js";
import { readStream } from "../support/read-stream.js";
import { startSyncServer } from "../support/sync-server.js";
import { startIn } from "./a-job.js";
import { connectPostgres, hasPostgres, startPostgres } from "./engines/postgres-server.js";
import { connectRedis, hasRedis, startRedis } from "./engines/redis-server.js";
import { type SilentProxy, startSilentProxy } from "./engines/silent-proxy.js";
import { openStore, type StoreAddress } from "./processes/open-store.js";

/** How long a stream may show an old state, in ms: until the loss is noticed, and a new connection listens. */
const NOTICED_MS = 15_000;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A stream of a sync that runs in another process, over a store that receives messages through the proxy. */
async function followOver(store: SyncStore, address: StoreAddress) {
  const elsewhere = await openStore(address);
  const [here, there] = [store, elsewhere].map((one) => createSyncService({ store: one }));
  if (here === undefined || there === undefined) throw new Error("two services");
  const http = await startSyncServer({ service: here });
  closing.push(async () => {
    for (const service of [there, here]) await service.close({ graceMs: 100 });
    await elsewhere.close();
    await store.close();
  });
  const { run, syncId } = await startIn(there);
  const stream = await readStream(`${http.url}/api/sync-progress/${syncId}/stream`);
  closing.push(() => stream.leave());
  const show = async (stage: string, timeout: number) => {
    run.update({ stage });
    await vi.waitFor(() => expect(stream.text()).toContain(stage), { timeout, interval: 20 });
  };
  return { show, stream };
}

async function aProxy(target: Parameters<typeof startSilentProxy>[0]): Promise<SilentProxy> {
  const proxy = await startSilentProxy(target);
  closing.push(() => proxy.close());
  return proxy;
}

describe("a connection for messages that dies without a word", { timeout: 60_000 }, () => {
  it.skipIf(!hasRedis)("is noticed on Redis, and streams show what they have missed", async () => {
    const server = await startRedis();
    closing.push(() => server.remove());
    const proxy = await aProxy({ port: server.port, host: "127.0.0.1" });
    const client = await connectRedis(server.url);
    closing.push(() => client.destroy());
    // Commands go to Redis itself: only the connection for messages dies.
    const through = createClient({ url: `redis://127.0.0.1:${proxy.port}` });
    const commands = {
      duplicate: (overrides: { readonly pingInterval: number }) => through.duplicate(overrides),
      sendCommand: client.sendCommand.bind(client),
    };
    const { show, stream } = await followOver(createRedisStore({ client: commands }), {
      engine: "redis",
      at: server.url,
    });
    await show("before", 5_000);
    proxy.silence();
    await show("missed", NOTICED_MS);
    await show("after", 2_000);
    expect([proxy.connections(), stream.events().includes("error")]).toEqual([2, false]);
  });

  it.skipIf(!hasPostgres)("is noticed on Postgres, and streams show what they have missed", async () => {
    const server = await startPostgres();
    closing.push(() => server.remove());
    const folder = decodeURIComponent(server.url.split("host=")[1] ?? "");
    const proxy = await aProxy({ path: `${folder}/.s.PGSQL.5432` });
    const pool = connectPostgres(server.url);
    const listenPool = new Pool({
      connectionString: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
      max: 1,
    }).on("error", () => {});
    closing.push(() => pool.end());
    const { show, stream } = await followOver(createPostgresStore({ pool, listenPool }), {
      engine: "postgres",
      at: server.url,
    });
    await show("before", 5_000);
    proxy.silence();
    await show("missed", NOTICED_MS);
    await show("after", 2_000);
    expect([proxy.connections(), stream.events().includes("error")]).toEqual([2, false]);
  });
});
