import type { CSSProperties } from "react";
import { StateIcon } from "../progress/state-icon.js";
import { ChevronIcon, WarningIcon } from "../shared/icons.js";
import { cx } from "../shared/part.js";
import type { SyncsText } from "../wording/describe-syncs.js";
import type { Wording } from "../wording/use-wording.js";

interface IndicatorToggleProps extends Pick<Wording, "format"> {
  readonly text: SyncsText;
  readonly isOpen: boolean;
  /** The id of the list. */
  readonly controls: string;
  readonly hotKey: string | null;
  readonly className: string | undefined;
  readonly onToggle: () => void;
}

/** All syncs in a line, which opens and closes the list of them. */
export function IndicatorToggle({ text, format, isOpen, controls, hotKey, className, onToggle }: IndicatorToggleProps) {
  const { kind, counts, mainCounts, percent, isMoving, isPaused, notice } = text;
  const progress: CSSProperties & { "--sp-progress"?: number } =
    percent === null ? {} : { "--sp-progress": percent / 100 };
  return (
    <button
      type="button"
      className={cx("sp-indicator-toggle", className)}
      aria-expanded={isOpen}
      aria-controls={isOpen ? controls : undefined}
      aria-keyshortcuts={hotKey ?? undefined}
      data-main-action=""
      onClick={onToggle}
    >
      {notice === null ? <StateIcon kind={kind} /> : <WarningIcon />}
      <bdi className="sp-indicator-counts">
        {isOpen ? counts : mainCounts}
        {notice !== null && <span className="sp-indicator-lost"> {notice.short}</span>}
      </bdi>{" "}
      {isMoving && percent !== null && notice === null && (
        <bdi className="sp-indicator-percent">{format.percent(percent)}</bdi>
      )}
      <ChevronIcon />
      {isMoving && (
        // The words say the same.
        <span
          className="sp-bar"
          data-state={percent === null ? "indeterminate" : "loading"}
          data-kind={isPaused ? "paused" : "running"}
          style={progress}
          aria-hidden="true"
        >
          <span className="sp-bar-fill" key={percent === null ? "indeterminate" : "determinate"} />
        </span>
      )}
    </button>
  );
}
