export type { SyncAggregate } from "./client/aggregate-syncs.js";
export type { SyncDiagnostic } from "./client/diagnostic.js";
export type { CreateEventSource } from "./client/event-source.js";
export { type HttpTransportOptions, httpTransport } from "./client/http-transport.js";
export type { MapSnapshot } from "./client/map-snapshot.js";
export { type PollingTransportOptions, pollingTransport } from "./client/polling-transport.js";
export type { SyncAllRow, SyncAllStatus, SyncAllSummary } from "./client/sync-all-rows.js";
export { SyncClient } from "./client/sync-client.js";
export type { SyncClientOptions } from "./client/sync-client-options.js";
export type { SyncEvent, SyncMessageEvent, SyncSubscriptionOptions } from "./client/sync-collection.js";
export { SyncRequestError } from "./client/sync-request.js";
export type { NotifyOptions, StartSyncOptions, StreamSink, SyncTransport } from "./client/sync-transport.js";
export type { SyncCommandState, SyncError, SyncView } from "./client/sync-view.js";
export { type WebSocketTransportOptions, webSocketTransport } from "./client/web-socket-transport.js";
export type { SyncCapability } from "./protocol/capabilities.js";
export type { DownloadFormat, DownloadList, SyncDownload } from "./protocol/download.js";
export type { FailureQuery, SyncListQuery } from "./protocol/endpoints.js";
export type { SyncFailure } from "./protocol/failure.js";
export type { Integration } from "./protocol/integration.js";
export type { SyncSnapshot } from "./protocol/snapshot.js";
export { isTerminalStatus, type SyncStatus, type TerminalStatus } from "./protocol/status.js";
export type { SyncPage } from "./protocol/sync-page.js";
export type { SyncPhase } from "./protocol/sync-phase.js";
export type { SyncResult } from "./protocol/sync-result.js";
export type { NotificationWords } from "./react/notification-text.js";
export type { SyncProgressState } from "./react/sync-progress-state.js";
export { type SyncClientSource, SyncProvider, useSyncClient } from "./react/sync-provider.js";
export { type ActiveSyncsResult, useActiveSyncs } from "./react/use-active-syncs.js";
export { type AutoCloseControl, type UseAutoCloseOptions, useAutoClose } from "./react/use-auto-close.js";
export { type Integrations, useIntegrations } from "./react/use-integrations.js";
export type { SettledCallbacks, SyncSettledInfo } from "./react/use-settled-callbacks.js";
export { type StartSync, useStartSync } from "./react/use-start-sync.js";
export { type SyncAllState, type UseSyncAllOptions, useSyncAll } from "./react/use-sync-all.js";
export { type SyncFailures, type UseSyncFailuresOptions, useSyncFailures } from "./react/use-sync-failures.js";
export {
  type SyncHistoryFilter,
  type SyncHistoryState,
  type UseSyncHistoryOptions,
  useSyncHistory,
} from "./react/use-sync-history.js";
export {
  type SyncNotificationPermission,
  type SyncNotifications,
  type UseSyncNotificationsOptions,
  useSyncNotifications,
} from "./react/use-sync-notifications.js";
export { type UseSyncProgressOptions, useSyncProgress } from "./react/use-sync-progress.js";
