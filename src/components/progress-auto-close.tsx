import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx } from "./class-names.js";
import { useProgressContext } from "./progress-context.js";

/** The countdown to the close, and the way to keep it open. Nothing while there is none. */
export const ProgressAutoClose = forwardRef<HTMLDivElement, ComponentPropsWithoutRef<"div">>(function ProgressAutoClose(
  { className, ...props },
  ref,
) {
  const { state, labels, format } = useProgressContext("SyncProgress.AutoClose");
  const { autoClose } = state;
  if (autoClose.status !== "counting" && autoClose.status !== "paused") return null;
  return (
    <div className={cx("sp-auto-close", className)} data-status={autoClose.status} {...props} ref={ref}>
      <span>
        {autoClose.status === "paused" ? labels.closePaused : labels.closesIn(autoClose.remainingMs ?? 0, format)}
      </span>
      <button type="button" className="sp-button sp-button-quiet" onClick={autoClose.cancel}>
        {labels.keepOpen}
      </button>
    </div>
  );
});
