import type { SyncProgressPart } from "../progress/progress-parts.js";

/** The elements of the indicator that take a class name of their own; those of its rows are those of a progress display. */
export type SyncIndicatorPart =
  | SyncProgressPart
  /** The button that opens and closes the list. */
  | "toggle"
  | "panel"
  | "list"
  | "row"
  /** The button with the headline of a sync. */
  | "name"
  /** "and 10 more". */
  | "more";

/** Class names by part, added to the built-in ones. */
export type SyncIndicatorClassNames = Readonly<Partial<Record<SyncIndicatorPart, string | undefined>>>;
