import type { SyncError } from "./sync-view.js";
import { backoff, MAX_FAILED_OPENINGS } from "./watch-policy.js";
import type { DecisionReason, PollingLink, WatchInput, WatchState } from "./watch-state.js";

/* The moves that a watch can make: each brings its link to another state, and none of them decides when. */

/** Notes why the machine did what it did, for diagnostics. */
export function decide(state: WatchState, reason: DecisionReason, detail: string | null = null): WatchState {
  return { ...state, decision: { reason, detail } };
}

/** Opens a stream in place of whatever there was. */
export function openStream(state: WatchState, { now }: WatchInput): WatchState {
  const id = state.lastId + 1;
  const patience = Math.min(state.policy.openTimeout * 1.5 ** state.failedOpenings, state.policy.stallTimeout);
  return {
    ...state,
    lastId: id,
    request: null,
    link: { kind: "stream", id, phase: "opening", since: now, messages: 0, askAt: now + patience },
  };
}

/** Asks the snapshot endpoint, unless that is being done. */
export function ask(state: WatchState, { now }: WatchInput): WatchState {
  if (state.request !== null) return state;
  const id = state.lastId + 1;
  return { ...state, lastId: id, request: { id, since: now } };
}

/** Waits, with nothing open, until a stream is tried again. */
export function wait(state: WatchState, pause: number, { now }: WatchInput): WatchState {
  return { ...state, link: { kind: "waiting", until: now + pause } };
}

/** Polls; `trialAt` is when a stream is tried beside it. */
export function poll(state: WatchState, { now }: WatchInput, trialAt: number): WatchState {
  return decide(
    { ...state, link: { kind: "polling", pollAt: now, trial: null, trialAt, trials: 0 }, disconnectedAt: null },
    "polling-started",
  );
}

/** The stream that was tried beside the polling is no use; the next one is tried later. */
export function endTrial(state: WatchState, link: PollingLink, { now }: WatchInput): WatchState {
  const trials = link.trials + 1;
  const pause = Math.min(state.policy.firstStreamTrial * 2 ** trials, state.policy.lastStreamTrial);
  return { ...state, link: { ...link, trial: null, trials, trialAt: now + pause } };
}

/** One more stream that was no use: try another soon, or poll when that was tried often enough. */
export function failedOpening(state: WatchState, input: WatchInput): WatchState {
  const failed = { ...state, failedOpenings: state.failedOpenings + 1 };
  if (failed.failedOpenings >= MAX_FAILED_OPENINGS)
    return poll(failed, input, input.now + state.policy.firstStreamTrial);
  if (state.link.kind === "stream") return openStream(failed, input);
  return wait(failed, backoff(state.failedOpenings, state.policy, input.random), input);
}

/** Renews the credentials, once; stops where that did not help. */
export function authorize(state: WatchState, problem: SyncError, input: WatchInput): WatchState {
  if (state.hasReauthorized) return park(state, problem, input);
  return decide({ ...state, link: { kind: "authorizing" } }, "unauthorized", problem.message);
}

/** Stops, until somebody does something about it. */
export function park(state: WatchState, problem: SyncError, { now }: WatchInput): WatchState {
  const parked = { ...state, link: { kind: "parked" } as const, problem, disconnectedAt: state.disconnectedAt ?? now };
  return decide(parked, problem.kind === "not-found" ? "not-found" : "unauthorized", problem.message);
}
