/** The elements of a progress display that take a class name of their own. */
export type SyncProgressPart =
  | "root"
  | "title"
  | "stage"
  | "bar"
  /** The filled part of the bar. */
  | "barFill"
  | "percent"
  | "phases"
  /** One of the phases. */
  | "phase"
  | "stats"
  | "eta"
  | "currentItem"
  | "notice"
  | "error"
  | "failures"
  | "notifyEmail"
  | "autoClose"
  | "actions"
  /** Buttons; each has one of the four. */
  | "button"
  | "mainButton"
  | "dangerButton"
  | "quietButton";

/** Class names by part, added to the built-in ones. */
export type SyncProgressClassNames = Readonly<Partial<Record<SyncProgressPart, string | undefined>>>;

export const NO_CLASS_NAMES: SyncProgressClassNames = {};
