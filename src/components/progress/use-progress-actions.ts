import type { SyncProgressState } from "../../react/sync-progress-state.js";
import { announcer } from "../announcer/announcer.js";
import type { ProgressAction } from "../wording/describe-progress.js";
import type { ProgressWording } from "../wording/use-progress-wording.js";
import { type CancelQuestionControl, useCancelQuestion } from "./use-cancel-question.js";
import { useCommand } from "./use-command.js";

/** Called for actions that the application takes part in. An action without a handler is not offered. */
export interface ProgressHandlers {
  /** The person wants it out of the way; the sync continues. */
  readonly onBackground?: (() => void) | undefined;
  /** The person is done with it. */
  readonly onClose?: (() => void) | undefined;
  /** The person wants to sign in again. */
  readonly onSignIn?: (() => void) | undefined;
  /** A new sync was started in place of this one; the display keeps showing how this one ended. */
  readonly onRetried?: ((syncId: string) => void) | undefined;
  /** The person wants to start again after a start that failed. */
  readonly onRestart?: (() => void) | undefined;
}

/** What the person can do in a display. */
export interface ProgressActionsControl {
  /** The actions of the state that have a handler. */
  readonly actions: readonly ProgressAction[];
  /** The one with the most weight. */
  readonly mainAction: ProgressAction | null;
  /** Carries an action out. `by` names the place where a question about it is asked. */
  readonly act: (action: ProgressAction, by: string) => void;
  /** The action that is being carried out. */
  readonly pendingAction: ProgressAction | null;
  /** The last action could not be carried out. */
  readonly hasActionFailed: boolean;
  /** The question "cancel this sync?". */
  readonly cancelQuestion: CancelQuestionControl;
}

export function useProgressActions(
  state: SyncProgressState,
  { name, labels, lang, text }: ProgressWording,
  { onBackground, onClose, onSignIn, onRetried, onRestart }: ProgressHandlers,
): ProgressActionsControl {
  const command = useCommand<ProgressAction>(`${state.syncId}:${text.kind}`, () =>
    announcer.alert({ topic: state.syncId ?? name, about: "command-failed", text: labels.commandFailed, lang }),
  );
  const cancelQuestion = useCancelQuestion(
    state,
    async () => (await command.carryOut("cancel", state.cancel)) !== null,
  );

  const startAgain = async (action: ProgressAction) => {
    const options = action === "retry-failed" ? { only: "failed" as const } : {};
    const started = await command.carryOut(action, () => state.retry(options));
    if (started !== null) onRetried?.(started.result);
  };
  const again = (action: ProgressAction) => {
    if (state.syncId === null) return onRestart && (() => onRestart());
    return onRetried && (() => startAgain(action));
  };

  // Nothing for an action that nobody takes part in.
  const handlers: Readonly<Record<ProgressAction, ((by: string) => unknown) | undefined>> = {
    background: onBackground && (() => onBackground()),
    done: onClose && (() => onClose()),
    close: onClose && (() => onClose()),
    "sign-in": onSignIn && (() => onSignIn()),
    reconnect: () => state.reconnect(),
    cancel: (by) => cancelQuestion.ask(by),
    pause: () => command.carryOut("pause", state.pause),
    resume: () => command.carryOut("resume", state.resume),
    retry: again("retry"),
    "sync-again": again("sync-again"),
    "retry-failed": again("retry-failed"),
  };
  const actions = text.actions.filter((action) => handlers[action] !== undefined);

  return {
    actions,
    // To hold or stop a sync is never what a person is led to.
    mainAction: actions.find((action) => action !== "pause" && action !== "cancel") ?? text.actions[0] ?? null,
    act: (action, by) => void handlers[action]?.(by),
    pendingAction: command.pending,
    hasActionFailed: command.hasFailed,
    cancelQuestion,
  };
}
