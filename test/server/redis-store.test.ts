import { createClient } from "redis";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { nodeRedisDriver } from "../../src/server/redis/node-redis-driver.js";
import type { RedisDriver } from "../../src/server/redis/redis-driver.js";
import { createRedisStore, type RedisStoreOptions } from "../../src/server/redis/redis-store.js";
import type { SyncStore } from "../../src/server/sync-store.js";
import { eventually } from "../support/eventually.js";
import { ada } from "./a-job.js";
import { connectRedis, hasRedis, type RedisServer, startRedis } from "./engines/redis-server.js";
import { anEnd, aRecord, aWrite, describeSyncStore, endThreeSyncs } from "./store-contract.js";

describe.skipIf(!hasRedis)("on a real Redis", () => {
  let server: RedisServer;
  let clients: readonly Awaited<ReturnType<typeof connectRedis>>[] = [];
  let lastPrefix = 0;
  let prefix = "";
  const stores: SyncStore[] = [];

  beforeAll(async () => {
    server = await startRedis();
    clients = await Promise.all([connectRedis(server.url), connectRedis(server.url)]);
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const store of stores.splice(0)) await store.close();
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await server?.remove();
  });

  function clientOf(index: number) {
    const client = clients[index];
    if (client === undefined) throw new Error("Redis is not connected.");
    return client;
  }

  /** Stores of two processes, with data of their own. */
  function twoStores() {
    lastPrefix += 1;
    prefix = `test-${lastPrefix}`;
    return {
      store: createRedisStore({ client: clientOf(0), prefix }),
      other: createRedisStore({ client: clientOf(1), prefix }),
      remove: () => {},
    };
  }

  function aStore(options: Partial<RedisStoreOptions> = {}): SyncStore {
    lastPrefix += 1;
    prefix = `test-${lastPrefix}`;
    return another(options);
  }

  /** One more store on the same data. */
  function another(options: Partial<RedisStoreOptions> = {}): SyncStore {
    const store = createRedisStore({ client: clientOf(0), prefix, ...options });
    stores.push(store);
    return store;
  }

  /** The keys of syncs and leases: not what tells one life of the engine from the next. */
  const keysNow = async () => (await clientOf(0).keys(`${prefix}:*`)).filter((key) => !key.endsWith(":epoch"));
  const LEASE_MS = 1_000;

  /** Looks for stopped leases for three of them; to be called with a clock that is faked. */
  async function takeStopped(store: SyncStore) {
    const taken = [];
    for (let look = 0; look < 6; look += 1) {
      taken.push(...(await store.takeOver("sweeper", LEASE_MS, 10)));
      vi.advanceTimersByTime(LEASE_MS / 2);
    }
    return taken;
  }

  /** A driver of a process that dies before its first command to a key that matches. */
  function dyingAt(key: RegExp): RedisDriver {
    const driver = nodeRedisDriver(clientOf(1));
    let isDead = false;
    return {
      ...driver,
      command: (first, ...rest) => {
        isDead ||= key.test(first);
        return isDead ? Promise.reject(new Error("The process has died.")) : driver.command(first, ...rest);
      },
    };
  }

  describeSyncStore("Redis", twoStores);

  describe("what is kept", () => {
    it("is no more than the store is told", async () => {
      const store = aStore({ maxEnded: 2, maxFailures: 3, maxLogLines: 3 });
      await endThreeSyncs(store);
      expect((await store.list(ada, {}, { limit: 10 })).records.map(({ snapshot }) => snapshot.syncId)).toEqual([
        "z",
        "y",
      ]);
      expect((await keysNow()).filter((key) => key.endsWith(":x"))).toEqual([]);
    });

    it("can be 10,000 failed items in one write", async () => {
      const store = aStore();
      await store.create(aRecord());
      const failures = Array.from({ length: 10_500 }, (_, at) => ({ item: `item ${at}`, reason: "broken", at }));
      expect((await store.write(ada, aWrite({}, { failures }))).is).toBe("written");
      const page = await store.listFailures(ada, "sync-1", { limit: 100_000 });
      expect(page.failures).toEqual(failures.slice(0, 10_000));
    });

    it("goes when its time is over, though no service deletes it", async () => {
      const store = aStore({ ttlMs: 1 });
      const parts = {
        failures: [{ item: "a", reason: "b", at: 1 }],
        log: ["1"],
        notices: [{ kind: "email", payload: "" }],
      };
      await store.create(aRecord());
      await store.write(ada, anEnd("complete", {}, parts));
      await eventually(async () => expect((await keysNow()).filter((key) => !key.includes("{all}"))).toEqual([]));
      await store.deleteEndedBefore(6, 10);
      expect(await store.claimNotices("email", 1_000, 10)).toEqual([]);
      expect((await keysNow()).filter((key) => !key.includes("outbox"))).toEqual([]);
    });

    it("is listed without what has gone, as long as another sync of the person runs", async () => {
      const store = aStore({ ttlMs: 1 });
      await store.create(aRecord({ syncId: "running", connectorType: "slack" }));
      await store.create(aRecord({ syncId: "ended" }));
      await store.write(ada, anEnd("complete", { syncId: "ended" }));
      const ids = async () => (await store.list(ada, {}, { limit: 10 })).records.map(({ snapshot }) => snapshot.syncId);
      await eventually(async () => expect(await ids()).toEqual(["running"]));
      expect(await clientOf(0).zRange(`${prefix}:{acme:ada}:index`, 0, -1)).toEqual(["running"]);
    });

    it("may have been lost: a sync that was evicted is in nobody's way", async () => {
      const store = aStore();
      await store.create(aRecord());
      await clientOf(0).del(`${prefix}:{acme:ada}:s:sync-1`);
      expect(await store.create(aRecord({ syncId: "next" }))).toEqual({ isCreated: true });
      expect(await store.restore(aRecord())).toBe(false);
    });
  });

  describe("a process that dies", () => {
    it("between the lease and the sync leaves nothing behind", async () => {
      vi.useFakeTimers({ toFake: ["performance"] });
      const store = aStore();
      const dying = another({ client: dyingAt(/:s:/) });
      await expect(dying.create(aRecord())).rejects.toThrow("has died");
      expect(await takeStopped(store)).toEqual([]);
      expect(await keysNow()).toEqual([]);
    });

    it("between the end of a sync and the removal of its lease leaves nothing that is taken", async () => {
      vi.useFakeTimers({ toFake: ["performance"] });
      const store = aStore();
      await store.create(aRecord());
      await another({ client: dyingAt(/:leases$/) }).write(ada, anEnd());
      expect(await store.get(ada, "sync-1")).toMatchObject({ claim: null, snapshot: { status: "complete" } });
      expect(await takeStopped(store)).toEqual([]);
      expect((await keysNow()).filter((key) => /leases|owners/.test(key))).toEqual([]);
    });

    it("between taking a lease and claiming its sync has its work done by the next one", async () => {
      vi.useFakeTimers({ toFake: ["performance"] });
      const store = aStore();
      await store.create(aRecord());
      const dying = another({ client: dyingAt(/:s:/) });
      await expect(takeStopped(dying)).rejects.toThrow("has died");
      expect(await takeStopped(store)).toMatchObject([{ claim: { ownerId: "sweeper", fence: 3 } }]);
      expect(await store.write(ada, aWrite())).toEqual({ is: "superseded" });
    });

    it("between the announcement of notices and the end of the sync leaves no notice, and the next one is found", async () => {
      const store = aStore();
      const notices = [{ kind: "email", payload: "p" }];
      await store.create(aRecord());
      const end = anEnd("complete", {}, { notices });
      await expect(another({ client: dyingAt(/:s:/) }).write(ada, end)).rejects.toThrow("has died");
      expect(await store.claimNotices("email", 60_000, 10)).toEqual([]);
      await store.write(ada, end);
      expect(await store.claimNotices("email", 60_000, 10)).toHaveLength(1);
    });
  });

  describe("leases", () => {
    it("that Redis has lost are given to their owner again", async () => {
      vi.useFakeTimers({ toFake: ["performance"] });
      const store = aStore();
      await store.create(aRecord());
      await clientOf(0).del([`${prefix}:{all}:leases`, `${prefix}:{all}:owners`]);
      expect(await store.renew("process-1", [{ scope: ada, syncId: "sync-1" }], LEASE_MS)).toEqual([]);
      expect(await takeStopped(store)).toHaveLength(1);
    });

    it("do not count as lost with a sync that Redis has lost: its owner writes it again", async () => {
      const store = aStore();
      await store.create(aRecord());
      await clientOf(0).del(await keysNow());
      expect(await store.renew("process-1", [{ scope: ada, syncId: "sync-1" }], LEASE_MS)).toEqual([]);
    });
  });

  describe("the connection", () => {
    it("is read again after a loss, and notifies as before", async () => {
      const store = aStore();
      const gap = vi.fn();
      const change = vi.fn();
      await another({ client: clientOf(1) }).watch(ada, { change, gap });
      await clientOf(0).sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"]);
      await eventually(() => expect(gap).toHaveBeenCalledOnce());
      await store.create(aRecord());
      await eventually(() => expect(change).toHaveBeenCalledOnce());
    });

    it("holds no subscription once nothing is watched, and none is left over of 1,000", async () => {
      const store = aStore();
      const channels = async () => clientOf(0).sendCommand(["PUBSUB", "SHARDCHANNELS", `${prefix}:*`]);
      const scopes = Array.from({ length: 1_000 }, (_, index) => ({ ...ada, userId: `user-${index}` }));
      const unwatch = await Promise.all(scopes.map((scope) => store.watch(scope, { change: () => {}, gap: () => {} })));
      expect(await channels()).toHaveLength(1_000);
      for (const stop of unwatch) stop();
      await eventually(async () => expect(await channels()).toEqual([]));
    });

    it("gets the scripts again when Redis has forgotten them", async () => {
      const store = aStore();
      await store.create(aRecord());
      await clientOf(0).scriptFlush();
      expect((await store.write(ada, aWrite())).is).toBe("written");
    });

    it("stays the application's own when the store is closed", async () => {
      const store = aStore();
      await store.watch(ada, { change: () => {}, gap: () => {} });
      await store.close();
      expect(await clientOf(0).ping()).toBe("PONG");
    });

    it("may be one of RESP2, and one by a driver", async () => {
      const client = createClient({ url: server.url, RESP: 2 });
      await client.connect();
      const store = aStore({ client: nodeRedisDriver(client) });
      const changes: unknown[] = [];
      await store.watch(ada, { change: (change) => changes.push(change), gap: () => {} });
      for (const syncId of ["a", "b", "c"]) await store.create(aRecord({ syncId, connectorType: syncId }));
      await another().write(ada, anEnd("complete", { syncId: "a" }));
      await eventually(() => expect(changes).toHaveLength(4));
      const first = await store.list(ada, {}, { limit: 2 });
      const second = await store.list(ada, {}, { limit: 2, cursor: first.nextCursor ?? "" });
      const ids = [first, second].map(({ records }) => records.map(({ snapshot }) => snapshot.syncId));
      expect(ids).toEqual([["c", "b"], ["a"]]);
      await store.close();
      client.destroy();
    });
  });

  it.each([
    [{ prefix: "" }, "prefix must be a text without braces"],
    [{ prefix: "a{b}" }, "prefix must be a text without braces"],
    [{ ttlMs: 0 }, "ttlMs must be a whole number above 0"],
    [{ ttlMs: Number.POSITIVE_INFINITY }, "ttlMs must be a whole number above 0"],
  ])("refuses the options %j", (options, message) => {
    expect(() => createRedisStore({ client: clientOf(0), ...options })).toThrow(message);
  });
});
