export type {
  PostgresConnection,
  PostgresMessage,
  PostgresPool,
  PostgresResult,
  PostgresRow,
} from "./server/postgres/postgres-pool.js";
export { createPostgresStore, type PostgresStoreOptions } from "./server/postgres/postgres-store.js";
export { postgresSchemaSql } from "./server/postgres/schema.js";
export type { StoreLimits } from "./server/store-limits.js";
