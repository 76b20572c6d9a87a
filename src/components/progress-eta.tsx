import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx } from "./class-names.js";
import { useProgressContext } from "./progress-context.js";

/** The time left in words; empty, but in its place, while no stable estimate exists. */
export const ProgressEta = forwardRef<HTMLParagraphElement, ComponentPropsWithoutRef<"p">>(function ProgressEta(
  { className, ...props },
  ref,
) {
  const { state, description, labels, format } = useProgressContext("SyncProgress.Eta");
  if (description.kind !== "running") return null;
  return (
    <p className={cx("sp-eta", className)} {...props} ref={ref}>
      {state.eta === null || description.notice !== null ? "" : labels.timeLeft(state.eta.minutes, format)}
    </p>
  );
});
