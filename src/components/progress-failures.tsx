import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { useSyncFailures } from "../react/use-sync-failures.js";
import { cx } from "./class-names.js";
import { useProgressContext } from "./progress-context.js";

/** The failed items of a sync that has ended, with their reasons: a disclosure, open where the sync was complete. */
export const ProgressFailures = forwardRef<HTMLDetailsElement, ComponentPropsWithoutRef<"details">>(
  function ProgressFailures({ className, ...props }, ref) {
    const { state, description, labels, format, client, baseUrl } = useProgressContext("SyncProgress.Failures");
    const { syncId, isTerminal, failedItems } = state;
    const isShown = isTerminal && failedItems > 0;
    const { failures, isLoading, hasMore, error, loadMore } = useSyncFailures(syncId, {
      enabled: isShown,
      client,
      baseUrl,
    });
    if (!isShown) return null;
    return (
      <details className={cx("sp-failures", className)} open={description.kind === "partial"} {...props} ref={ref}>
        <summary>{labels.failuresTitle(failedItems, format)}</summary>
        <ul>
          {failures.map((failure, index) => (
            <li key={index}>
              <bdi className="sp-failure-item">{failure.item}</bdi>
              {failure.reason !== "" && <bdi className="sp-failure-reason">{failure.reason}</bdi>}
            </li>
          ))}
        </ul>
        {isLoading && <p>{labels.failuresLoading}</p>}
        {error !== null && <p role="alert">{labels.failuresError}</p>}
        {hasMore && !isLoading && (
          <button type="button" className="sp-button sp-button-quiet" onClick={loadMore}>
            {error === null ? labels.showMore : labels.tryAgain}
          </button>
        )}
      </details>
    );
  },
);
