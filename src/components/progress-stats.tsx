import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx } from "./class-names.js";
import { WarningIcon } from "./icons.js";
import { useProgressContext } from "./progress-context.js";

/** The numbers, as a description list: items done and in all, and how many failed. */
export const ProgressStats = forwardRef<HTMLDListElement, ComponentPropsWithoutRef<"dl">>(function ProgressStats(
  { className, ...props },
  ref,
) {
  const { state, description, labels, format } = useProgressContext("SyncProgress.Stats");
  const { processedItems, failedItems, totalItems } = state;
  const done = processedItems + failedItems;
  const isShown = description.kind === "running" || description.kind === "paused";
  if (!isShown || (totalItems === null && done === 0)) return null;
  return (
    <dl className={cx("sp-stats", className)} {...props} ref={ref}>
      <div className="sp-stat">
        <dt>{labels.items}</dt>
        <dd>
          {totalItems === null || totalItems === 0
            ? labels.itemsSoFar(done, format)
            : labels.itemsOf(done, Math.max(totalItems, done), format)}
        </dd>
      </div>
      {failedItems > 0 && (
        <div className="sp-stat sp-stat-failed">
          <dt>
            <WarningIcon />
            {labels.failedItems}
          </dt>
          <dd>{format.number(failedItems)}</dd>
        </div>
      )}
    </dl>
  );
});
