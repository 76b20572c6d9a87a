export type { SyncDiagnostic } from "./client/diagnostic.js";
export type { Eta } from "./client/estimate-eta.js";
export type { CreateEventSource, EventLike, EventSourceLike } from "./client/event-source.js";
export { type HttpTransportOptions, httpTransport } from "./client/http-transport.js";
export type { MappedSnapshot, MapSnapshot } from "./client/map-snapshot.js";
export { type PollingTransportOptions, pollingTransport } from "./client/polling-transport.js";
export { SyncClient } from "./client/sync-client.js";
export type { SyncClientOptions } from "./client/sync-client-options.js";
export type { SyncCollection, SyncEvent } from "./client/sync-collection.js";
export { SyncRequestError, type SyncRequestErrorDetails } from "./client/sync-request.js";
export type {
  RunningSyncCommand,
  StartSyncOptions,
  StreamMessage,
  StreamSink,
  SyncTransport,
} from "./client/sync-transport.js";
export type { ConnectionStatus, SyncCommandName, SyncCommandState, SyncError, SyncView } from "./client/sync-view.js";
export {
  type WebSocketLike,
  type WebSocketTransportOptions,
  webSocketTransport,
} from "./client/web-socket-transport.js";
export type { SyncCapability } from "./protocol/capabilities.js";
export type { FailurePage, SyncFailure } from "./protocol/failure.js";
export type { Integration, IntegrationStatus } from "./protocol/integration.js";
export { DEFAULT_PHASES, type Phase } from "./protocol/phases.js";
export type { SyncSnapshot } from "./protocol/snapshot.js";
export { isTerminalStatus, type RunningStatus, type SyncStatus, type TerminalStatus } from "./protocol/status.js";
export type { SyncPage } from "./protocol/sync-page.js";
export type { SyncPhase } from "./protocol/sync-phase.js";
export type { SyncProgressState } from "./react/sync-progress-state.js";
export { type SyncClientSource, SyncProvider, type SyncProviderProps, useSyncClient } from "./react/sync-provider.js";
export {
  type AutoCloseControl,
  type AutoCloseHold,
  type UseAutoCloseOptions,
  useAutoClose,
} from "./react/use-auto-close.js";
export { type Integrations, useIntegrations } from "./react/use-integrations.js";
export type { SettledCallbacks, SyncSettledInfo } from "./react/use-settled-callbacks.js";
export { type StartSync, useStartSync } from "./react/use-start-sync.js";
export { type SyncFailures, type UseSyncFailuresOptions, useSyncFailures } from "./react/use-sync-failures.js";
export { type UseSyncProgressOptions, useSyncProgress } from "./react/use-sync-progress.js";
