import { createContext, useContext } from "react";
import type { SyncClientSource } from "../react/sync-provider.js";
import type { SyncProgressState } from "../react/use-sync-progress.js";
import type { ProgressAction, ProgressDescription } from "./describe-progress.js";
import type { Formatter } from "./labels/formatter.js";
import type { SyncLabels } from "./labels/sync-labels.js";
import type { ProgressClassNames } from "./progress-parts.js";

/** What the parts of one progress display share. */
export interface ProgressContextValue extends SyncClientSource {
  readonly state: SyncProgressState;
  readonly name: string;
  readonly labels: SyncLabels;
  readonly format: Formatter;
  readonly description: ProgressDescription;
  /** Those of the state's actions that somebody carries out, the main one first. */
  readonly actions: readonly ProgressAction[];
  readonly classNames: ProgressClassNames;
  /** Carries an action out. */
  readonly act: (action: ProgressAction) => void;
  /** The action that is being carried out. */
  readonly pendingAction: ProgressAction | null;
  /** The last action could not be carried out. */
  readonly hasActionFailed: boolean;
  /** The question "cancel this sync?"; once answered with "stop" it waits for the sync to end. */
  readonly cancelQuestion: "closed" | "open" | "answered";
  readonly answerCancel: (answer: "stop" | "keep") => void;
}

export const ProgressContext = createContext<ProgressContextValue | null>(null);

/** What {@link ProgressContext} holds. @throws Error outside of a `SyncProgress.Root`. */
export function useProgressContext(part: string): ProgressContextValue {
  const value = useContext(ProgressContext);
  if (value !== null) return value;
  throw new Error(`SyncProgressError: <${part}> must be rendered inside <SyncProgress.Root>.`);
}
