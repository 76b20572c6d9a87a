import type { SyncSnapshot } from "../protocol/snapshot.js";

/** A sync that this process runs. */
export interface StartedSync {
  readonly syncId: string;
  /**
   * Resolves with the last snapshot when the sync has ended, in whatever way, and its end is stored. Never rejects. If the
   * service is closed before the end could be stored, it resolves with what another process will make of it:
   * `interrupted`.
   */
  readonly settled: Promise<SyncSnapshot>;
}

/** One attempt of a sync that a job engine runs in this process. */
export interface AdoptedSync extends StartedSync {
  /**
   * As {@link StartedSync.settled}, but an attempt that is tried again settles with the sync as it waits: `queued`, or
   * `paused`.
   */
  readonly settled: Promise<SyncSnapshot>;
  /**
   * What the engine is to make of the attempt, when it is over and stored. Resolves with the last snapshot of a sync that
   * is complete or was cancelled. Rejects with what the job has thrown, or with a `SyncStoppedError` if the attempt took
   * too long (`timed_out`), was stopped by its signal or by `close()` (`interrupted`), or a later attempt has the sync
   * (`superseded`).
   */
  readonly finished: Promise<SyncSnapshot>;
}
