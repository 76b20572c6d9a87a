import { createCluster } from "redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRedisStore } from "../../src/server/redis/redis-store.js";
import { eventually } from "../support/eventually.js";
import { connectRedis, hasRedis, type RedisServer, startRedis } from "./engines/redis-server.js";
import { anEnd, aRecord, describeSyncStore } from "./store-contract.js";

const SLOTS = 16_384;
const NODES = 3;

/** Starts the nodes, gives each its part of the slots, and waits until all of them agree. */
async function startCluster(): Promise<readonly RedisServer[]> {
  const nodes = await Promise.all(Array.from({ length: NODES }, () => startRedis(["--cluster-enabled", "yes"])));
  const admins = await Promise.all(nodes.map(({ url }) => connectRedis(url)));
  const [first] = nodes;
  for (const [index, admin] of admins.entries()) {
    const from = Math.ceil((SLOTS * index) / NODES);
    const until = Math.ceil((SLOTS * (index + 1)) / NODES) - 1;
    await admin.sendCommand(["CLUSTER", "SET-CONFIG-EPOCH", String(index + 1)]);
    await admin.sendCommand(["CLUSTER", "ADDSLOTSRANGE", String(from), String(until)]);
    await admin.sendCommand(["CLUSTER", "MEET", "127.0.0.1", String(first?.port)]);
  }
  await Promise.all(
    admins.map((admin) =>
      eventually(async () => {
        const info = String(await admin.sendCommand(["CLUSTER", "INFO"]));
        expect(info).toContain("cluster_state:ok");
        expect(info).toContain(`cluster_known_nodes:${NODES}`);
      }),
    ),
  );
  for (const admin of admins) admin.destroy();
  return nodes;
}

function connectCluster(nodes: readonly RedisServer[]) {
  return createCluster({ rootNodes: nodes.map(({ url }) => ({ url })) })
    .on("error", () => {})
    .connect();
}

describe.skipIf(!hasRedis)("on a cluster of three", () => {
  let nodes: readonly RedisServer[] = [];
  let clients: readonly Awaited<ReturnType<typeof connectCluster>>[] = [];
  let lastPrefix = 0;

  beforeAll(async () => {
    nodes = await startCluster();
    clients = await Promise.all([connectCluster(nodes), connectCluster(nodes)]);
  }, 60_000);
  afterAll(async () => {
    for (const client of clients) client.destroy();
    for (const node of nodes) await node.remove();
  });

  function createStores() {
    lastPrefix += 1;
    const [first, second] = clients;
    if (first === undefined || second === undefined) throw new Error("The cluster is not connected.");
    const prefix = `test-${lastPrefix}`;
    return {
      store: createRedisStore({ client: first, prefix }),
      other: createRedisStore({ client: second, prefix }),
      remove: () => {},
    };
  }

  describeSyncStore("Redis", createStores);

  it("keeps the scopes on all nodes, and notifies of each", async () => {
    const { store, other } = createStores();
    const scopes = Array.from({ length: 30 }, (_, index) => ({ tenantId: "{acme}", userId: `user-${index}` }));
    const seen: string[] = [];
    const gap = () => {};
    for (const scope of scopes) await other.watch(scope, { change: () => seen.push(scope.userId), gap });
    for (const scope of scopes) {
      await store.create(aRecord({ syncId: "x{y}" }, { scope }));
      await store.write(scope, anEnd("complete", { syncId: "x{y}" }));
    }
    await eventually(() => expect(seen).toHaveLength(60));
    expect(new Set(seen).size).toBe(30);
    for (const { url } of nodes) {
      const node = await connectRedis(url);
      expect((await node.keys(`test-${lastPrefix}:*`)).length).toBeGreaterThan(0);
      node.destroy();
    }
    expect(await store.deleteEndedBefore(6, 100)).toBe(30);
    await store.close();
    await other.close();
  });
});
