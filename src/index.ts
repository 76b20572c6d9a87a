export type { CardMenuItem } from "./components/card/card-menu.js";
export { IntegrationCard, type IntegrationCardProps } from "./components/card/integration-card.js";
export type { SyncLabels } from "./components/labels/sync-labels.js";
export { SyncProgressDialog, type SyncProgressDialogProps } from "./components/modal/sync-progress-dialog.js";
export { SyncProgressModal, type SyncProgressModalProps } from "./components/modal/sync-progress-modal.js";
export type { SyncProgressRootProps } from "./components/progress/progress-root.js";
export { SyncProgress } from "./components/progress/sync-progress.js";
export type { ProgressAction as SyncProgressAction } from "./components/wording/describe-progress.js";
export * from "./headless.js";
