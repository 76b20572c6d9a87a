import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx } from "./class-names.js";
import { useProgressContext } from "./progress-context.js";

/** What was kept and what to do next after a failure, and word of a command that did not work. */
export const ProgressError = forwardRef<HTMLDivElement, ComponentPropsWithoutRef<"div">>(function ProgressError(
  { className, ...props },
  ref,
) {
  const { description, hasActionFailed, labels } = useProgressContext("SyncProgress.Error");
  if (description.hint === null && !hasActionFailed) return null;
  return (
    <div className={cx("sp-error", className)} {...props} ref={ref}>
      {description.hint !== null && <p className="sp-hint">{description.hint}</p>}
      {hasActionFailed && (
        <p className="sp-command-failed" role="alert">
          {labels.commandFailed}
        </p>
      )}
    </div>
  );
});
