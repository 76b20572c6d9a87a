import type { SyncView } from "./sync-view.js";

/** The syncs of a list since something began to run: what is said of them together. */
export interface SyncBatch {
  /** Those that were seen running, by id. */
  readonly running: ReadonlySet<string>;
  /** Those that have ended since, by id. */
  readonly ended: ReadonlyMap<string, SyncView>;
  /** Those whose end was not taken note of yet. */
  readonly news: ReadonlySet<string>;
}

export const NO_BATCH: SyncBatch = { running: new Set(), ended: new Map(), news: new Set() };

/**
 * The batch after another look at the list. A sync that had ended when it was first seen is no news; one that left the
 * list without an end does not count. The next batch begins when nothing runs and all ends are taken note of.
 */
export function followEnds(batch: SyncBatch, views: readonly SyncView[]): SyncBatch {
  const isOver = batch.running.size === 0 && batch.news.size === 0;
  const running = new Set<string>();
  const ended = new Map(isOver ? [] : batch.ended);
  const news = new Set(batch.news);
  for (const view of views) {
    // Until its first snapshot, a sync may have ended long ago.
    if (view.status !== null && view.isRunning) running.add(view.syncId);
    else if (view.isTerminal && batch.running.has(view.syncId)) {
      ended.set(view.syncId, view);
      news.add(view.syncId);
    }
  }
  return isOver && running.size === 0 ? batch : { running, ended, news };
}

/** The batch after all ends were taken note of. */
export function withoutNews(batch: SyncBatch): SyncBatch {
  return { ...batch, news: new Set() };
}
