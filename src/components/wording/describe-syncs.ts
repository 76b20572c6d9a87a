import { aggregateSyncs } from "../../client/aggregate-syncs.js";
import type { SyncView } from "../../client/sync-view.js";
import type { Formatter } from "../labels/formatter.js";
import type { SyncCounts, SyncLabels } from "../labels/sync-labels.js";
import type { ProgressKind } from "./progress-kind.js";
import { RECONNECTING_AFTER_MS } from "./reconnecting.js";

/** What the connection has to say of several syncs at once. */
export interface SyncsNotice {
  readonly kind: "offline" | "reconnecting";
  /** In a sentence. */
  readonly text: string;
  /** In two words. */
  readonly short: string;
}

/** Several syncs in words. */
export interface SyncsText {
  /** What needs the person most: a failure before what runs. */
  readonly kind: ProgressKind;
  /** Such as `"3 running, 1 failed"`. */
  readonly counts: string;
  /** The two of them that matter most, for a small place. */
  readonly mainCounts: string;
  /** Of all, 0-100, where one that has ended counts in full; `null` while unknown, and when all have ended. */
  readonly percent: number | null;
  /** There is something to measure. */
  readonly isMoving: boolean;
  /** Nothing moves but could: all that has not ended is paused. */
  readonly isPaused: boolean;
  readonly notice: SyncsNotice | null;
}

/** Puts several syncs into words. `now` as in `useNow`: without it a lost connection is not mentioned. */
export function describeSyncs(
  views: readonly SyncView[],
  labels: SyncLabels,
  format: Formatter,
  now: number | null,
): SyncsText {
  const { running, paused, failed, partlyFailed, complete, cancelled, percent } = aggregateSyncs(views);
  const isMoving = running + paused > 0;
  // What has ended well is no news while something runs.
  const finished = isMoving ? 0 : complete + cancelled;
  const counts: SyncCounts = { running, paused, failed, withProblems: partlyFailed, finished };
  return {
    kind: kindOf(counts, complete > 0),
    counts: labels.syncCounts(counts, format),
    mainCounts: labels.syncCounts(mainOf(counts), format),
    percent: isMoving ? percent : null,
    isMoving,
    isPaused: paused > 0 && running === 0,
    notice: noticeOf(views, labels, now),
  };
}

const NO_COUNTS: SyncCounts = { running: 0, paused: 0, failed: 0, withProblems: 0, finished: 0 };

function mainOf(counts: SyncCounts): SyncCounts {
  const names = (["failed", "running", "withProblems", "paused", "finished"] as const).filter(
    (name) => counts[name] > 0,
  );
  return { ...NO_COUNTS, ...Object.fromEntries(names.slice(0, 2).map((name) => [name, counts[name]])) };
}

function kindOf({ running, paused, failed, withProblems }: SyncCounts, isComplete: boolean): ProgressKind {
  if (failed > 0) return "failed";
  if (withProblems > 0) return "partial";
  if (running > 0) return "running";
  if (paused > 0) return "paused";
  return isComplete ? "complete" : "cancelled";
}

function noticeOf(views: readonly SyncView[], labels: SyncLabels, now: number | null): SyncsNotice | null {
  const running = views.filter(({ isRunning }) => isRunning);
  const arePaused = running.every(({ status }) => status === "paused");
  if (running.some(({ isOffline }) => isOffline)) {
    const text = arePaused ? labels.offlinePaused : labels.offline;
    return { kind: "offline", text, short: labels.offlineShort };
  }
  const lostAt = lostSince(running);
  if (lostAt === null || now === null || now - lostAt < RECONNECTING_AFTER_MS) return null;
  const text = arePaused ? labels.reconnectingPaused : labels.reconnecting;
  return { kind: "reconnecting", text, short: labels.connectionLost };
}

/** Since when the connection to one of the syncs is lost; `null` if to none. Local clock, ms since the epoch. */
export function lostSince(views: readonly SyncView[]): number | null {
  const lost = views.flatMap(({ connection, disconnectedAt }) =>
    connection === "reconnecting" && disconnectedAt !== null ? [disconnectedAt] : [],
  );
  return lost.length === 0 ? null : lost.reduce((first, at) => Math.min(first, at));
}
