export { createSqliteStore, type SqliteStoreOptions } from "./server/sqlite/sqlite-store.js";
export type { StoreLimits } from "./server/store-limits.js";
