import { describe } from "vitest";
import { hasRedis, startRedis } from "./engines/redis-server.js";
import { describeStoreProcesses } from "./store-processes.js";

describe.skipIf(!hasRedis)("with processes of their own", () => {
  describeStoreProcesses("one Redis", async () => {
    const server = await startRedis();
    return { address: { engine: "redis", at: server.url }, remove: () => server.remove() };
  });
});
