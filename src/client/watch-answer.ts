import type { SyncError } from "./sync-view.js";
import { authorize, decide, failedOpening, openStream, park, wait } from "./watch-moves.js";
import { backoff, MAX_RETRY_AFTER_MS } from "./watch-policy.js";
import { hasLiveStream, scheduleAsk, stalledIfOld, takeSnapshot } from "./watch-snapshot.js";
import type { SnapshotAnswer, WatchInput, WatchState } from "./watch-state.js";

/* What the snapshot endpoint said, and what that says about the stream. */

/** What follows from an answer of the snapshot endpoint, or from having none. */
export function takeAnswer(state: WatchState, answer: SnapshotAnswer, input: WatchInput): WatchState {
  // A stream that lives tells the truth whatever has befallen the snapshot endpoint.
  if (answer.kind !== "snapshot" && state.snapshot !== null && hasLiveStream(state, input.now)) {
    return scheduleAsk(stalledIfOld(state, input.now), input.now);
  }
  switch (answer.kind) {
    case "snapshot": {
      if (answer.snapshot.syncId !== state.syncId) {
        const message = `the server answered with the snapshot of ${answer.snapshot.syncId} when asked for ${state.syncId}`;
        return withoutAnswer(decide(state, "foreign-snapshot"), invalidResponse(message), null, input);
      }
      const reached = { ...state, outages: 0, problem: null, isOffline: false, hasReauthorized: false };
      const taken = takeSnapshot(reached, answer.snapshot, input);
      return taken.link.kind === "closed" ? taken : afterAnswer(taken, state, input);
    }
    case "refused":
      if (answer.status === 401 || answer.status === 403) return authorize(state, signedOut(answer.message), input);
      if (answer.status === 404 || answer.status === 410) {
        return park(state, { kind: "not-found", message: answer.message, code: null }, input);
      }
      return withoutAnswer(state, unreachable(answer.message), answer.retryAfterMs, input);
    case "unreadable": {
      const { message } = answer.problem;
      return withoutAnswer(decide(state, "answer-unreadable", message), invalidResponse(message), null, input);
    }
    case "no-answer":
      return withoutAnswer(state, unreachable(answer.message), null, input);
    default:
      answer satisfies never;
      return state;
  }
}

/** The server is there and told where the sync is: what does that say about the stream? */
function afterAnswer(state: WatchState, before: WatchState, input: WatchInput): WatchState {
  const { link, policy } = state;
  const { now } = input;
  if (link.kind === "polling") {
    return stalledIfOld({ ...state, link: { ...link, pollAt: now + policy.pollInterval }, disconnectedAt: null }, now);
  }
  if (link.kind === "asking") return failedOpening(state, input);
  if (link.kind !== "stream") return state;
  if (link.phase !== "open" || link.messages === 0) return failedOpening(decide(state, "stream-silent"), input);

  // News that the stream should have brought long ago: it stands, but does not follow the sync.
  const isNews = state.snapshot !== before.snapshot;
  if (isNews && now - (before.receivedAt ?? 0) >= policy.openTimeout) {
    return failedOpening(decide(state, "stream-deaf"), input);
  }
  if (state.hasHeartbeat && !hasLiveStream(state, now)) return openStream(decide(state, "stream-silent"), input);
  return scheduleAsk(stalledIfOld(state, now), now);
}

/** The snapshot endpoint was no help: all is tried again later. */
function withoutAnswer(
  state: WatchState,
  problem: SyncError,
  retryAfterMs: number | null,
  input: WatchInput,
): WatchState {
  const { link } = state;
  const { now } = input;
  const failed: WatchState = decide(
    { ...state, problem, outages: state.outages + 1, disconnectedAt: state.disconnectedAt ?? now },
    retryAfterMs === null ? "server-unreachable" : "retry-after",
    problem.message,
  );
  const jittered = state.isOffline ? state.policy.retryMax : backoff(state.outages, state.policy, input.random);
  const pause = Math.max(jittered, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
  // The browser goes on trying at its own pace, which brings a restarted server back sooner than a long backoff.
  if (link.kind === "stream" && link.phase === "retrying" && retryAfterMs === null) {
    return { ...failed, link: { ...link, askAt: now + Math.max(pause, state.policy.browserRetryPatience) } };
  }
  return wait(failed, pause, input);
}

/** The credentials are no use any more. */
export function signedOut(message: string): SyncError {
  return { kind: "unauthorized", message, code: null };
}

function unreachable(message: string): SyncError {
  return { kind: "unreachable", message, code: null };
}

function invalidResponse(message: string): SyncError {
  return { kind: "invalid-response", message, code: null };
}
