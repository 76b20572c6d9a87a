export {
  SyncProgressAction,
  type SyncProgressActionProps,
} from "./components/progress/progress-action.js";
export {
  SyncProgressActions,
  type SyncProgressActionsProps,
} from "./components/progress/progress-actions.js";
export {
  SyncProgressAutoClose,
  type SyncProgressAutoCloseProps,
} from "./components/progress/progress-auto-close.js";
export {
  SyncProgressBar,
  type SyncProgressBarProps,
} from "./components/progress/progress-bar.js";
export {
  SyncProgressConnectionNotice,
  type SyncProgressConnectionNoticeProps,
} from "./components/progress/progress-connection-notice.js";
export {
  SyncProgressCurrentItem,
  type SyncProgressCurrentItemProps,
} from "./components/progress/progress-current-item.js";
export {
  SyncProgressErrorMessage,
  type SyncProgressErrorMessageProps,
} from "./components/progress/progress-error-message.js";
export {
  SyncProgressEta,
  type SyncProgressEtaProps,
} from "./components/progress/progress-eta.js";
export {
  SyncProgressFailures,
  type SyncProgressFailuresProps,
} from "./components/progress/progress-failures.js";
export {
  SyncProgressNotifyEmail,
  type SyncProgressNotifyEmailProps,
} from "./components/progress/progress-notify-email.js";
export type { SyncProgressPart } from "./components/progress/progress-parts.js";
export {
  SyncProgressPhases,
  type SyncProgressPhasesProps,
} from "./components/progress/progress-phases.js";
export {
  SyncProgressRoot,
  type SyncProgressRootProps,
} from "./components/progress/progress-root.js";
export {
  SyncProgressStage,
  type SyncProgressStageProps,
} from "./components/progress/progress-stage.js";
export {
  SyncProgressStats,
  type SyncProgressStatsProps,
} from "./components/progress/progress-stats.js";
export {
  SyncProgressTitle,
  type SyncProgressTitleProps,
} from "./components/progress/progress-title.js";
export type { SyncProgressHandlers } from "./components/progress/use-progress-actions.js";
export type { StartError } from "./components/wording/start-error.js";
export type { ProgressWordingProps } from "./components/wording/use-progress-wording.js";
export type { WordingProps } from "./components/wording/use-wording.js";
