import { afterAll, beforeAll, describe } from "vitest";
import type { StoreAddress } from "../processes/open-store.js";
import { hasPostgres, type PostgresServer, startPostgres } from "./postgres-server.js";
import { hasRedis, startRedis } from "./redis-server.js";

/** An engine that has no data yet. */
export interface EmptyEngine {
  readonly address: StoreAddress;
  remove(): Promise<void>;
}

/** Registers the same tests for Redis and Postgres. A Postgres is shared by all of them, each with a database of its own. */
export function describeEngines(title: string, register: (createEngine: () => Promise<EmptyEngine>) => void): void {
  describe.skipIf(!hasRedis)(`${title} on Redis`, () => {
    register(async () => {
      const server = await startRedis();
      return { address: { engine: "redis", at: server.url }, remove: () => server.remove() };
    });
  });

  describe.skipIf(!hasPostgres)(`${title} on Postgres`, () => {
    let server: PostgresServer;
    let lastDatabase = 0;
    beforeAll(async () => {
      server = await startPostgres();
    }, 60_000);
    afterAll(() => server?.remove());

    register(async () => {
      lastDatabase += 1;
      const at = await server.createDatabase(`test_${lastDatabase}`);
      return { address: { engine: "postgres", at }, remove: async () => {} };
    });
  });
}
