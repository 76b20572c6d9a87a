import { useState } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";

/** The question before a cancel. */
export interface CancelQuestionControl {
  /**
   * Where it stands: what was given to `ask`; `null` while nothing is asked. Once answered with "stop" it stays until the
   * sync has ended, so that the focus moves once.
   */
  readonly askedBy: string | null;
  /** It was answered with "stop", and the sync has not ended yet. */
  readonly isBusy: boolean;
  ask(by: string): void;
  answer(answer: "stop" | "keep"): void;
}

interface Asked {
  readonly syncId: string | null;
  readonly by: string;
  readonly isBusy: boolean;
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
  const [known, setAsked] = useState<Asked | null>(null);
  const asked = known !== null && known.syncId === syncId && isRunning ? known : null;
  return {
    askedBy: asked?.by ?? null,
    isBusy: asked?.isBusy ?? false,
    ask: (by) => setAsked({ syncId, by, isBusy: false }),
    answer(answer) {
      // What was stopped cannot be kept any more.
      if (asked === null || asked.isBusy) return;
      if (answer === "keep") return setAsked(null);
      const stopped = { ...asked, isBusy: true };
      setAsked(stopped);
      void cancel().then((hasWorked) => {
        // Another question may have been asked since.
        if (!hasWorked) setAsked((newest) => (newest === stopped ? null : newest));
      });
    },
  };
}
