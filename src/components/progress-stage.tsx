import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx } from "./class-names.js";
import { useProgressContext } from "./progress-context.js";

/** The line below the headline: the server's sentence while the sync runs, the outcome when it has ended. */
export const ProgressStage = forwardRef<HTMLParagraphElement, ComponentPropsWithoutRef<"p">>(function ProgressStage(
  { className, ...props },
  ref,
) {
  const { description } = useProgressContext("SyncProgress.Stage");
  return (
    <p className={cx("sp-stage", className)} {...props} ref={ref}>
      <bdi>{description.body}</bdi>
    </p>
  );
});
