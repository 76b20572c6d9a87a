import { useMemo } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import { describeProgress, type ProgressText } from "./describe-progress.js";
import { isolate } from "./direction.js";
import { type StartError, startErrorText } from "./start-error.js";
import { useNow } from "./use-now.js";
import { useWording, type Wording, type WordingProps } from "./use-wording.js";

/** How the words of a progress display are chosen. */
export interface ProgressWordingProps extends WordingProps {
  /** The integration's display name. Default the sync's connector type. */
  readonly name?: string | undefined;
}

/** What is put into words. */
export interface ProgressWordingSource extends ProgressWordingProps {
  readonly state: SyncProgressState;
  /** Why the sync could not be started: the error of the start, or a sentence for the person. */
  readonly startError?: StartError;
}

/** A sync's state in words, kept true while time goes by. */
export interface ProgressWording extends Wording {
  /** To be put into a sentence. */
  readonly name: string;
  readonly text: ProgressText;
}

export function useProgressWording({
  state,
  name: given,
  labels: labelOverrides,
  locale,
  startError = null,
}: ProgressWordingSource): ProgressWording {
  const words = useWording({ labels: labelOverrides, locale });
  const { labels, format, dir } = words;
  const name = isolate(given || state.connectorType || labels.unnamed, dir);
  const now = useNow(state.isStalled || state.retryAt !== null || state.connection === "reconnecting");
  const text = useMemo(
    () => describeProgress({ state, name, startError: startErrorText(startError, labels) }, labels, format, now),
    [state, name, startError, labels, format, now],
  );
  return useMemo(() => ({ ...words, name, text }), [words, name, text]);
}
