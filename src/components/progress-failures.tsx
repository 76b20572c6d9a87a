import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { useSyncFailures } from "../react/use-sync-failures.js";
import { cx } from "./class-names.js";
import { ProgressButton } from "./progress-button.js";
import { useProgressContext } from "./progress-context.js";
import { useFocusRecovery } from "./use-focus-recovery.js";

/** Props of `SyncProgress.Failures`: those of its `details`. */
export interface ProgressFailuresProps extends ComponentPropsWithoutRef<"details"> {}

/** The failed items of a sync that has ended, with their reasons: a disclosure, open where the sync was complete. */
export const ProgressFailures = forwardRef<HTMLDetailsElement, ProgressFailuresProps>(function ProgressFailures(
  { className, onFocus, ...props },
  ref,
) {
  const { state, description, labels, format, classNames, client, baseUrl } =
    useProgressContext("SyncProgress.Failures");
  const { syncId, isTerminal, failedItems } = state;
  const isShown = isTerminal && failedItems > 0;
  const { failures, isLoading, hasMore, error, loadMore } = useSyncFailures(syncId, {
    enabled: isShown,
    client,
    baseUrl,
  });
  const followFocus = useFocusRecovery("summary");
  if (!isShown) return null;
  return (
    <details
      className={cx("sp-failures", classNames.failures, className)}
      open={description.kind === "partial"}
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
            {failure.reason !== "" && <bdi className="sp-failure-reason">{failure.reason}</bdi>}
          </li>
        ))}
      </ul>
      {isLoading && failures.length === 0 && (
        <p>
          <bdi>{labels.failuresLoading}</bdi>
        </p>
      )}
      {error !== null && (
        <p role="alert">
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
});
