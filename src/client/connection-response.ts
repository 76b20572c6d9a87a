import {
  authorize,
  close,
  failOpening,
  hasLiveStream,
  openStream,
  type Step,
  scheduleProbe,
  signedOut,
  stop,
  takeContent,
  wait,
} from "./connection-moves.js";
import { backoff, MAX_RETRY_AFTER_MS } from "./connection-policy.js";
import type { ConnectionState, Content, ProbeResult } from "./connection-state.js";
import type { SyncError } from "./sync-view.js";

/** What follows from how a request to the snapshot endpoint ended. */
export function onResponse(state: ConnectionState, result: ProbeResult, step: Step): ConnectionState {
  // While the stream is live, a failed snapshot request is ignored.
  if (result.kind !== "content" && state.hasContent && hasLiveStream(state, step.now)) {
    return scheduleProbe(state, step.now);
  }
  switch (result.kind) {
    case "content": {
      const reached = {
        ...state,
        outages: 0,
        problem: null,
        isOffline: false,
        hasReauthorized: false,
        // Only the stream is missing: what is shown is the present.
        disconnectedAt: null,
      };
      if (result.content.hasEnded) return close(reached, step);
      return onServerReached(takeContent(reached, result.content, step.now), state, result.content, step);
    }
    case "refused":
      if (result.status === 401 || result.status === 403) return authorize(state, signedOut(result.message), step);
      if (result.status === 404 || result.status === 410) {
        return stop(state, { kind: "not-found", message: result.message, code: null }, step);
      }
      step.decide(result.retryAfterMs === null ? "server-unreachable" : "retry-after", result.message);
      return tryLater(state, unreachable(result.message), result.retryAfterMs, step);
    case "unusable":
      step.decide(result.reason, result.message);
      return tryLater(state, { kind: "invalid-response", message: result.message, code: null }, null, step);
    case "no-response":
      step.decide("server-unreachable", result.message);
      return tryLater(state, unreachable(result.message), null, step);
    case "unsupported":
      // Nothing can be learned about the stream: a new one brings the current state.
      if (state.link.kind === "stream" && state.link.messages > 0) {
        step.decide("stream-silent");
        return openStream(state, step);
      }
      step.decide("server-unreachable");
      return tryLater({ ...state, failedOpenings: 0 }, unreachable("The stream could not be opened."), null, step);
    default:
      result satisfies never;
      return state;
  }
}

/** The server responded with the current state: what does that say about the stream? */
function onServerReached(
  state: ConnectionState,
  before: ConnectionState,
  { isNews }: Content,
  step: Step,
): ConnectionState {
  const { link, policy } = state;
  const { now } = step;
  if (link.kind === "polling") {
    return { ...state, link: { ...link, pollAt: now + policy.pollIntervalMs }, disconnectedAt: null };
  }
  if (link.kind === "probing") return failOpening(state, step);
  if (link.kind !== "stream") return state;
  if (link.phase !== "open" || link.messages === 0) {
    step.decide("stream-silent");
    return failOpening(state, step);
  }
  // News that the stream should have brought long ago: it is open, but does not follow the sync.
  if (isNews && now - (before.changedAt ?? 0) >= policy.openTimeoutMs) {
    step.decide("stream-stale");
    return failOpening(state, step);
  }
  if (state.hasHeartbeat && !hasLiveStream(state, now)) {
    step.decide("stream-silent");
    return openStream(state, step);
  }
  return scheduleProbe(state, now);
}

/** The snapshot endpoint failed: retry with backoff. */
function tryLater(
  state: ConnectionState,
  problem: SyncError,
  retryAfterMs: number | null,
  step: Step,
): ConnectionState {
  const { link, policy } = state;
  const { now, random } = step;
  const failed: ConnectionState = {
    ...state,
    problem,
    outages: state.outages + 1,
    disconnectedAt: state.disconnectedAt ?? now,
  };
  const jittered = state.isOffline ? policy.retryMaxMs : backoff(state.outages, policy, random);
  const pauseMs = Math.max(jittered, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
  // A stream that reconnects by itself finds a restarted server sooner than a long backoff does.
  if (link.kind === "stream" && link.phase === "retrying" && retryAfterMs === null) {
    return { ...failed, link: { ...link, probeAt: now + Math.max(pauseMs, policy.browserRetryPatienceMs) } };
  }
  return wait(failed, pauseMs, step);
}

function unreachable(message: string): SyncError {
  return { kind: "unreachable", message, code: null };
}
