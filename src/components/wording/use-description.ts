import { useMemo } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import { describeProgress, type ProgressDescription } from "./describe-progress.js";
import { isolate } from "./direction.js";
import { type StartError, startErrorText } from "./start-error.js";
import { useNow } from "./use-now.js";
import { type ChosenWords, useWording, type Wording } from "./use-wording.js";

/** How the words of a progress display are chosen. */
export interface ProgressWording extends Wording {
  /** The integration's display name. Default the sync's connector type. */
  readonly name?: string | undefined;
}

/** What is put into words. */
export interface DescribedState extends ProgressWording {
  readonly state: SyncProgressState;
  /** Why the sync could not be started: the error of the start, or a sentence for the person. */
  readonly startError?: StartError;
}

/** A sync's state in words, kept true while time goes by. */
export interface DescribedWords extends ChosenWords {
  /** To be put into a sentence. */
  readonly name: string;
  readonly description: ProgressDescription;
}

export function useDescription({
  state,
  name: given,
  labels: labelOverrides,
  locale,
  startError = null,
}: DescribedState): DescribedWords {
  const words = useWording({ labels: labelOverrides, locale });
  const { labels, format, dir } = words;
  const name = isolate(given || state.connectorType || labels.unnamed, dir);
  const now = useNow(state.isStalled || state.retryAt !== null);
  const description = useMemo(
    () => describeProgress({ state, name, startError: startErrorText(startError, labels) }, labels, format, now),
    [state, name, startError, labels, format, now],
  );
  return useMemo(() => ({ ...words, name, description }), [words, name, description]);
}
