import { useState } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";

/** The choice "email me when it is done". */
export interface NotifyEmailControl {
  /** What was chosen last, before the server has responded as well. */
  readonly isChecked: boolean;
  readonly isPending: boolean;
  /** The last choice could not be saved, and was taken back. */
  readonly hasFailed: boolean;
  /** Saves a choice; does nothing while another is being saved. */
  choose(email: boolean): void;
}

interface Choice {
  readonly syncId: string;
  readonly email: boolean;
  /** What the snapshot said when it was made. */
  readonly before: boolean | null;
  readonly status: "pending" | "saved" | "failed";
}

/** Shows the choice at once, and takes it back when the server refuses it. */
export function useNotifyEmail({
  syncId,
  client,
  notifyEmail,
}: Pick<SyncProgressState, "syncId" | "client" | "notifyEmail">): NotifyEmailControl {
  const [latest, setChoice] = useState<Choice | null>(null);
  const choice = latest?.syncId === syncId ? latest : null;
  // From here on the snapshot counts: the choice may be changed in another tab.
  if (choice?.status === "saved" && notifyEmail !== choice.before) setChoice(null);
  const isShown = choice !== null && choice.status !== "failed";
  return {
    isChecked: (isShown ? choice.email : notifyEmail) ?? false,
    isPending: choice?.status === "pending",
    hasFailed: choice?.status === "failed",
    choose(email) {
      if (syncId === null || choice?.status === "pending") return;
      const pending: Choice = { syncId, email, before: notifyEmail, status: "pending" };
      const settle = (status: "saved" | "failed") =>
        setChoice((newest) => (newest === pending ? { ...pending, status } : newest));
      setChoice(pending);
      client.setNotify(syncId, { email }).then(
        () => settle("saved"),
        () => settle("failed"),
      );
    },
  };
}
