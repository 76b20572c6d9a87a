import { createContext, useContext } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { AutoCloseControl } from "../../react/use-auto-close.js";
import type { ProgressWording } from "../wording/use-progress-wording.js";
import type { SyncProgressClassNames } from "./progress-parts.js";
import type { ProgressActionsControl } from "./use-progress-actions.js";

/** What the parts of one progress display share. */
export interface ProgressContextValue extends ProgressWording, ProgressActionsControl {
  readonly state: SyncProgressState;
  /** The countdown to the close of the display. */
  readonly autoClose: AutoCloseControl;
  readonly classNames: SyncProgressClassNames;
}

export const ProgressContext = createContext<ProgressContextValue | null>(null);

/** The `SyncProgress.Actions` around a button, in whose place a question is asked; `null` for a button that stands alone. */
export const ActionsContext = createContext<string | null>(null);

/** The value of {@link ProgressContext}. @throws Error outside of a `SyncProgress.Root`. */
export function useProgressContext(part: string): ProgressContextValue {
  const value = useContext(ProgressContext);
  if (value !== null) return value;
  throw new Error(`SyncProgressError: <${part}> must be rendered inside <SyncProgress.Root>.`);
}
