import { createContext, useContext } from "react";
import type { SyncClient } from "../../client/sync-client.js";
import type { Wording, WordingProps } from "../wording/use-wording.js";

/** What the rows of one history share. */
export interface HistoryContextValue extends Wording {
  readonly client: SyncClient;
  readonly wordingProps: WordingProps;
  readonly classNames: SyncHistoryClassNames;
  /** The display name of an integration. */
  readonly nameOf: (integrationType: string) => string;
  /** Says something to screen readers; `about` makes it another announcement than the one before. */
  readonly announce: (about: string, text: string, politeness?: "polite" | "assertive") => void;
  /** The syncs whose details are open: kept here, since a row out of sight is not rendered. */
  readonly opened: ReadonlySet<string>;
  readonly toggle: (syncId: string) => void;
  readonly onShowProgress: ((syncId: string) => void) | undefined;
}

/** The elements of `SyncHistory` that take a class name of their own. */
export type SyncHistoryPart =
  | "root"
  | "title"
  | "filters"
  | "select"
  | "list"
  | "row"
  | "name"
  | "status"
  | "facts"
  | "details"
  | "search"
  | "mainButton"
  | "button"
  | "quietButton"
  | "dangerButton"
  | "bar"
  /** The filled part of a bar. */
  | "barFill";

/** Class names added to the built-in ones. */
export type SyncHistoryClassNames = Readonly<Partial<Record<SyncHistoryPart, string | undefined>>>;

export const HistoryContext = createContext<HistoryContextValue | null>(null);

/** The value of {@link HistoryContext}. @throws Error outside of a `SyncHistory`. */
export function useHistoryContext(): HistoryContextValue {
  const value = useContext(HistoryContext);
  if (value !== null) return value;
  throw new Error("SyncProgressError: a row of the history must be rendered inside <SyncHistory>.");
}
