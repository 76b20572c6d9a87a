import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { CancelQuestion } from "./cancel-question.js";
import { cx } from "./class-names.js";
import { Part, type PartProps } from "./part.js";
import { ProgressActionButton } from "./progress-action.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Actions`: those of its `div`. */
export interface ProgressActionsProps extends ComponentPropsWithoutRef<"div">, PartProps {}

/**
 * What the person can do now, the main action first. "Cancel sync" asks once, in the place of the buttons. With children
 * it shows those instead of its own buttons: `SyncProgress.Action`s, for instance.
 */
export const ProgressActions = forwardRef<HTMLDivElement, ProgressActionsProps>(function ProgressActions(
  { className, ...props },
  ref,
) {
  const { actions, name, labels, cancelQuestion, answerCancel, classNames } =
    useProgressContext("SyncProgress.Actions");
  const names = cx("sp-actions", classNames.actions, className);
  if (cancelQuestion !== "closed") {
    return (
      <CancelQuestion
        question={labels.cancelQuestion(name)}
        labels={labels}
        isBusy={cancelQuestion === "answered"}
        onAnswer={answerCancel}
        className={names}
        classNames={classNames}
      />
    );
  }
  const buttons = actions.map((action) => <ProgressActionButton key={action} action={action} />);
  return <Part as="div" className={names} content={buttons} {...props} partRef={ref} />;
});
