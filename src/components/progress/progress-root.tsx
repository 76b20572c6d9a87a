import { type ComponentPropsWithoutRef, forwardRef } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import { AUTO_CLOSE_OFF, type AutoCloseControl } from "../../react/use-auto-close.js";
import { useAnnouncements } from "../announcer/use-announcements.js";
import type { PartProps } from "../shared/part.js";
import type { StartError } from "../wording/start-error.js";
import { type ProgressWordingProps, useProgressWording } from "../wording/use-progress-wording.js";
import { ProgressDisplay } from "./progress-display.js";
import { NO_CLASS_NAMES, type SyncProgressClassNames } from "./progress-parts.js";
import type { SyncProgressHandlers } from "./use-progress-actions.js";

/** Props of `SyncProgress.Root`: its own, and those of its `div`. */
export interface SyncProgressRootProps
  extends Omit<ComponentPropsWithoutRef<"div">, "onClose">,
    PartProps,
    ProgressWordingProps,
    SyncProgressHandlers {
  /** What to show: the return value of `useSyncProgress`. */
  readonly state: SyncProgressState;
  /** The countdown to the close of the display: the return value of `useAutoClose`. Default none. */
  readonly autoClose?: AutoCloseControl | undefined;
  /** Why the sync could not be started: the error of the start, or a sentence for the person. */
  readonly startError?: StartError;
  /** Whether changes are announced to screen readers. Default true. */
  readonly announce?: boolean | undefined;
  /** Class names added to the parts inside. */
  readonly classNames?: SyncProgressClassNames | undefined;
}

/**
 * Holds the parts of a progress display together and gives them what to show. Renders a `div` that carries
 * `data-status`, `data-kind`, `data-connection`, `data-phase` and `data-stalled` for styling. Focus stays on a control
 * as long as that is there, and moves to the main action when it goes. An auto-close countdown waits while the person
 * hovers over it, touches it or has the focus in it.
 *
 * @example
 * const state = useSyncProgress(syncId);
 * <SyncProgress.Root state={state} name="Gmail"><SyncProgress.Title /><SyncProgress.Bar /></SyncProgress.Root>
 */
export const SyncProgressRoot = forwardRef<HTMLDivElement, SyncProgressRootProps>(function SyncProgressRoot(
  {
    state,
    autoClose = AUTO_CLOSE_OFF,
    name,
    labels,
    locale,
    startError = null,
    announce = true,
    classNames = NO_CLASS_NAMES,
    ...props
  },
  ref,
) {
  const wording = useProgressWording({ state, name, labels, locale, startError });
  useAnnouncements({ ...wording, state, autoClose }, announce ? "all" : "none");
  return <ProgressDisplay {...{ state, autoClose, wording, classNames }} {...props} ref={ref} />;
});
