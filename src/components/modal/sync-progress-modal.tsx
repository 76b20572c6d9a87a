import { forwardRef, useState } from "react";
import type { SyncClientSource } from "../../react/sync-provider.js";
import type { SettledCallbacks } from "../../react/use-settled-callbacks.js";
import { useSyncProgress } from "../../react/use-sync-progress.js";
import { SyncProgressDialog, type SyncProgressDialogProps } from "./sync-progress-dialog.js";

/** Props of `SyncProgressModal`: those of `SyncProgressDialog`, with the sync in place of its state. */
export interface SyncProgressModalProps
  extends Omit<SyncProgressDialogProps, "progress">,
    SyncClientSource,
    SettledCallbacks {
  /** The sync to show, subscribed to whether or not the modal is open; `null` while it is being started. */
  readonly syncId: string | null;
}

/**
 * The progress of a sync in an accessible modal dialog that opens at once, and closes by itself when all went well. Escape
 * and a press outside put the sync in the background; nothing but "Cancel sync" ends it. Made of `useSyncProgress` and
 * `SyncProgressDialog`. Props of a `div` and the ref go to the dialog.
 *
 * @example
 * <SyncProgressModal syncId={syncId} open={open} onOpenChange={setOpen} baseUrl="/api" name="Gmail" />
 */
export const SyncProgressModal = forwardRef<HTMLDivElement, SyncProgressModalProps>(function SyncProgressModal(
  { syncId, client, baseUrl, onComplete, onError, onCancelled, onSettled, onRetried, ...props },
  ref,
) {
  // A retry is followed, also if the application does not take the new sync over.
  const [retried, setRetried] = useState<{ readonly of: string | null; readonly id: string } | null>(null);
  const shownId = retried !== null && retried.of === syncId ? retried.id : syncId;
  const progress = useSyncProgress(shownId, { client, baseUrl, onComplete, onError, onCancelled, onSettled });
  return (
    <SyncProgressDialog
      {...props}
      progress={progress}
      onRetried={(id) => {
        setRetried({ of: syncId, id });
        onRetried?.(id);
      }}
      ref={ref}
    />
  );
});
