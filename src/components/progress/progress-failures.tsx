import { type ComponentPropsWithoutRef, forwardRef, useEffect } from "react";
import { useLatest } from "../../react/use-latest.js";
import { useSyncFailures } from "../../react/use-sync-failures.js";
import { announcer } from "../announcer/announcer.js";
import { cx } from "../shared/part.js";
import { useFocusRecovery } from "../shared/use-focus-recovery.js";
import { ProgressButton } from "./progress-button.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Failures`: those of its `details`. */
export interface SyncProgressFailuresProps extends Omit<ComponentPropsWithoutRef<"details">, "children"> {}

/**
 * The failed items of a sync that has ended, with their reasons: a disclosure, open if the sync is complete. Nothing if the
 * backend has no list of them.
 */
export const SyncProgressFailures = forwardRef<HTMLDetailsElement, SyncProgressFailuresProps>(
  function SyncProgressFailures({ className, onFocus, ...props }, ref) {
    const { state, text, labels, format, lang, classNames } = useProgressContext("SyncProgress.Failures");
    const { syncId, client, isTerminal, failedItems, capabilities } = state;
    const isShown = isTerminal && failedItems > 0 && capabilities.includes("failures");
    const { failures, isLoading, hasMore, error, loadMore } = useSyncFailures(syncId, {
      enabled: isShown,
      client,
    });
    const followFocus = useFocusRecovery("summary");

    const isMissing = isShown && error !== null;
    const latest = useLatest({ text: labels.failuresError, lang });
    useEffect(() => {
      if (isMissing) announcer.alert({ topic: syncId ?? "", about: "failures-missing", ...latest.current });
    }, [isMissing, syncId, latest]);

    if (!isShown) return null;
    return (
      <details
        className={cx("sp-failures", classNames.failures, className)}
        open={text.kind === "partial"}
        onFocus={(event) => {
          followFocus(event);
          onFocus?.(event);
        }}
        {...props}
        ref={ref}
      >
        <summary>
          <bdi>{labels.failuresTitle(failedItems, format)}</bdi>
        </summary>
        <ul>
          {failures.map((failure, index) => (
            <li key={index}>
              <bdi className="sp-failure-item">{failure.item}</bdi>
              {failure.reason !== "" && (
                <div>
                  <bdi className="sp-failure-reason">{failure.reason}</bdi>
                </div>
              )}
            </li>
          ))}
        </ul>
        {isLoading && failures.length === 0 && (
          <p>
            <bdi>{labels.failuresLoading}</bdi>
          </p>
        )}
        {error !== null && (
          <p>
            <bdi>{labels.failuresError}</bdi>
          </p>
        )}
        {hasMore && (
          <ProgressButton
            look="quiet"
            classNames={classNames}
            content={error === null ? labels.showMore : labels.tryAgain}
            // Not `disabled`, which would drop the focus.
            aria-disabled={isLoading || undefined}
            onClick={() => !isLoading && loadMore()}
          />
        )}
      </details>
    );
  },
);
