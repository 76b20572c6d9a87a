import { useState } from "react";
import type { SyncAllState } from "../../react/use-sync-all.js";
import type { CancelQuestionControl } from "../progress/use-cancel-question.js";

/** The question before everything is cancelled: moot when nothing is under way. */
export function useAllQuestion({ isBusy: isUnderWay, cancel }: SyncAllState): CancelQuestionControl {
  const [asked, setAsked] = useState<{ readonly by: string; readonly isStopping: boolean } | null>(null);
  // What has ended by itself needs no answer; what is started afterwards is asked about anew.
  if (asked !== null && !isUnderWay) setAsked(null);
  const isBusy = asked?.isStopping === true;
  return {
    askedBy: asked?.by ?? null,
    isBusy,
    ask: (by) => setAsked({ by, isStopping: false }),
    dismiss() {
      if (!isBusy) setAsked(null);
    },
    confirm() {
      if (asked === null || isBusy) return;
      const stopping = { ...asked, isStopping: true };
      setAsked(stopping);
      // Also when some refused to be cancelled: their rows say so.
      void cancel().then(() => setAsked((latest) => (latest === stopping ? null : latest)));
    },
  };
}
