import { type ComponentPropsWithoutRef, cloneElement, forwardRef, isValidElement, type ReactNode, useId } from "react";
import { cx, Part, type PartProps } from "../shared/part.js";
import { ProgressCancelQuestion } from "./cancel-question.js";
import { SyncProgressAction } from "./progress-action.js";
import { ActionsContext, useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Actions`: those of its `div`. */
export interface SyncProgressActionsProps extends ComponentPropsWithoutRef<"div">, PartProps {}

/**
 * What the person can do now, the main action first. "Cancel sync" asks once, in the place of the buttons. With children
 * it shows those instead of its own buttons: `SyncProgress.Action`s, for instance.
 */
export const SyncProgressActions = forwardRef<HTMLDivElement, SyncProgressActionsProps>(function SyncProgressActions(
  { className, children, ...props },
  ref,
) {
  const { actions, cancelQuestion, classNames } = useProgressContext("SyncProgress.Actions");
  const id = useId();
  const names = cx("sp-actions", classNames.actions, className);
  if (cancelQuestion.askedBy === id) {
    return (
      <ProgressCancelQuestion className={className} {...props} ref={ref}>
        {props.asChild ? emptied(children) : undefined}
      </ProgressCancelQuestion>
    );
  }
  const buttons = actions.map((action) => <SyncProgressAction key={action} action={action} />);
  return (
    <ActionsContext.Provider value={id}>
      <Part as="div" className={names} content={buttons} {...props} partRef={ref}>
        {children}
      </Part>
    </ActionsContext.Provider>
  );
});

/** The application's element without what is in it, to hold something else. */
function emptied(element: ReactNode): ReactNode {
  return isValidElement<{ children?: ReactNode }>(element) ? cloneElement(element, { children: undefined }) : element;
}
