import { isTerminalStatus } from "../protocol/status.js";
import type { SyncView } from "./sync-view.js";

/** Several syncs in numbers. Each sync is in exactly one of the six groups. */
export interface SyncAggregate {
  readonly total: number;
  /** Not ended and not paused; also those of which nothing is known yet. */
  readonly running: number;
  readonly paused: number;
  /** Ended with every item. */
  readonly complete: number;
  /** Ended, but some items failed. */
  readonly partlyFailed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Items that failed, in all of them together. */
  readonly failedItems: number;
  /** 0-100: the mean over all syncs, where one that has ended counts as 100 and one that waits as 0; `null` if there are none or one is unknown. */
  readonly percent: number | null;
}

/** Where a sync stands among several. */
export type SyncGroup = "running" | "paused" | "complete" | "partlyFailed" | "failed" | "cancelled";

/** The group of a sync in a {@link SyncAggregate}. */
export function groupOf({ snapshot, status, isRunning }: SyncView): SyncGroup {
  if (status === null) return isRunning ? "running" : "failed";
  if (status === "complete") return (snapshot?.failedItems ?? 0) > 0 ? "partlyFailed" : "complete";
  if (status === "error") return "failed";
  if (status === "cancelled" || status === "paused") return status;
  return "running";
}

/** Counts syncs by how they stand. */
export function aggregateSyncs(views: readonly SyncView[]): SyncAggregate {
  const groups = { running: 0, paused: 0, complete: 0, partlyFailed: 0, failed: 0, cancelled: 0 };
  let failedItems = 0;
  let percents = 0;
  let isUnknown = views.length === 0;
  for (const view of views) {
    groups[groupOf(view)] += 1;
    failedItems += view.snapshot?.failedItems ?? 0;
    const hasEnded = view.status !== null && isTerminalStatus(view.status);
    // One that waits for its turn has not begun: the bar of all must not stand for it.
    const percent = hasEnded ? 100 : view.status === "queued" ? (view.percent ?? 0) : view.percent;
    if (percent === null) isUnknown = true;
    else percents += percent;
  }
  return { total: views.length, ...groups, failedItems, percent: isUnknown ? null : percents / views.length };
}
