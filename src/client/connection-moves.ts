import { backoff, heartbeatTimeout, MAX_FAILED_OPENINGS } from "./connection-policy.js";
import type { ConnectionState, Content, Decision, DecisionReason, PollingLink } from "./connection-state.js";
import type { SyncError } from "./sync-view.js";

/* The moves a connection can make: each brings its link to another state. When to make them is decided in connection.ts. */

/** The moment of a transition, and the decisions taken in it. */
export interface Step {
  /** Local clock, ms. */
  readonly now: number;
  /** From [0, 1). */
  readonly random: number;
  decide(reason: DecisionReason, detail?: string | null): void;
}

export function createStep(now: number, random: number, decisions: Decision[]): Step {
  return { now, random, decide: (reason, detail = null) => decisions.push({ reason, detail }) };
}

/** Opens a stream in place of whatever there was. */
export function openStream(state: ConnectionState, { now }: Step): ConnectionState {
  const { policy } = state;
  const id = state.lastId + 1;
  const patience = Math.min(policy.openTimeoutMs * 1.5 ** state.failedOpenings, policy.stallTimeoutMs);
  return {
    ...state,
    lastId: id,
    request: null,
    link: { kind: "stream", id, phase: "opening", since: now, messages: 0, probeAt: now + patience },
  };
}

/** Requests the snapshot, unless a request is under way. */
export function probe(state: ConnectionState, { now }: Step): ConnectionState {
  if (state.request !== null) return state;
  const id = state.lastId + 1;
  return { ...state, lastId: id, request: { id, since: now } };
}

/** Waits, with nothing open, until a stream is tried again. */
export function wait(state: ConnectionState, pauseMs: number, { now }: Step): ConnectionState {
  return { ...state, link: { kind: "waiting", until: now + pauseMs } };
}

/** Polls. `trialAt`: when a stream is tried beside it, or `"available"`: when the client has one left. */
export function poll(state: ConnectionState, step: Step, trialAt: number | "available"): ConnectionState {
  step.decide("polling-started");
  const awaitsStream = trialAt === "available";
  return {
    ...state,
    link: {
      kind: "polling",
      pollAt: step.now,
      trial: null,
      trialAt: awaitsStream ? Number.POSITIVE_INFINITY : trialAt,
      trials: 0,
      awaitsStream,
    },
    disconnectedAt: null,
  };
}

/** Tries a stream beside the polling. */
export function startTrial(state: ConnectionState, link: PollingLink, step: Step): ConnectionState {
  step.decide("stream-retried");
  const id = state.lastId + 1;
  return { ...state, lastId: id, link: { ...link, trial: { id, since: step.now }, awaitsStream: false } };
}

/** The stream that was tried beside the polling is no use; the next one is tried later. */
export function endTrial(state: ConnectionState, link: PollingLink, { now }: Step): ConnectionState {
  const trials = link.trials + 1;
  const pauseMs = Math.min(state.policy.firstStreamTrialMs * 2 ** trials, state.policy.lastStreamTrialMs);
  return { ...state, link: { ...link, trial: null, trials, trialAt: now + pauseMs } };
}

/** One more stream that was no use: try another soon, or poll after several. */
export function failOpening(state: ConnectionState, step: Step): ConnectionState {
  const failed = { ...state, failedOpenings: state.failedOpenings + 1 };
  if (failed.failedOpenings >= MAX_FAILED_OPENINGS) {
    return poll(failed, step, step.now + state.policy.firstStreamTrialMs);
  }
  if (state.link.kind === "stream") return openStream(failed, step);
  return wait(failed, backoff(state.failedOpenings, state.policy, step.random), step);
}

/** Renews the credentials, once; stops if that did not help. */
export function authorize(state: ConnectionState, problem: SyncError, step: Step): ConnectionState {
  if (state.hasReauthorized) return stop(state, problem, step);
  step.decide("unauthorized", problem.message);
  return { ...state, link: { kind: "authorizing" } };
}

/** Stops, until the application or the person does something about it. */
export function stop(state: ConnectionState, problem: SyncError, step: Step): ConnectionState {
  step.decide(problem.kind === "not-found" ? "not-found" : "unauthorized", problem.message);
  return { ...state, link: { kind: "stopped" }, problem, disconnectedAt: state.disconnectedAt ?? step.now };
}

/** Takes note of content. */
export function takeContent(state: ConnectionState, { isNews, changeDueAt }: Content, now: number): ConnectionState {
  return isNews ? { ...state, hasContent: true, changedAt: now, changeDueAt } : state;
}

/** Closes the connection: nothing more will come. */
export function close(state: ConnectionState, step: Step): ConnectionState {
  step.decide("terminal");
  return closed(state);
}

/** The connection, closed. */
export function closed(state: ConnectionState): ConnectionState {
  return { ...state, link: { kind: "closed" }, request: null, problem: null, isOffline: false, disconnectedAt: null };
}

/** Sets when the snapshot endpoint is requested should nothing come: on silence, or when a change is overdue. */
export function scheduleProbe(state: ConnectionState, now: number): ConnectionState {
  const { link, policy, changeDueAt } = state;
  if (link.kind !== "stream" || link.messages === 0) return state;
  const lastResponseAt = state.lastResponseAt ?? 0;
  const silentAt = Math.max(state.lastMessageAt ?? now, lastResponseAt) + silenceTimeoutMs(state);
  const overdueAt =
    changeDueAt === null ? Number.POSITIVE_INFINITY : Math.max(changeDueAt, lastResponseAt + policy.stallTimeoutMs);
  return { ...state, link: { ...link, probeAt: Math.min(silentAt, overdueAt) } };
}

/** Whether there is an open stream, and its last message is recent enough. */
export function hasLiveStream(state: ConnectionState, now: number): boolean {
  const { link, lastMessageAt } = state;
  const isOpen = link.kind === "stream" && link.phase === "open" && link.messages > 0;
  return isOpen && lastMessageAt !== null && now - lastMessageAt < silenceTimeoutMs(state);
}

/** How long a live stream may be silent. */
function silenceTimeoutMs({ hasHeartbeat, heartbeatMs, policy }: ConnectionState): number {
  return hasHeartbeat ? (policy.heartbeatTimeoutMs ?? heartbeatTimeout(heartbeatMs)) : policy.stallTimeoutMs;
}

/** The credentials are not accepted. */
export function signedOut(message: string): SyncError {
  return { kind: "unauthorized", message, code: null };
}
