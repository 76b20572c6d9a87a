import { useEffect, useState } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import { announcer } from "../announcer/announcer.js";
import { type CancelQuestionControl, useCancelQuestion } from "../progress/use-cancel-question.js";
import { describeFailedCommand } from "../wording/describe-command.js";
import type { ProgressWording } from "../wording/use-progress-wording.js";
import type { CardMenuEntry } from "./card-menu.js";

/** What a person can do with the sync of a card. */
export interface CardCommands {
  /** For the card's menu; none while nothing runs. */
  readonly entries: readonly CardMenuEntry[];
  readonly question: CancelQuestionControl;
  /** Why the last command was not carried out, in words; `null` if it was. */
  readonly failure: string | null;
}

/** The commands that a card gives to its sync: pause, resume, and cancel, which asks first. */
export function useCardCommands(state: SyncProgressState, { labels, lang, name, text }: ProgressWording): CardCommands {
  const { syncId, command } = state;
  const [display] = useState(() => ({}));
  useEffect(() => announcer.attach(display), [display]);
  const question = useCancelQuestion(state);

  // The focus is back on the menu's button, so the result must be announced. A failure is, by the display of the sync.
  const give = (about: string, result: string, carryOut: () => Promise<void>) => () => {
    const announcement = { topic: syncId ?? "", about, text: result, lang, isOutcome: false, displays: [display] };
    carryOut().then(
      () => announcer.say(announcement),
      () => {},
    );
  };

  const isPending = (one: "pause" | "resume" | "cancel") => command?.name === one && command.status === "pending";
  const possible = {
    pause: { label: labels.pause, onSelect: give("paused", labels.paused(name), state.pause) },
    resume: { label: labels.resume, onSelect: give("resumed", labels.announceResumed(name), state.resume) },
    cancel: { label: labels.cancelSync, onSelect: () => question.ask("menu") },
  };
  const entries = (["pause", "resume", "cancel"] as const)
    .filter((id) => text.actions.includes(id))
    .map((id) =>
      isPending(id)
        ? { ...possible[id], id, label: labels.commandPending[id], isPending: true }
        : { ...possible[id], id },
    );
  return { entries, question, failure: describeFailedCommand(state, labels) };
}
