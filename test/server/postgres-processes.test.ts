import { afterAll, beforeAll, describe } from "vitest";
import { hasPostgres, type PostgresServer, startPostgres } from "./engines/postgres-server.js";
import { describeStoreProcesses } from "./store-processes.js";

describe.skipIf(!hasPostgres)("with processes of their own", () => {
  let server: PostgresServer;
  let lastDatabase = 0;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.remove());

  describeStoreProcesses("one Postgres", async () => {
    lastDatabase += 1;
    const at = await server.createDatabase(`test_${lastDatabase}`);
    return { address: { engine: "postgres", at }, remove: async () => {} };
  });
});
