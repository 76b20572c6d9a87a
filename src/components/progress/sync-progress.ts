import { SyncProgressAction } from "./progress-action.js";
import { SyncProgressActions } from "./progress-actions.js";
import { SyncProgressAutoClose } from "./progress-auto-close.js";
import { SyncProgressBar } from "./progress-bar.js";
import { SyncProgressConnectionNotice } from "./progress-connection-notice.js";
import { SyncProgressCurrentItem } from "./progress-current-item.js";
import { SyncProgressErrorMessage } from "./progress-error-message.js";
import { SyncProgressEta } from "./progress-eta.js";
import { SyncProgressFailures } from "./progress-failures.js";
import { SyncProgressNotifyEmail } from "./progress-notify-email.js";
import { SyncProgressPhases } from "./progress-phases.js";
import { SyncProgressRoot } from "./progress-root.js";
import { SyncProgressStage } from "./progress-stage.js";
import { SyncProgressStats } from "./progress-stats.js";
import { SyncProgressTitle } from "./progress-title.js";

/**
 * The parts of a progress display, to be put together as you like inside a `Root`.
 *
 * @example
 * <SyncProgress.Root state={useSyncProgress(syncId)} name="Gmail">
 *   <SyncProgress.Title />
 *   <SyncProgress.Stage />
 *   <SyncProgress.Bar />
 *   <SyncProgress.Actions />
 * </SyncProgress.Root>
 */
export const SyncProgress = {
  Root: SyncProgressRoot,
  Title: SyncProgressTitle,
  Stage: SyncProgressStage,
  Bar: SyncProgressBar,
  Phases: SyncProgressPhases,
  CurrentItem: SyncProgressCurrentItem,
  Stats: SyncProgressStats,
  Eta: SyncProgressEta,
  ConnectionNotice: SyncProgressConnectionNotice,
  Error: SyncProgressErrorMessage,
  Failures: SyncProgressFailures,
  NotifyEmail: SyncProgressNotifyEmail,
  Actions: SyncProgressActions,
  Action: SyncProgressAction,
  AutoClose: SyncProgressAutoClose,
} as const;
