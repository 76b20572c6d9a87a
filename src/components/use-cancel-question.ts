import { useState } from "react";
import type { SyncProgressState } from "../react/use-sync-progress.js";

/** The question before a cancel. */
export interface CancelQuestionControl {
  /** Once answered with "stop" it stays until the sync has ended, so that the focus moves once. */
  readonly cancelQuestion: "closed" | "open" | "answered";
  ask(): void;
  answer(answer: "stop" | "keep"): void;
}

/**
 * Asks before a sync is cancelled. The question is about one sync, and moot once that has ended.
 *
 * @param cancel Gives the command; answers whether that worked.
 */
export function useCancelQuestion(
  { syncId, isRunning }: Pick<SyncProgressState, "syncId" | "isRunning">,
  cancel: () => Promise<boolean>,
): CancelQuestionControl {
  const [asked, setAsked] = useState<{ readonly syncId: string | null; readonly answered: boolean } | null>(null);
  const isOpen = asked !== null && asked.syncId === syncId && isRunning;
  return {
    cancelQuestion: !isOpen ? "closed" : asked.answered ? "answered" : "open",
    ask: () => setAsked({ syncId, answered: false }),
    answer(answer) {
      if (answer === "keep") return setAsked(null);
      setAsked({ syncId, answered: true });
      void cancel().then((hasWorked) => hasWorked || setAsked(null));
    },
  };
}
