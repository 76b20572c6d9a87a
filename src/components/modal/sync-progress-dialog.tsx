import { forwardRef } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import { type ProgressWordingProps, useProgressWording } from "../wording/use-progress-wording.js";
import { ProgressDialog, type ProgressDialogOptions } from "./progress-dialog.js";

/** Props of `SyncProgressDialog`: its own, and those of the dialog's `div`. */
export interface SyncProgressDialogProps extends ProgressDialogOptions, ProgressWordingProps {
  /** What to show: the return value of `useSyncProgress`, or a state of the same shape. */
  readonly progress: SyncProgressState;
}

/**
 * The dialog of {@link SyncProgressModal}, driven by a state alone: for a sync that the application subscribes to itself.
 *
 * @example
 * const progress = useSyncProgress(syncId);
 * <SyncProgressDialog progress={progress} open={open} onOpenChange={setOpen} name="Gmail" />
 */
export const SyncProgressDialog = forwardRef<HTMLDivElement, SyncProgressDialogProps>(function SyncProgressDialog(
  { name, labels, locale, ...props },
  ref,
) {
  const { progress: state, startError } = props;
  const wording = useProgressWording({ state, name, labels, locale, startError });
  return <ProgressDialog {...props} wording={wording} ref={ref} />;
});
