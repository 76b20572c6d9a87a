import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx } from "./class-names.js";
import { Part, type PartProps } from "./part.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Error`: those of its `div`. */
export interface ProgressErrorProps extends ComponentPropsWithoutRef<"div">, PartProps {}

/** What was kept and what to do next after a failure, and word of a command that did not work. */
export const ProgressError = forwardRef<HTMLDivElement, ProgressErrorProps>(function ProgressError(
  { className, ...props },
  ref,
) {
  const { description, hasActionFailed, labels, classNames } = useProgressContext("SyncProgress.Error");
  if (description.hint === null && !hasActionFailed) return null;
  const content = (
    <>
      {description.hint !== null && (
        <p className="sp-hint">
          <bdi>{description.hint}</bdi>
        </p>
      )}
      {hasActionFailed && (
        <p className="sp-command-failed" role="alert">
          <bdi>{labels.commandFailed}</bdi>
        </p>
      )}
    </>
  );
  return (
    <Part as="div" className={cx("sp-error", classNames.error, className)} content={content} {...props} partRef={ref} />
  );
});
