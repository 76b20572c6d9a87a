export type { CardMenuItem } from "./components/card/card-menu.js";
export {
  IntegrationCard,
  type IntegrationCardPart,
  type IntegrationCardProps,
} from "./components/card/integration-card.js";
export { labelsEn } from "./components/labels/en.js";
export { createFormatter, type Formatter, type PluralForms, pluralize } from "./components/labels/formatter.js";
export type { SyncLabels } from "./components/labels/sync-labels.js";
export type { ProgressDialogPart as SyncProgressDialogPart } from "./components/modal/progress-dialog.js";
export { SyncProgressDialog, type SyncProgressDialogProps } from "./components/modal/sync-progress-dialog.js";
export {
  SyncProgressModal,
  type SyncProgressModalProps,
} from "./components/modal/sync-progress-modal.js";
export {
  ProgressActionButton as SyncProgressAction,
  type ProgressActionButtonProps,
} from "./components/progress/progress-action-button.js";
export {
  ProgressActions as SyncProgressActions,
  type ProgressActionsProps,
} from "./components/progress/progress-actions.js";
export {
  ProgressAutoClose as SyncProgressAutoClose,
  type ProgressAutoCloseProps,
} from "./components/progress/progress-auto-close.js";
export { ProgressBar as SyncProgressBar, type ProgressBarProps } from "./components/progress/progress-bar.js";
export type { ButtonLook } from "./components/progress/progress-button.js";
export {
  ProgressConnectionNotice as SyncProgressConnectionNotice,
  type ProgressConnectionNoticeProps,
} from "./components/progress/progress-connection-notice.js";
export {
  ProgressCurrentItem as SyncProgressCurrentItem,
  type ProgressCurrentItemProps,
} from "./components/progress/progress-current-item.js";
export { ProgressError as SyncProgressError, type ProgressErrorProps } from "./components/progress/progress-error.js";
export { ProgressEta as SyncProgressEta, type ProgressEtaProps } from "./components/progress/progress-eta.js";
export {
  ProgressFailures as SyncProgressFailures,
  type ProgressFailuresProps,
} from "./components/progress/progress-failures.js";
export type { ProgressClassNames, ProgressPart } from "./components/progress/progress-parts.js";
export {
  ProgressPhases as SyncProgressPhases,
  type ProgressPhasesProps,
} from "./components/progress/progress-phases.js";
export { ProgressRoot as SyncProgressRoot, type ProgressRootProps } from "./components/progress/progress-root.js";
export { ProgressStage as SyncProgressStage, type ProgressStageProps } from "./components/progress/progress-stage.js";
export { ProgressStats as SyncProgressStats, type ProgressStatsProps } from "./components/progress/progress-stats.js";
export { ProgressTitle as SyncProgressTitle, type ProgressTitleProps } from "./components/progress/progress-title.js";
export { SyncProgress } from "./components/progress/sync-progress.js";
export type { ProgressHandlers } from "./components/progress/use-progress-actions.js";
export type { PartProps } from "./components/shared/part.js";
export {
  describeProgress,
  type ProgressAction,
  type ProgressKind,
  type ProgressNotice,
  type ProgressText,
  type ProgressTextSource,
} from "./components/wording/describe-progress.js";
export type { StartError } from "./components/wording/start-error.js";
export type { ProgressWordingProps } from "./components/wording/use-progress-wording.js";
export type { WordingProps } from "./components/wording/use-wording.js";
export * from "./headless.js";
