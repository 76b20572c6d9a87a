import { ProgressActionButton } from "./progress-action-button.js";
import { ProgressActions } from "./progress-actions.js";
import { ProgressAutoClose } from "./progress-auto-close.js";
import { ProgressBar } from "./progress-bar.js";
import { ProgressConnectionNotice } from "./progress-connection-notice.js";
import { ProgressCurrentItem } from "./progress-current-item.js";
import { ProgressError } from "./progress-error.js";
import { ProgressEta } from "./progress-eta.js";
import { ProgressFailures } from "./progress-failures.js";
import { ProgressPhases } from "./progress-phases.js";
import { ProgressRoot } from "./progress-root.js";
import { ProgressStage } from "./progress-stage.js";
import { ProgressStats } from "./progress-stats.js";
import { ProgressTitle } from "./progress-title.js";

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
  Root: ProgressRoot,
  Title: ProgressTitle,
  Stage: ProgressStage,
  Bar: ProgressBar,
  Phases: ProgressPhases,
  CurrentItem: ProgressCurrentItem,
  Stats: ProgressStats,
  Eta: ProgressEta,
  ConnectionNotice: ProgressConnectionNotice,
  Error: ProgressError,
  Failures: ProgressFailures,
  Actions: ProgressActions,
  Action: ProgressActionButton,
  AutoClose: ProgressAutoClose,
} as const;
