import type { MovingStatus } from "../protocol/status.js";

/** What a job can report of its state. */
export interface RunChange {
  /** What the job does now. Begins the declared phase of that name, if there is one. */
  readonly status?: Exclude<MovingStatus, "running">;
  /** Begins a declared phase: `processedItems` counts from 0 again. */
  readonly phase?: string;
  /** The sentence that the person reads. At most 500 characters are kept. */
  readonly stage?: string;
  /** Items in the sync, or in its current phase; `null` while unknown. May grow. */
  readonly totalItems?: number | null;
  /** What is worked on now. At most 1,000 characters are kept. */
  readonly currentItem?: string | null;
}

/** Items that are done. */
export interface RunStep {
  /** The item at hand. At most 1,000 characters are kept. */
  readonly item?: string;
  /** Default 1. */
  readonly count?: number;
}

/** An item that cannot be synced. */
export interface RunFailure {
  /** At most 1,000 characters are kept. */
  readonly item: string;
  /** Why, in a sentence safe to show. At most 500 characters are kept. */
  readonly reason: string;
}

/**
 * What a running job reports with, and what makes it stop or wait. A report that is not valid (a count of NaN, a
 * phase that is not declared) is passed to `onError` and changes nothing; what is reported after the end is ignored.
 */
export interface SyncRun {
  readonly syncId: string;
  /** Aborted when the sync is cancelled, times out, or the server stops; give it to whatever can take long. */
  readonly signal: AbortSignal;
  /**
   * The data of the last checkpoint of the sync that this one continues; `null` for a sync that begins at its start.
   * The counts continue as they were at that checkpoint.
   */
  readonly resumedFrom: unknown;
  /** Reports what is done now. */
  update(change: RunChange): void;
  /** Counts items done, and names the one at hand. */
  advance(step?: RunStep): void;
  /** Counts an item that cannot be synced; the sync continues. */
  fail(failure: RunFailure): void;
  /**
   * Adds a line to the log of the sync, which the person can download: no secrets, and nothing of others. At most 1,000
   * characters are kept of a line, and 10,000 lines of a sync, changes of status and phase included.
   */
  log(line: string): void;
  /**
   * To be awaited between items: waits while the sync is paused. With `data` (any JSON, at most 16,384 characters) it
   * also marks a place to continue from if this process dies; it is stored with the next progress.
   *
   * @throws SyncStoppedError when the sync is to stop.
   */
  checkpoint(data?: unknown): Promise<void>;
}

/** The work of one sync. Returns when it is complete, and throws when it failed. */
export type SyncJob = (run: SyncRun) => Promise<void>;
