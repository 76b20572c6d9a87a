import { describe } from "vitest";
import { hasRedis, startRedis } from "./engines/redis-server.js";
import { describeStoreOutage } from "./store-outage.js";

describe.skipIf(!hasRedis)("while it is away", () => {
  const startWith = (args: readonly string[]) => async () => {
    const server = await startRedis(args);
    return { ...server, address: { engine: "redis", at: server.url } as const };
  };
  describeStoreOutage("Redis without persistence", startWith([]));
  describeStoreOutage("Redis with persistence", startWith(["--appendonly", "yes", "--appendfsync", "everysec"]));
});
