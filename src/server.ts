export type { SyncCapability } from "./protocol/capabilities.js";
export type { FailurePage, SyncFailure } from "./protocol/failure.js";
export type { Integration, IntegrationStatus } from "./protocol/integration.js";
export type { SyncSnapshot } from "./protocol/snapshot.js";
export { isTerminalStatus, type RunningStatus, type SyncStatus, type TerminalStatus } from "./protocol/status.js";
export type { SyncPhase } from "./protocol/sync-phase.js";
export type { IntegrationDefinition, SyncRequestContext } from "./server/integration-definition.js";
export { createMemoryStore, type MemoryStoreOptions } from "./server/memory-store.js";
export type { Scope } from "./server/scope.js";
export { SyncJobError, SyncStoppedError } from "./server/sync-job-error.js";
export { createSyncRoutes, type SyncRoutesOptions } from "./server/sync-routes.js";
export type { RunChange, RunTimeouts, SyncRun } from "./server/sync-run.js";
export {
  type CommandResult,
  createSyncService,
  type RunSyncOptions,
  type StartedSync,
  SyncAlreadyRunningError,
  type SyncJob,
  type SyncService,
  type SyncServiceOptions,
} from "./server/sync-service.js";
export {
  type CreateResult,
  InvalidCursorError,
  type PageRequest,
  type SyncFilter,
  type SyncRecord,
  type SyncRecordPage,
  type SyncStore,
} from "./server/sync-store.js";
