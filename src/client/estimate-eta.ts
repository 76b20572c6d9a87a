/** How long a sync may still take, from the pace of the last seconds. */
export interface Eta {
  /** ms until the sync is done at the current pace. */
  readonly remainingMs: number;
  /** Items a second, over the last ~15 s of progress. */
  readonly itemsPerSecond: number;
}
