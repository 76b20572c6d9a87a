export type { CardMenuItem } from "./components/card-menu.js";
export {
  type DescribedProgress,
  describeProgress,
  type ProgressAction,
  type ProgressDescription,
  type ProgressKind,
  type ProgressNotice,
} from "./components/describe-progress.js";
export { IntegrationCard, type IntegrationCardPart, type IntegrationCardProps } from "./components/integration-card.js";
export { labelsEn } from "./components/labels/en.js";
export { createFormatter, type Formatter, type PluralForms, pluralize } from "./components/labels/formatter.js";
export type { SyncLabels } from "./components/labels/sync-labels.js";
export type { PartProps } from "./components/part.js";
export {
  ProgressActionButton as SyncProgressAction,
  type ProgressActionButtonProps,
} from "./components/progress-action-button.js";
export { ProgressActions as SyncProgressActions, type ProgressActionsProps } from "./components/progress-actions.js";
export {
  ProgressAutoClose as SyncProgressAutoClose,
  type ProgressAutoCloseProps,
} from "./components/progress-auto-close.js";
export { ProgressBar as SyncProgressBar, type ProgressBarProps } from "./components/progress-bar.js";
export type { ButtonLook } from "./components/progress-button.js";
export {
  ProgressConnectionNotice as SyncProgressConnectionNotice,
  type ProgressConnectionNoticeProps,
} from "./components/progress-connection-notice.js";
export {
  ProgressCurrentItem as SyncProgressCurrentItem,
  type ProgressCurrentItemProps,
} from "./components/progress-current-item.js";
export { ProgressError as SyncProgressError, type ProgressErrorProps } from "./components/progress-error.js";
export { ProgressEta as SyncProgressEta, type ProgressEtaProps } from "./components/progress-eta.js";
export {
  ProgressFailures as SyncProgressFailures,
  type ProgressFailuresProps,
} from "./components/progress-failures.js";
export type { ProgressClassNames, ProgressPart } from "./components/progress-parts.js";
export {
  type ProgressHandlers,
  ProgressRoot as SyncProgressRoot,
  type ProgressRootProps,
} from "./components/progress-root.js";
export { ProgressStage as SyncProgressStage, type ProgressStageProps } from "./components/progress-stage.js";
export { ProgressStats as SyncProgressStats, type ProgressStatsProps } from "./components/progress-stats.js";
export { ProgressTitle as SyncProgressTitle, type ProgressTitleProps } from "./components/progress-title.js";
export { SyncProgress } from "./components/sync-progress.js";
export {
  SyncProgressModal,
  type SyncProgressModalPart,
  type SyncProgressModalProps,
} from "./components/sync-progress-modal.js";
export type { ProgressWording } from "./components/use-description.js";
export type { Wording } from "./components/use-wording.js";
export * from "./headless.js";
