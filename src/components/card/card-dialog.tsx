import { ProgressDialog } from "../modal/progress-dialog.js";
import { SyncProgressDialog, type SyncProgressDialogProps } from "../modal/sync-progress-dialog.js";
import type { ProgressWording, ProgressWordingProps } from "../wording/use-progress-wording.js";
import type { CardSync } from "./use-card-sync.js";

/** What may be set of the modal of a card; the rest is the card's own. */
export type CardModalProps = Partial<
  Omit<SyncProgressDialogProps, "progress" | "open" | "onOpenChange" | "startError" | "onRestart">
>;

interface CardDialogProps extends Pick<SyncProgressDialogProps, "open" | "onOpenChange" | "startError" | "onRestart"> {
  readonly sync: CardSync;
  /** The card's own words for the sync. */
  readonly wording: ProgressWording;
  readonly wordingProps: ProgressWordingProps;
  readonly modal: CardModalProps;
}

/** The card's own modal, in the card's words unless it was given others. */
export function CardDialog({ sync, wording, wordingProps, modal, ...props }: CardDialogProps) {
  const dialog = {
    ...modal,
    ...props,
    progress: sync.state,
    onRetried: (id: string) => {
      sync.follow(id);
      modal.onRetried?.(id);
    },
  };
  if (hasWordsOfItsOwn(modal)) return <SyncProgressDialog {...wordingProps} {...dialog} />;
  return <ProgressDialog {...dialog} wording={wording} />;
}

function hasWordsOfItsOwn({ name, labels, locale }: CardModalProps): boolean {
  return name !== undefined || labels !== undefined || locale !== undefined;
}
