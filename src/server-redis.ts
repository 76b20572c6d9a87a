export {
  type NodeRedisClient,
  type NodeRedisCluster,
  type NodeRedisSubscriber,
  nodeRedisDriver,
} from "./server/redis/node-redis-driver.js";
export type { RedisDriver } from "./server/redis/redis-driver.js";
export { createRedisStore, type RedisStoreOptions } from "./server/redis/redis-store.js";
export type { StoreLimits } from "./server/store-limits.js";
