import type { SyncView } from "../../client/sync-view.js";

/** The syncs of a list since something began to run: what is announced of them together. */
export interface SyncBatch {
  /** Those that were seen running, by id. */
  readonly running: ReadonlySet<string>;
  /** Those that have ended since, by id. */
  readonly ended: ReadonlyMap<string, SyncView>;
  /** Those whose end was not announced yet. */
  readonly unannounced: ReadonlySet<string>;
}

export const NO_BATCH: SyncBatch = { running: new Set(), ended: new Map(), unannounced: new Set() };

/**
 * The batch after another look at the list. A sync that had ended when it was first seen is no news; one that left the
 * list without an end does not count. The next batch begins when nothing runs and everything is announced.
 */
export function followEnds(batch: SyncBatch, views: readonly SyncView[]): SyncBatch {
  const isOver = batch.running.size === 0 && batch.unannounced.size === 0;
  const running = new Set<string>();
  const ended = new Map(isOver ? [] : batch.ended);
  const unannounced = new Set(batch.unannounced);
  for (const view of views) {
    if (view.isRunning) running.add(view.syncId);
    else if (view.isTerminal && batch.running.has(view.syncId)) {
      ended.set(view.syncId, view);
      unannounced.add(view.syncId);
    }
  }
  return isOver && running.size === 0 ? batch : { running, ended, unannounced };
}

/** The batch after all ends were announced. */
export function withoutNews(batch: SyncBatch): SyncBatch {
  return { ...batch, unannounced: new Set() };
}
