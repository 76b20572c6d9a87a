import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx, Part, type PartProps } from "../shared/part.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Stage`: those of its `p`. */
export interface SyncProgressStageProps extends ComponentPropsWithoutRef<"p">, PartProps {}

/** The line below the headline: the server's sentence while the sync runs, what a command is about to lead to, the outcome when it has ended. */
export const SyncProgressStage = forwardRef<HTMLParagraphElement, SyncProgressStageProps>(function SyncProgressStage(
  { className, ...props },
  ref,
) {
  const { text, classNames } = useProgressContext("SyncProgress.Stage");
  const content = <bdi>{text.pending ?? text.body}</bdi>;
  return (
    <Part as="p" className={cx("sp-stage", classNames.stage, className)} content={content} {...props} partRef={ref} />
  );
});
