import type { Pool } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { PostgresPool } from "../../src/server/postgres/postgres-pool.js";
import { createPostgresStore, type PostgresStoreOptions } from "../../src/server/postgres/postgres-store.js";
import { postgresSchemaSql } from "../../src/server/postgres/schema.js";
import type { SyncChange, SyncStore } from "../../src/server/sync-store.js";
import { eventually } from "../support/eventually.js";
import { ada } from "./a-job.js";
import { connectPostgres, hasPostgres, type PostgresServer, startPostgres } from "./engines/postgres-server.js";
import { aRecord, aWrite, describeSyncStore, endThreeSyncs } from "./store-contract.js";

/** A pool of a pooler in transaction mode: each statement may be on another connection, and what arrives there is lost. */
function pooledByTransaction(pool: Pool): PostgresPool {
  const query: PostgresPool["query"] = (text, values) =>
    pool.query(text, values === undefined ? undefined : [...values]);
  return { query, connect: async () => ({ query, on: () => {}, release: () => {} }) };
}

describe.skipIf(!hasPostgres)("on a real Postgres", () => {
  let server: PostgresServer;
  let pools: readonly Pool[] = [];
  let lastSchema = 0;
  let schema = "";
  const stores: SyncStore[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    pools = [connectPostgres(server.url), connectPostgres(server.url)];
  }, 60_000);
  afterEach(async () => {
    vi.useRealTimers();
    for (const store of stores.splice(0)) await store.close();
  });
  afterAll(async () => {
    for (const pool of pools) await pool.end();
    await server?.remove();
  });

  function poolOf(index: number): Pool {
    const pool = pools[index];
    if (pool === undefined) throw new Error("Postgres is not connected.");
    return pool;
  }

  /** Stores of two processes, with data of their own. */
  function twoStores() {
    lastSchema += 1;
    schema = `test_${lastSchema}`;
    return {
      store: createPostgresStore({ pool: poolOf(0), schema }),
      other: createPostgresStore({ pool: poolOf(1), schema }),
      remove: () => {},
    };
  }

  /** A store with tables of its own, or one more on these. */
  function aStore(options: Partial<PostgresStoreOptions> = {}): SyncStore {
    lastSchema += 1;
    schema = `test_${lastSchema}`;
    return another(options);
  }
  function another(options: Partial<PostgresStoreOptions> = {}): SyncStore {
    const store = createPostgresStore({ pool: poolOf(0), schema, ...options });
    stores.push(store);
    return store;
  }
  const watcher = { change: () => {}, gap: () => {} };

  describeSyncStore("Postgres", twoStores);

  it("keeps no more than the store is told", async () => {
    const store = aStore({ maxEnded: 2, maxFailures: 3, maxLogLines: 3 });
    await endThreeSyncs(store);
    expect((await store.list(ada, {}, { limit: 10 })).records.map(({ snapshot }) => snapshot.syncId)).toEqual([
      "z",
      "y",
    ]);
    const { rows } = await poolOf(0).query(`SELECT count(*)::int AS count FROM ${schema}.failures`);
    expect(rows).toEqual([{ count: 6 }]);
  });

  describe("the tables", () => {
    it("are made once, by however many processes begin at the same moment", async () => {
      const all = [aStore(), ...Array.from({ length: 19 }, (_, index) => another({ pool: poolOf(index % 2) }))];
      const results = await Promise.all(all.map((store, index) => store.create(aRecord({ syncId: `sync-${index}` }))));
      expect(results.filter(({ isCreated }) => isCreated)).toHaveLength(1);
    });

    it("can be made by a migration, repeatedly, for a user who may not make any", async () => {
      const store = aStore();
      for (let times = 0; times < 2; times += 1) await poolOf(0).query(postgresSchemaSql(schema));
      const query = vi.spyOn(poolOf(0), "query");
      await store.create(aRecord());
      await poolOf(0).query(postgresSchemaSql(schema));
      expect(query.mock.calls.filter(([sql]) => String(sql).includes("CREATE"))).toHaveLength(1);
      query.mockRestore();
      expect(await store.get(ada, "sync-1")).not.toBeNull();
    });

    it("of a newer version are refused", async () => {
      const store = aStore();
      await poolOf(0).query(postgresSchemaSql(schema));
      await poolOf(0).query(`UPDATE ${schema}.version SET version = 99`);
      await expect(store.get(ada, "sync-1")).rejects.toThrow("was made by a newer version of react-sync-progress (99");
    });

    it("are asked for again when they could not be made", async () => {
      const store = aStore();
      const query = vi.spyOn(poolOf(0), "query").mockRejectedValueOnce(new Error("away") as never);
      await expect(store.get(ada, "sync-1")).rejects.toThrow("away");
      query.mockRestore();
      expect(await store.get(ada, "sync-1")).toBeNull();
    });

    it.each(["", "Upper", "a b", "a;DROP", "x".repeat(42)])("cannot be in a schema of the name %j", (name) => {
      expect(() => createPostgresStore({ pool: poolOf(0), schema: name })).toThrow("SyncProgressError: schema must be");
    });
  });

  describe("the connection that listens", () => {
    const listeners = async () =>
      (
        await poolOf(1).query(
          "SELECT pid FROM pg_stat_activity WHERE query LIKE '%LISTEN%' AND pid <> pg_backend_pid()",
        )
      ).rows;

    it("is one for all that is watched, and is closed with the store", async () => {
      const store = aStore();
      const scopes = Array.from({ length: 100 }, (_, index) => ({ ...ada, userId: `user-${index}` }));
      const unwatch = await Promise.all(scopes.map((scope) => store.watch(scope, watcher)));
      expect(await listeners()).toHaveLength(1);
      for (const stop of unwatch) stop();
      await store.close();
      await eventually(async () => expect(await listeners()).toEqual([]));
    });

    it("is opened again after a loss, and what is watched is read again", async () => {
      const store = aStore();
      const changes: SyncChange[] = [];
      const gap = vi.fn();
      await store.watch(ada, { change: (change) => changes.push(change), gap });
      const [lost] = await listeners();
      await poolOf(1).query("SELECT pg_terminate_backend($1)", [lost?.pid]);
      await eventually(() => expect(gap).toHaveBeenCalledOnce());
      await another({ pool: poolOf(1) }).create(aRecord());
      await eventually(() => expect(changes).toHaveLength(1));
    });

    it("says so if a pooler keeps notifications from it, and works with one that does not", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true, advanceTimeDelta: 500 });
      const pool = pooledByTransaction(poolOf(0));
      const store = aStore({ pool });
      await expect(store.watch(ada, watcher)).rejects.toThrow(
        /transaction mode, give createPostgresStore a listenPool/,
      );
      expect(await store.create(aRecord())).toEqual({ isCreated: true });
      const direct = another({ pool, listenPool: poolOf(1) });
      const changes: SyncChange[] = [];
      await direct.watch(ada, { ...watcher, change: (change) => changes.push(change) });
      await store.write(ada, aWrite());
      await eventually(() => expect(changes).toHaveLength(1));
    });

    it("gets what is too long for a notification by reading it", async () => {
      const store = aStore();
      const other = another({ pool: poolOf(1) });
      const changes: SyncChange[] = [];
      await store.create(aRecord());
      await other.watch(ada, { ...watcher, change: (change) => changes.push(change) });
      await store.write(ada, aWrite({ stage: "\u{1F600}".repeat(3_000), processedItems: 1 }));
      const record = await store.get(ada, "sync-1");
      await eventually(() => expect(changes).toEqual([{ type: "snapshot", snapshot: record?.snapshot }]));
    });
  });
});
