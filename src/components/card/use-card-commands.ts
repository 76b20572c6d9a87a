import { useEffect, useState } from "react";
import type { IntegrationStatus } from "../../protocol/integration.js";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import { announcer } from "../announcer/announcer.js";
import { type CancelQuestionControl, useCancelQuestion } from "../progress/use-cancel-question.js";
import { useCommand } from "../progress/use-command.js";
import type { Wording } from "../wording/use-wording.js";
import type { CardMenuEntry } from "./card-menu.js";

/** What a person can do with the sync of a card. */
export interface CardCommands {
  /** For the card's menu; none while nothing runs. */
  readonly entries: readonly CardMenuEntry[];
  readonly question: CancelQuestionControl;
  /** The last command could not be carried out. */
  readonly hasFailed: boolean;
}

/** The commands that a card gives to its sync: pause, resume, and cancel, which asks first. */
export function useCardCommands(
  state: SyncProgressState,
  status: IntegrationStatus,
  { labels, lang, name }: Wording & { readonly name: string },
): CardCommands {
  const { syncId } = state;
  const [display] = useState(() => ({}));
  useEffect(() => announcer.attach(display), [display]);
  const command = useCommand<"pause" | "resume" | "cancel">(`${syncId}:${state.status}`, () =>
    announcer.alert({ topic: syncId ?? "", about: "command-failed", text: labels.commandFailed, lang }),
  );
  const question = useCancelQuestion(state, async () => (await command.carryOut("cancel", state.cancel)) !== null);

  // The focus is back on the menu's button, which says nothing of what has come of it.
  const tell = async (about: string, text: string, carriedOut: Promise<object | null>) => {
    if ((await carriedOut) !== null)
      announcer.say({ topic: syncId ?? "", about, text, lang, isOutcome: false, displays: [display] });
  };

  const entries: CardMenuEntry[] = [];
  const offer = (id: string, label: string, onSelect: () => void) => entries.push({ id, label, onSelect });
  const isRunning = syncId !== null && (status === "syncing" || status === "paused");
  if (isRunning && status === "paused")
    offer(
      "resume",
      labels.resume,
      () => void tell("resumed", labels.announceResumed(name), command.carryOut("resume", state.resume)),
    );
  // What waits in the queue has nothing to hold yet.
  else if (isRunning && state.status !== null && state.status !== "queued")
    offer(
      "pause",
      labels.pause,
      () => void tell("paused", labels.paused(name), command.carryOut("pause", state.pause)),
    );
  if (isRunning) offer("cancel", labels.cancelSync, () => question.ask("menu"));
  return { entries, question, hasFailed: command.hasFailed };
}
