import { createContext, useContext } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { AutoCloseControl } from "../../react/use-auto-close.js";
import type { Formatter } from "../labels/formatter.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import type { ProgressAction, ProgressDescription } from "../wording/describe-progress.js";
import type { Direction } from "../wording/direction.js";
import type { ProgressClassNames } from "./progress-parts.js";
import type { CancelQuestionControl } from "./use-cancel-question.js";

/** What the parts of one progress display share. */
export interface ProgressContextValue {
  readonly state: SyncProgressState;
  /** The countdown to the close of the display. */
  readonly autoClose: AutoCloseControl;
  readonly name: string;
  readonly labels: SyncLabels;
  readonly format: Formatter;
  /** BCP 47 language of the words, where it is known. */
  readonly lang: string | undefined;
  readonly dir: Direction | "auto";
  readonly description: ProgressDescription;
  /** Those of the state's actions that somebody carries out. */
  readonly actions: readonly ProgressAction[];
  /** The one that has the most weight. */
  readonly mainAction: ProgressAction | null;
  readonly classNames: ProgressClassNames;
  /** Carries an action out. `by` names the place where a question about it is asked. */
  readonly act: (action: ProgressAction, by: string) => void;
  /** The action that is being carried out. */
  readonly pendingAction: ProgressAction | null;
  /** The last action could not be carried out. */
  readonly hasActionFailed: boolean;
  /** The question "cancel this sync?". */
  readonly cancelQuestion: CancelQuestionControl;
}

export const ProgressContext = createContext<ProgressContextValue | null>(null);

/** The `SyncProgress.Actions` around a button, in whose place a question is asked; `null` for a button that stands alone. */
export const ActionsContext = createContext<string | null>(null);

/** What {@link ProgressContext} holds. @throws Error outside of a `SyncProgress.Root`. */
export function useProgressContext(part: string): ProgressContextValue {
  const value = useContext(ProgressContext);
  if (value !== null) return value;
  throw new Error(`SyncProgressError: <${part}> must be rendered inside <SyncProgress.Root>.`);
}
