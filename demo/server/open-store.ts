import { join } from "node:path";
import type { SyncStore } from "react-sync-progress/server";
import { createRedisStore } from "react-sync-progress/server/redis";
import { createSqliteStore } from "react-sync-progress/server/sqlite";
import { createClient } from "redis";

/** A Redis if `REDIS_URL` is set; else a file of the data folder. */
export async function openStore(dataFolder: string, onError: (error: unknown) => void): Promise<SyncStore> {
  const url = process.env["REDIS_URL"];
  if (url === undefined) return createSqliteStore({ path: join(dataFolder, "syncs.db") });
  const client = createClient({
    url,
    pingInterval: 10_000,
    socket: { reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000) * (0.5 + Math.random() / 2) },
  });
  client.on("error", onError);
  await client.connect();
  const store = createRedisStore({ client, prefix: "demo" });
  return {
    ...store,
    async close() {
      await store.close();
      client.destroy();
    },
  };
}
