import { createPostgresStore } from "../../../src/server/postgres/postgres-store.js";
import { createRedisStore } from "../../../src/server/redis/redis-store.js";
import { createSqliteStore } from "../../../src/server/sqlite/sqlite-store.js";
import type { SyncStore } from "../../../src/server/sync-store.js";
import { connectPostgres } from "../engines/postgres-server.js";
import { connectRedis } from "../engines/redis-server.js";

/** Where several processes keep the same syncs: an engine, and a file's path or a server's URL. */
export interface StoreAddress {
  readonly engine: "sqlite" | "redis" | "postgres";
  readonly at: string;
}

/** Opens the store as a process has it. What it needs of the engine is closed with it. */
export async function openStore({ engine, at }: StoreAddress): Promise<SyncStore> {
  if (engine === "sqlite") return createSqliteStore({ path: at });
  if (engine === "postgres") {
    const pool = connectPostgres(at);
    const store = createPostgresStore({ pool });
    return {
      ...store,
      async close() {
        await store.close();
        await pool.end();
      },
    };
  }
  const client = await connectRedis(at);
  const store = createRedisStore({ client });
  return {
    ...store,
    async close() {
      await store.close();
      client.destroy();
    },
  };
}

/** Reads the name of an engine. */
export function engineOf(name: string | undefined): StoreAddress["engine"] {
  return name === "redis" || name === "postgres" ? name : "sqlite";
}
