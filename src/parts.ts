export {
  ProgressActionButton as SyncProgressAction,
  type ProgressActionButtonProps as SyncProgressActionProps,
} from "./components/progress/progress-action-button.js";
export {
  ProgressActions as SyncProgressActions,
  type ProgressActionsProps as SyncProgressActionsProps,
} from "./components/progress/progress-actions.js";
export {
  ProgressAutoClose as SyncProgressAutoClose,
  type ProgressAutoCloseProps as SyncProgressAutoCloseProps,
} from "./components/progress/progress-auto-close.js";
export {
  ProgressBar as SyncProgressBar,
  type ProgressBarProps as SyncProgressBarProps,
} from "./components/progress/progress-bar.js";
export {
  ProgressConnectionNotice as SyncProgressConnectionNotice,
  type ProgressConnectionNoticeProps as SyncProgressConnectionNoticeProps,
} from "./components/progress/progress-connection-notice.js";
export {
  ProgressCurrentItem as SyncProgressCurrentItem,
  type ProgressCurrentItemProps as SyncProgressCurrentItemProps,
} from "./components/progress/progress-current-item.js";
export {
  ProgressError as SyncProgressErrorMessage,
  type ProgressErrorProps as SyncProgressErrorMessageProps,
} from "./components/progress/progress-error.js";
export {
  ProgressEta as SyncProgressEta,
  type ProgressEtaProps as SyncProgressEtaProps,
} from "./components/progress/progress-eta.js";
export {
  ProgressFailures as SyncProgressFailures,
  type ProgressFailuresProps as SyncProgressFailuresProps,
} from "./components/progress/progress-failures.js";
export type { ProgressPart as SyncProgressPart } from "./components/progress/progress-parts.js";
export {
  ProgressPhases as SyncProgressPhases,
  type ProgressPhasesProps as SyncProgressPhasesProps,
} from "./components/progress/progress-phases.js";
export {
  ProgressRoot as SyncProgressRoot,
  type ProgressRootProps as SyncProgressRootProps,
} from "./components/progress/progress-root.js";
export {
  ProgressStage as SyncProgressStage,
  type ProgressStageProps as SyncProgressStageProps,
} from "./components/progress/progress-stage.js";
export {
  ProgressStats as SyncProgressStats,
  type ProgressStatsProps as SyncProgressStatsProps,
} from "./components/progress/progress-stats.js";
export {
  ProgressTitle as SyncProgressTitle,
  type ProgressTitleProps as SyncProgressTitleProps,
} from "./components/progress/progress-title.js";
export type { ProgressHandlers as SyncProgressHandlers } from "./components/progress/use-progress-actions.js";
export type { StartError } from "./components/wording/start-error.js";
export type { ProgressWordingProps } from "./components/wording/use-progress-wording.js";
export type { WordingProps } from "./components/wording/use-wording.js";
