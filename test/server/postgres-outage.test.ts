import { describe } from "vitest";
import { hasPostgres, startPostgres } from "./engines/postgres-server.js";
import { describeStoreOutage } from "./store-outage.js";

describe.skipIf(!hasPostgres)("while it is away", () => {
  describeStoreOutage("Postgres", async () => {
    const server = await startPostgres();
    return { ...server, address: { engine: "postgres", at: server.url } };
  });
});
