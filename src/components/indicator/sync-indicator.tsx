import { forwardRef, useCallback, useState } from "react";
import { useActiveSyncs } from "../../react/use-active-syncs.js";
import { useLatest } from "../../react/use-latest.js";
import { SyncProgressModal, type SyncProgressModalProps } from "../modal/sync-progress-modal.js";
import { cx } from "../shared/part.js";
import { SyncIndicatorList, type SyncIndicatorOptions } from "./sync-indicator-list.js";
import { useIndicatorNotifications } from "./use-indicator-notifications.js";

/** Props of `SyncIndicator`: its own, and those of its `section`. */
export interface SyncIndicatorProps extends SyncIndicatorOptions {
  /** The person wants to see all of a sync. Without it the indicator opens a `SyncProgressModal` of its own. */
  readonly onShowProgress?: ((syncId: string) => void) | undefined;
  /**
   * Whether a person in another tab is notified when a sync has ended: by the page's title, and by the browser if they
   * allow it by a button in the list. As `useSyncNotifications`, in the words of the labels. Default false.
   */
  readonly notifications?: boolean | undefined;
  /** What the indicator's own modal is given beyond what it needs: looks, handlers of its actions. */
  readonly modal?: Partial<Omit<SyncProgressModalProps, "syncId" | "open" | "onOpenChange">> | undefined;
}

interface Shown {
  readonly syncId: string;
  readonly name: string | undefined;
  /** The sync that the person has started in its place, which the modal follows by itself. */
  readonly retriedId: string | null;
  readonly isOpen: boolean;
}

/**
 * What runs and what has just ended, in a corner of every page: a line that opens to a list, with a bar and the actions of
 * each sync. A landmark that F6 leads to. Not there while nothing runs; a failure stays until the person has seen or
 * dismissed it. One live region announces how syncs end, several ends at once.
 *
 * @example
 * <SyncProvider client={client}>
 *   <App />
 *   <SyncIndicator />
 * </SyncProvider>
 */
export const SyncIndicator = forwardRef<HTMLElement, SyncIndicatorProps>(function SyncIndicator(
  { onShowProgress, modal, notifications = false, children, ...props },
  ref,
) {
  const { client, baseUrl, labels, locale, integrations, onSignIn, classNames } = props;
  const { syncs, dismiss } = useActiveSyncs({ client, baseUrl });
  const [shown, setShown] = useState<Shown | null>(null);

  const latest = useLatest({ syncs, integrations, onShowProgress });
  const show = useCallback(
    (syncId: string) => {
      const { syncs, integrations, onShowProgress } = latest.current;
      if (onShowProgress !== undefined) return onShowProgress(syncId);
      const type = syncs.find((view) => view.syncId === syncId)?.snapshot?.connectorType;
      const name = integrations?.find((one) => one.type === type)?.name;
      setShown({ syncId, name, retriedId: null, isOpen: true });
    },
    [latest],
  );
  const { permission, request, label } = useIndicatorNotifications({
    ...{ client, baseUrl, labels, locale, integrations },
    enabled: notifications,
    onShow: show,
  });
  const offersNotifications = notifications && permission === "default" && syncs.some(({ isRunning }) => isRunning);
  const close = () => {
    if (shown === null) return;
    setShown({ ...shown, isOpen: false });
    // How it ended was seen.
    dismiss(shown.retriedId ?? shown.syncId);
  };
  return (
    <>
      <SyncIndicatorList {...props} syncs={syncs} onShow={show} onDismiss={dismiss} ref={ref}>
        {offersNotifications && (
          <div className="sp-indicator-foot">
            <button
              type="button"
              className={cx("sp-button", "sp-button-quiet", classNames?.quietButton)}
              onClick={() => void request()}
            >
              <bdi>{label}</bdi>
            </button>
          </div>
        )}
        {children}
      </SyncIndicatorList>
      {shown !== null && (
        <SyncProgressModal
          {...{ client, baseUrl, labels, locale, onSignIn }}
          name={shown.name}
          {...modal}
          key={shown.syncId}
          syncId={shown.syncId}
          open={shown.isOpen}
          onOpenChange={(isOpen) => !isOpen && close()}
          onRetried={(retriedId) => {
            setShown({ ...shown, retriedId });
            dismiss(shown.retriedId ?? shown.syncId);
            modal?.onRetried?.(retriedId);
          }}
        />
      )}
    </>
  );
});
