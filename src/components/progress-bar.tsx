import * as Progress from "@radix-ui/react-progress";
import { type ComponentPropsWithoutRef, type CSSProperties, forwardRef } from "react";
import { cx } from "./class-names.js";
import { useProgressContext } from "./progress-context.js";

/** Kinds in which there is nothing to measure. */
const WITHOUT_BAR: ReadonlySet<string> = new Set(["unauthorized", "not-found", "unreachable"]);

/**
 * The bar: `role="progressbar"` with the percentage and a text of percentage and counts; without a value while the
 * total is unknown. Draws itself by `--sp-progress` (0-1). Nothing where there is nothing to measure.
 */
export const ProgressBar = forwardRef<HTMLDivElement, ComponentPropsWithoutRef<typeof Progress.Root>>(
  function ProgressBar({ className, ...props }, ref) {
    const { state, description, labels, format } = useProgressContext("SyncProgress.Bar");
    const { percent, processedItems, failedItems, totalItems } = state;
    const hasNothing = WITHOUT_BAR.has(description.kind) || (state.isTerminal && percent === null);
    if (hasNothing || (description.kind === "failed" && percent === null)) return null;
    const value = percent === null ? null : Math.floor(percent);
    const style: CSSProperties & { "--sp-progress": number } = { "--sp-progress": (percent ?? 0) / 100 };
    return (
      <div className="sp-bar-row">
        <Progress.Root
          className={cx("sp-bar", className)}
          value={value}
          getValueLabel={() => labels.progressValue(percent ?? 0, processedItems + failedItems, totalItems, format)}
          aria-label={description.headline}
          data-kind={description.kind}
          style={style}
          {...props}
          ref={ref}
        >
          <Progress.Indicator className="sp-bar-fill" />
        </Progress.Root>
        <span className="sp-percent" aria-hidden="true">
          {value === null ? "" : format.percent(value)}
        </span>
      </div>
    );
  },
);
