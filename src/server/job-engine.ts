import type { Scope } from "./scope.js";

/** A sync as a job engine gets it. */
export interface QueuedSync {
  readonly scope: Scope;
  readonly syncId: string;
  readonly connectorType: string;
}

/** What runs the jobs of syncs, in whatever process: a queue of BullMQ or pg-boss. */
export interface JobEngine {
  /**
   * Whether the engine has a job for this sync that waits, runs or will be tried again. Called for syncs that no process
   * runs, every 30 s: one without a job ends as `interrupted`. While it rejects, the sync waits.
   */
  hasJob(sync: QueuedSync): Promise<boolean>;
}

/** How an engine runs one attempt of a sync. */
export interface AttemptOptions {
  /**
   * The engine's number of the attempt, from 1: one that is not higher than that of the latest attempt is refused.
   * Default the next one.
   */
  readonly fence?: number;
  /** Stops the attempt when it aborts, as a failure that the engine tries again unless `isLastTry` says otherwise. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether the engine does not try again after this error: what the job threw, or a `SyncStoppedError` for an attempt
   * that took too long or was stopped. If it does try again, the sync waits in the queue. Default always: the sync ends.
   */
  readonly isLastTry?: (error: unknown) => boolean;
}

/**
 * Between the fences of two attempts is room for the processes that look after the sync from one to the next: each that
 * takes it over has the next fence, and none may be ahead of the attempt that follows.
 */
const FENCES_AN_ATTEMPT = 1_000_000;

/** The fence of an attempt, or of the one after `before`. */
export function fenceOfAttempt(attempt: number | undefined, before: number): number {
  return (attempt ?? Math.floor(before / FENCES_AN_ATTEMPT) + 1) * FENCES_AN_ATTEMPT;
}

/** The time that an engine may take to add a job, in ms. */
const ENQUEUE_TIMEOUT_MS = 10_000;

/** Gives a sync to an engine. Rejects with what that rejects with, or when it takes too long. */
export async function enqueueInTime(enqueue: () => Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`The job engine did not take the sync within ${ENQUEUE_TIMEOUT_MS} ms.`);
    timer = setTimeout(() => reject(error), ENQUEUE_TIMEOUT_MS);
  });
  try {
    await Promise.race([enqueue(), late]);
  } finally {
    clearTimeout(timer);
  }
}
