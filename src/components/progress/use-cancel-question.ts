import { useState } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";

/** The question before a cancel. */
export interface CancelQuestionControl {
  /**
   * The place that it is shown in, as given to `ask`; `null` while it is not. After `confirm` it stays until the
   * sync has ended, so that the focus moves once.
   */
  readonly askedBy: string | null;
  /** The sync is being cancelled, by this question or in another display. */
  readonly isBusy: boolean;
  ask(by: string): void;
  /** Cancels the sync. */
  confirm(): void;
  /** Closes the question; the sync continues. */
  dismiss(): void;
}

interface Asked {
  readonly syncId: string | null;
  readonly by: string;
  readonly isStopping: boolean;
}

/** Asks before a sync is cancelled. The question is about one sync, and moot once that has ended. */
export function useCancelQuestion(
  state: Pick<SyncProgressState, "syncId" | "isRunning" | "command" | "cancel">,
): CancelQuestionControl {
  const { syncId, isRunning, command } = state;
  const [latest, setAsked] = useState<Asked | null>(null);
  const asked = latest !== null && latest.syncId === syncId && isRunning ? latest : null;
  const isBusy = asked?.isStopping === true || (command?.name === "cancel" && command.status === "pending");
  return {
    askedBy: asked?.by ?? null,
    isBusy,
    ask: (by) => setAsked({ syncId, by, isStopping: false }),
    dismiss() {
      // A cancel that was requested cannot be taken back.
      if (!isBusy) setAsked(null);
    },
    confirm() {
      if (asked === null || isBusy) return;
      const stopping = { ...asked, isStopping: true };
      setAsked(stopping);
      // Another question may have been asked since.
      state.cancel().catch(() => setAsked((newest) => (newest === stopping ? null : newest)));
    },
  };
}
