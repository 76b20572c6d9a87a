import { activeSyncsOf } from "./active-syncs.js";
import { followEnds, NO_BATCH, withoutNews } from "./follow-ends.js";
import type { SyncClient } from "./sync-client.js";
import type { SyncView } from "./sync-view.js";

/** Ends that are this close are one event. */
const TOGETHER_MS = 1_500;

/** What {@link watchEnds} calls. */
export interface EndsListener {
  /** A sync was seen to end, just now. */
  onEnd(view: SyncView): void;
  /** All that have ended within a moment. */
  onEnded(views: readonly SyncView[]): void;
}

/**
 * Watches every sync of the person, and reports those that end: not what had ended before, was cancelled, or took less
 * than `minDurationMs()`. Returns a function that ends it.
 */
export function watchEnds(client: SyncClient, minDurationMs: () => number, listener: EndsListener): () => void {
  const active = activeSyncsOf(client);
  const seenAt = new Map<string, number>();
  let batch = NO_BATCH;
  let ended: SyncView[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isLong = (view: SyncView) => {
    const { startedAt = null, completedAt = null } = view.snapshot ?? {};
    const lasted =
      startedAt !== null && completedAt !== null
        ? completedAt - startedAt
        : performance.now() - (seenAt.get(view.syncId) ?? performance.now());
    return lasted >= minDurationMs();
  };
  const flush = () => {
    timer = undefined;
    const views = ended;
    ended = [];
    listener.onEnded(views);
  };
  const check = () => {
    batch = followEnds(batch, active.getState().syncs);
    for (const syncId of batch.running) if (!seenAt.has(syncId)) seenAt.set(syncId, performance.now());
    const news = [...batch.news].flatMap((syncId) => batch.ended.get(syncId) ?? []);
    batch = withoutNews(batch);
    for (const view of news) {
      if (view.status !== "cancelled" && isLong(view)) {
        ended.push(view);
        listener.onEnd(view);
      }
      seenAt.delete(view.syncId);
    }
    if (ended.length > 0) timer ??= setTimeout(flush, TOGETHER_MS);
  };

  const unsubscribe = active.subscribe(check);
  check();
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
