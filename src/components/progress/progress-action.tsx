import { type ComponentPropsWithoutRef, forwardRef, useContext, useId } from "react";
import type { SyncLabels } from "../labels/sync-labels.js";
import type { PartProps } from "../shared/part.js";
import { ACTION_COMMANDS } from "../wording/describe-command.js";
import type { ProgressAction } from "../wording/describe-progress.js";
import { ProgressCancelQuestion } from "./cancel-question.js";
import { type ButtonLook, ProgressButton } from "./progress-button.js";
import { ActionsContext, useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Action`: its own, and those of its `button`. */
export interface SyncProgressActionProps extends ComponentPropsWithoutRef<"button">, PartProps {
  /** What the button does. */
  readonly action: ProgressAction;
  /** How much weight it has. Default `"main"` for the first that is offered and does not hold or stop the sync, else `"plain"`. */
  readonly look?: ButtonLook | undefined;
}

type TextLabel = { [Key in keyof SyncLabels]: SyncLabels[Key] extends string ? Key : never }[keyof SyncLabels];

const LABELS: Readonly<Record<ProgressAction, TextLabel>> = {
  background: "runInBackground",
  pause: "pause",
  resume: "resume",
  cancel: "cancelSync",
  reconnect: "tryNow",
  retry: "tryAgain",
  "retry-failed": "retryFailed",
  "sync-again": "syncAgain",
  "sign-in": "signIn",
  done: "done",
  close: "close",
};

/**
 * A button for one action; nothing while the state does not offer it, or without a handler: neither the root's
 * handlers nor an `onClick` of its own. While its command is pending it is busy, and says what comes ("Pausing..."). `cancel` asks first, in its own place if
 * there is no `SyncProgress.Actions` around it.
 *
 * @example
 * <SyncProgress.Action action="pause" asChild><MyButton variant="outline" /></SyncProgress.Action>
 */
export const SyncProgressAction = forwardRef<HTMLButtonElement, SyncProgressActionProps>(function SyncProgressAction(
  { action, look, children, onClick, ...props },
  ref,
) {
  const {
    text,
    actions,
    mainAction,
    labels,
    classNames,
    act,
    isPending: isActionPending,
    cancelQuestion,
  } = useProgressContext("SyncProgress.Action");
  const id = useId();
  const by = useContext(ActionsContext) ?? id;
  const isCarriedOut = actions.includes(action) || text.notice?.action === action;
  if (!isCarriedOut && (onClick === undefined || !text.actions.includes(action))) return null;
  if (cancelQuestion.askedBy === id) return <ProgressCancelQuestion />;
  const isMain = mainAction === action;
  const isPending = isActionPending(action);
  const command = ACTION_COMMANDS[action];
  return (
    <ProgressButton
      look={look ?? (isMain ? "main" : "plain")}
      content={isPending && command !== undefined ? labels.commandPending[command] : labels[LABELS[action]]}
      classNames={classNames}
      data-action={action}
      data-main-action={isMain || undefined}
      // Not `disabled`, which would drop the focus.
      aria-disabled={isPending || undefined}
      {...props}
      onClick={(event) => {
        if (isPending) return;
        onClick?.(event);
        if (!event.defaultPrevented) act(action, by);
      }}
      ref={ref}
    >
      {children}
    </ProgressButton>
  );
});
