import * as Progress from "@radix-ui/react-progress";
import { type ComponentPropsWithoutRef, type CSSProperties, forwardRef } from "react";
import { doneItems } from "../../protocol/snapshot.js";
import { cx, fillPart } from "../shared/part.js";
import { currentPhaseText } from "../wording/describe-phases.js";
import { PROGRESS_KINDS } from "../wording/progress-kind.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Bar`: those of its `div`. */
export interface SyncProgressBarProps
  extends Omit<ComponentPropsWithoutRef<typeof Progress.Root>, "value" | "max" | "getValueLabel"> {}

/**
 * The bar: `role="progressbar"` with the percentage and a text of percentage and counts; without a value while the
 * total is unknown. Draws itself by `--sp-progress` (0-1). Nothing if there is nothing to measure.
 */
export const SyncProgressBar = forwardRef<HTMLDivElement, SyncProgressBarProps>(function SyncProgressBar(
  { className, style, asChild = false, children, ...props },
  ref,
) {
  const { state, text, labels, format, classNames } = useProgressContext("SyncProgress.Bar");
  const { percent, totalItems } = state;
  const hasNothing = !PROGRESS_KINDS[text.kind].hasBar || (state.isTerminal && percent === null);
  if (hasNothing || (text.kind === "failed" && percent === null)) return null;
  const value = percent === null ? null : Math.floor(percent);
  const done = doneItems(state);
  const total = totalItems === null ? null : Math.max(totalItems, done);
  const progress: CSSProperties & { "--sp-progress"?: number } =
    percent === null ? {} : { "--sp-progress": percent / 100 };
  const fill = (
    <Progress.Indicator
      // Another element, so that a bar whose value becomes known does not shrink from the indeterminate one.
      key={value === null ? "indeterminate" : "determinate"}
      className={cx("sp-bar-fill", classNames.barFill)}
    />
  );
  return (
    <div className="sp-bar-row">
      <Progress.Root
        className={cx("sp-bar", classNames.bar, className)}
        value={value}
        getValueLabel={() => labels.progressValue(percent ?? 0, done, total, format, currentPhaseText(state, labels))}
        aria-label={text.headline}
        data-kind={text.kind}
        style={{ ...progress, ...style }}
        asChild={asChild}
        {...props}
        ref={ref}
      >
        {fillPart(asChild, children, fill)}
      </Progress.Root>
      <bdi className={cx("sp-percent", classNames.percent)} aria-hidden="true">
        {value === null ? "" : format.percent(value)}
      </bdi>
    </div>
  );
});
