import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { CancelQuestion } from "./cancel-question.js";
import { cx } from "./class-names.js";
import type { PartProps } from "./part.js";
import { useProgressContext } from "./progress-context.js";

interface ProgressCancelQuestionProps extends ComponentPropsWithoutRef<"div">, PartProps {}

/** The question before a cancel, in the words of the display that it is in. */
export const ProgressCancelQuestion = forwardRef<HTMLDivElement, ProgressCancelQuestionProps>(
  function ProgressCancelQuestion({ className, ...props }, ref) {
    const { name, labels, dir, cancelQuestion, classNames } = useProgressContext("SyncProgress.Actions");
    return (
      <CancelQuestion
        question={labels.cancelQuestion(name)}
        questionDir={dir}
        control={cancelQuestion}
        labels={labels}
        className={cx("sp-actions", classNames.actions, className)}
        classNames={classNames}
        {...props}
        ref={ref}
      />
    );
  },
);
