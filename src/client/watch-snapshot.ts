import { percentOf } from "../protocol/phases.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { trackPace } from "./estimate-eta.js";
import { mergeSnapshot } from "./merge-snapshot.js";
import { decide } from "./watch-moves.js";
import type { WatchInput, WatchState } from "./watch-state.js";

/* What a watch makes of a snapshot, wherever it came from, and of hearing none. */

/** Takes a snapshot that is newer than the one it has; a terminal one closes the watch. */
export function takeSnapshot(state: WatchState, snapshot: SyncSnapshot, { now }: WatchInput): WatchState {
  if (snapshot.syncId !== state.syncId) {
    return decide(state, "foreign-snapshot", `a snapshot of ${snapshot.syncId} came for ${state.syncId}`);
  }
  const merged = mergeSnapshot(state.snapshot, snapshot);
  if (merged === state.snapshot) return state;
  const percent = percentOf(merged, state.policy.phases);
  const taken: WatchState = {
    ...state,
    snapshot: merged,
    percent: percent === null ? state.percent : Math.max(state.percent ?? 0, percent),
    pace: trackPace(state.pace, merged, state.policy, now),
    receivedAt: now,
    isStalled: false,
    wasTerminalAtStart: state.snapshot === null ? isTerminalStatus(merged.status) : state.wasTerminalAtStart,
  };
  return isTerminalStatus(merged.status) ? close(taken) : scheduleAsk(taken, now);
}

function close(state: WatchState): WatchState {
  return decide(
    { ...state, link: { kind: "closed" }, request: null, problem: null, isOffline: false, disconnectedAt: null },
    "terminal",
  );
}

/** Sets when the snapshot endpoint is asked should nothing come: on silence, or when the sync does not move. */
export function scheduleAsk(state: WatchState, now: number): WatchState {
  const { link, policy, lastAnswerAt } = state;
  if (link.kind !== "stream" || link.messages === 0) return state;
  const since = (time: number | null) => Math.max(time ?? now, lastAnswerAt ?? 0);
  const silentAt = since(state.lastMessageAt) + silenceTimeout(state);
  const stalledAt = since(state.receivedAt) + policy.stallTimeout;
  return { ...state, link: { ...link, askAt: isMoving(state.snapshot) ? Math.min(silentAt, stalledAt) : silentAt } };
}

/** Marks the sync as stalled when it should move and has not for long. */
export function stalledIfOld(state: WatchState, now: number): WatchState {
  const age = now - (state.receivedAt ?? now);
  if (state.isStalled || !isMoving(state.snapshot) || age < state.policy.stallTimeout) return state;
  return decide({ ...state, isStalled: true }, "sync-stalled", `no change for ${age} ms`);
}

/** Whether the stream has been heard of as lately as one that stands must be. */
export function hasLiveStream(state: WatchState, now: number): boolean {
  const { link, lastMessageAt } = state;
  const isOpen = link.kind === "stream" && link.phase === "open" && link.messages > 0;
  return isOpen && lastMessageAt !== null && now - lastMessageAt < silenceTimeout(state);
}

/** How long a stream that stands may say nothing. */
function silenceTimeout({ hasHeartbeat, policy }: WatchState): number {
  return hasHeartbeat ? policy.heartbeatTimeout : policy.stallTimeout;
}

/** Whether the sync is expected to change by itself: a queued or paused one may rightly stand still. */
function isMoving(snapshot: SyncSnapshot | null): boolean {
  if (snapshot === null || isTerminalStatus(snapshot.status)) return false;
  return snapshot.status !== "paused" && snapshot.status !== "queued";
}
