import * as Progress from "@radix-ui/react-progress";
import type { CSSProperties } from "react";
import type { Formatter } from "../labels/formatter.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import { cx } from "../shared/part.js";

interface AllBarProps {
  /** 0-100; `null` while unknown. */
  readonly percent: number | null;
  /** How all stand, in words: describes the bar. */
  readonly summaryId: string;
  readonly labels: SyncLabels;
  readonly format: Formatter;
  readonly className: string | undefined;
  readonly fillClassName: string | undefined;
}

/** The bar of all syncs together. */
export function AllBar({ percent, summaryId, labels, format, className, fillClassName }: AllBarProps) {
  const value = percent === null ? null : Math.floor(percent);
  const style: CSSProperties & { "--sp-progress"?: number } =
    percent === null ? {} : { "--sp-progress": percent / 100 };
  return (
    <div className="sp-bar-row">
      <Progress.Root
        className={cx("sp-bar", className)}
        value={value}
        getValueLabel={() => labels.progressValue(percent ?? 0, 0, null, format, null)}
        aria-label={labels.allSources}
        aria-describedby={summaryId}
        data-kind="running"
        style={style}
      >
        <Progress.Indicator
          // Another element, so that a bar whose value becomes known does not shrink from the indeterminate one.
          key={value === null ? "indeterminate" : "determinate"}
          className={cx("sp-bar-fill", fillClassName)}
        />
      </Progress.Root>
      <bdi className="sp-percent" aria-hidden="true">
        {value === null ? "" : format.percent(value)}
      </bdi>
    </div>
  );
}
