import { useEffect, useRef } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import { useLatest } from "../../react/use-latest.js";
import { announcer } from "../announcer/announcer.js";
import { ACTION_COMMANDS, describeFailedCommand } from "../wording/describe-command.js";
import type { ProgressAction } from "../wording/describe-progress.js";
import type { ProgressWording } from "../wording/use-progress-wording.js";
import { type CancelQuestionControl, useCancelQuestion } from "./use-cancel-question.js";

/** Called for actions that the application takes part in. An action without a handler is not offered. */
export interface SyncProgressHandlers {
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
  /** Carries an action out. `by` names the place in which a question about it is shown. */
  readonly act: (action: ProgressAction, by: string) => void;
  /** Whether an action is being carried out, wherever it was chosen. */
  readonly isPending: (action: ProgressAction) => boolean;
  /** Why the last action was not carried out, in words; `null` if it was. */
  readonly failure: string | null;
  /** The question "cancel this sync?". */
  readonly cancelQuestion: CancelQuestionControl;
}

/** Which actions a display offers, and what each of them does. */
export function useProgressActions(
  state: SyncProgressState,
  { name, labels, lang, text }: ProgressWording,
  { onBackground, onClose, onSignIn, onRetried, onRestart }: SyncProgressHandlers,
): ProgressActionsControl {
  const { command } = state;
  const cancelQuestion = useCancelQuestion(state);
  const failure = describeFailedCommand(state, labels);
  useFailureAnnouncement(state, { topic: state.syncId ?? name, text: failure ?? "", lang });

  const startAgain = (only?: "failed") => {
    // A failure is in the state's command.
    state.retry(only === undefined ? {} : { only }).then(onRetried, ignore);
  };
  const again = (only?: "failed") => {
    if (state.syncId === null) return onRestart && (() => onRestart());
    return onRetried && (() => startAgain(only));
  };

  // `undefined` for an action without a handler of the application.
  const handlers: Readonly<Record<ProgressAction, ((by: string) => unknown) | undefined>> = {
    background: onBackground && (() => onBackground()),
    done: onClose && (() => onClose()),
    close: onClose && (() => onClose()),
    "sign-in": onSignIn && (() => onSignIn()),
    reconnect: () => state.reconnect(),
    cancel: (by) => cancelQuestion.ask(by),
    pause: () => void state.pause().catch(ignore),
    resume: () => void state.resume().catch(ignore),
    retry: again(),
    "sync-again": again(),
    "retry-failed": again("failed"),
  };
  const actions = text.actions.filter((action) => handlers[action] !== undefined);

  return {
    actions,
    // The main action never pauses or stops a sync.
    mainAction: actions.find((action) => action !== "pause" && action !== "cancel") ?? text.actions[0] ?? null,
    act: (action, by) => void handlers[action]?.(by),
    isPending: (action) => command?.status === "pending" && command.name === ACTION_COMMANDS[action],
    failure,
    cancelQuestion,
  };
}

/** Announces a command that failed while the display was mounted, wherever it was given. */
function useFailureAnnouncement(
  { command }: Pick<SyncProgressState, "command">,
  words: { readonly topic: string; readonly text: string; readonly lang: string | undefined },
): void {
  const latest = useLatest(words);
  const wasPending = useRef(false);
  useEffect(() => {
    if (wasPending.current && command?.status === "failed")
      announcer.alert({ ...latest.current, about: "command-failed" });
    wasPending.current = command?.status === "pending";
  }, [command, latest]);
}

function ignore(): void {}
