export type { SyncCapability } from "./protocol/capabilities.js";
export type { FailurePage, SyncFailure } from "./protocol/failure.js";
export type { Integration, IntegrationStatus } from "./protocol/integration.js";
export type { SyncSnapshot } from "./protocol/snapshot.js";
export { isTerminalStatus, type RunningStatus, type SyncStatus, type TerminalStatus } from "./protocol/status.js";
export type { SyncPhase } from "./protocol/sync-phase.js";
export type { SyncResult } from "./protocol/sync-result.js";
export { createSyncService } from "./server/create-sync-service.js";
export { createHealthRoutes, type HealthRoutesOptions } from "./server/health-routes.js";
export type { SyncRouteLimits } from "./server/http/route-limits.js";
export type { Authenticate, SignedInPerson } from "./server/http/sign-in.js";
export type {
  EnqueuedIntegration,
  IntegrationDefinition,
  IntegrationDescription,
  SyncRequestContext,
} from "./server/integration-definition.js";
export type { AttemptOptions, JobEngine, QueuedSync } from "./server/job-engine.js";
export { createMemoryStore, type MemoryStoreOptions } from "./server/memory-store.js";
export type { SyncObserver } from "./server/observers.js";
export { type RunAttemptOptions, runAttempt } from "./server/run-attempt.js";
export type { RunTimeouts } from "./server/run-timeouts.js";
export type { Scope } from "./server/scope.js";
export type { SyncSubject } from "./server/scope-hub.js";
export type {
  EmailEvent,
  EventLevel,
  EventSync,
  EventsSentEvent,
  LeaseLostEvent,
  RunEndedEvent,
  RunStartedEvent,
  ServiceEvent,
  StateChangedEvent,
  StoreCallEvent,
  StreamClosedEvent,
  StreamKind,
  StreamOpenedEvent,
  SyncEndedEvent,
  SyncTakenOverEvent,
} from "./server/service-event.js";
export {
  type DrainOptions,
  type ServiceState,
  type ShutdownListener,
  SyncServiceClosedError,
} from "./server/service-shutdown.js";
export type { AdoptedSync, StartedSync } from "./server/started-sync.js";
export type { StoreLimits } from "./server/store-limits.js";
export type { CommandResult } from "./server/sync-commands.js";
export { type RunSyncOptions, SyncAlreadyRunningError } from "./server/sync-creator.js";
export { SyncJobError, type SyncJobErrorOptions, SyncStoppedError } from "./server/sync-job-error.js";
export type { EmailNotices, SyncNotices } from "./server/sync-notices.js";
export { createSyncRoutes, type SyncRoutesOptions } from "./server/sync-routes.js";
export type { RunChange, RunFailure, RunStep, SyncJob, SyncRun } from "./server/sync-run.js";
export type { SyncHealth, SyncService, SyncServiceOptions, SyncServiceStats } from "./server/sync-service.js";
export {
  type Claim,
  type CreateResult,
  type FailureRequest,
  type HeldSync,
  InvalidCursorError,
  type LogPage,
  type NewNotice,
  type Notice,
  type PageRequest,
  type ScopeWatcher,
  StoreRecoveringError,
  type SyncChange,
  type SyncCommand,
  type SyncFilter,
  type SyncRecord,
  type SyncRecordPage,
  type SyncStore,
  type SyncWrite,
  type WriteResult,
} from "./server/sync-store.js";
export type { SyncSubscription, SyncUpdate } from "./server/sync-subscription.js";
