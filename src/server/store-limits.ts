/** How much a store keeps. */
export interface StoreLimits {
  /** How many ended syncs of a person are kept at most; the oldest go first. Default 200 in memory, 1,000 in a file. */
  readonly maxEnded?: number;
  /** How many failed items are kept for one sync; the count continues beyond it. Default 10,000. */
  readonly maxFailures?: number;
  /** How many lines of log are kept for one sync. Default 10,000. */
  readonly maxLogLines?: number;
}

/** How far above the last `seq` its owner has seen a restored sync continues: readers may have seen more. */
export const RESTORED_SEQ_GAP = 1_000;
