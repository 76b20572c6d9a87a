/** Longest texts of a snapshot, in UTF-16 code units: a server sends no longer ones, and a reader cuts what is longer. */
export const TEXT_LIMITS = {
  id: 200,
  /** Type, phase, error code. */
  word: 100,
  /** Stage, error message, reason of a failure. */
  sentence: 500,
  item: 1_000,
} as const;
