import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx, Part, type PartProps } from "../shared/part.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Error`: those of its `div`. */
export interface SyncProgressErrorMessageProps extends ComponentPropsWithoutRef<"div">, PartProps {}

/** What was kept and what to do next after a failure, and word of a command that did not work. */
export const SyncProgressErrorMessage = forwardRef<HTMLDivElement, SyncProgressErrorMessageProps>(
  function SyncProgressErrorMessage({ className, ...props }, ref) {
    const { text, actions, failure, classNames } = useProgressContext("SyncProgress.Error");
    const { hint, nextStep } = text;
    const isNextStepOffered = nextStep !== null && actions.includes(nextStep.action);
    const words = [hint, isNextStepOffered ? nextStep.text : null].filter((text) => text !== null);
    if (words.length === 0 && failure === null) return null;
    const content = (
      <>
        {words.length > 0 && (
          <p className="sp-hint">
            <bdi>{words.join(" ")}</bdi>
          </p>
        )}
        {failure !== null && (
          <p className="sp-command-failed">
            <bdi>{failure}</bdi>
          </p>
        )}
      </>
    );
    return (
      <Part
        as="div"
        className={cx("sp-error", classNames.error, className)}
        content={content}
        {...props}
        partRef={ref}
      />
    );
  },
);
