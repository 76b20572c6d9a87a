import { type Phase, percentOf } from "../protocol/phases.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isMovingStatus, isTerminalStatus } from "../protocol/status.js";
import { NO_RATE, type Rate, trackRate } from "./estimate-eta.js";
import { mergeSnapshot } from "./merge-snapshot.js";

/** What the client has of one sync, however it arrived and however many components look at it. */
export interface TrackedSync {
  readonly syncId: string;
  readonly snapshot: SyncSnapshot | null;
  /** 0-100, never falling; `null` while unknown. */
  readonly percent: number | null;
  readonly rate: Rate;
  /** When the latest snapshot arrived. Local clock, ms. */
  readonly changedAt: number | null;
  readonly isStalled: boolean;
}

/** What a tracked sync goes by. */
export interface TrackingOptions {
  /** Time without a change after which a moving sync counts as stalled. */
  readonly stallTimeoutMs: number;
  /** The phases of older backends, which send neither a percentage nor phases. */
  readonly phases: readonly Phase[];
}

export function trackSync(syncId: string): TrackedSync {
  return { syncId, snapshot: null, percent: null, rate: NO_RATE, changedAt: null, isStalled: false };
}

/** The sync after one more snapshot; `sync` itself if that brings nothing new. Pure. */
export function receive(
  sync: TrackedSync,
  snapshot: SyncSnapshot,
  now: number,
  { phases }: TrackingOptions,
): TrackedSync {
  const merged = mergeSnapshot(sync.snapshot, snapshot);
  if (merged === sync.snapshot) return sync;
  const percent = percentOf(merged, phases);
  return {
    syncId: sync.syncId,
    snapshot: merged,
    percent: percent === null ? sync.percent : Math.max(sync.percent ?? 0, percent),
    rate: trackRate(sync.rate, merged, percent, now),
    changedAt: now,
    isStalled: false,
  };
}

/** The sync, marked as stalled if it should move and has not for long. To be called when the server has confirmed that. */
export function checkStall(sync: TrackedSync, now: number, options: TrackingOptions): TrackedSync {
  const dueAt = changeDueAt(sync, options);
  return sync.isStalled || dueAt === null || now < dueAt ? sync : { ...sync, isStalled: true };
}

/** When a change of the sync is overdue; `null` if it may rightly stand still. Local clock, ms. */
export function changeDueAt({ snapshot, changedAt }: TrackedSync, { stallTimeoutMs }: TrackingOptions): number | null {
  if (snapshot === null || changedAt === null || !isMovingStatus(snapshot.status)) return null;
  return changedAt + stallTimeoutMs;
}

/** Whether the sync has ended for good. */
export function hasEnded({ snapshot }: TrackedSync): boolean {
  return snapshot !== null && isTerminalStatus(snapshot.status);
}
