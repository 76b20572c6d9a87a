import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { doneItems } from "../../protocol/snapshot.js";
import { WarningIcon } from "../shared/icons.js";
import { cx, Part, type PartProps } from "../shared/part.js";
import { currentPhaseText } from "../wording/describe-phases.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Stats`: those of its `dl`. */
export interface SyncProgressStatsProps extends ComponentPropsWithoutRef<"dl">, PartProps {}

/**
 * The numbers, as a description list: items done and in all, and how many failed. For a sync with phases the items are those
 * of the current phase, whose name stands with them.
 */
export const SyncProgressStats = forwardRef<HTMLDListElement, SyncProgressStatsProps>(function SyncProgressStats(
  { className, ...props },
  ref,
) {
  const { state, text, labels, format, classNames } = useProgressContext("SyncProgress.Stats");
  const { failedItems, totalItems } = state;
  const done = doneItems(state);
  const isShown = text.kind === "running" || text.kind === "paused";
  if (!isShown || (totalItems === null && done === 0)) return null;
  const content = (
    <>
      <div className="sp-stat">
        <dt>
          <bdi>{currentPhaseText(state, labels) ?? labels.items}</bdi>
        </dt>
        <dd>
          <bdi>
            {totalItems === null || totalItems === 0
              ? labels.itemsSoFar(done, format)
              : labels.itemsOf(done, Math.max(totalItems, done), format)}
          </bdi>
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
    </>
  );
  return (
    <Part as="dl" className={cx("sp-stats", classNames.stats, className)} content={content} {...props} partRef={ref} />
  );
});
