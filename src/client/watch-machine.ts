import { percentOf } from "../protocol/phases.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { trackPace } from "./estimate-eta.js";
import { mergeSnapshot } from "./merge-snapshot.js";
import type { SyncError } from "./sync-view.js";
import { backoff, MAX_FAILED_OPENINGS, MAX_HURRIED_ERRORS, MAX_RETRY_AFTER_MS } from "./watch-policy.js";
import type {
  DecisionReason,
  Link,
  PollingLink,
  SnapshotAnswer,
  StreamLink,
  WatchInput,
  WatchState,
} from "./watch-state.js";

/**
 * The heart of the library: what a watch knows and wants after something happened. Pure: no timers, no I/O, no clock.
 * `link`, `request` and {@link wakeTime} of the answer say which effects the runner has to keep up.
 */
export function watchMachine(state: WatchState, input: WatchInput): WatchState {
  const { link } = state;
  if (link.kind === "closed") return state;
  switch (input.type) {
    case "start":
      return link.kind === "idle" ? openStream(decide(state, "started"), input) : state;
    case "tick":
      return tick(state, input);
    case "stream-open":
      return isCurrentStream(link, input.stream) ? greetStream(state, link, input) : state;
    case "stream-snapshot":
      return ownsStream(link, input.stream) ? takeStreamSnapshot(state, input.snapshot, input) : state;
    case "stream-heartbeat":
      return ownsStream(link, input.stream) ? hearStream({ ...state, hasHeartbeat: true }, input) : state;
    case "stream-unreadable":
      return ownsStream(link, input.stream) ? hearUnreadable(state, input.problem.message, input) : state;
    case "stream-retrying":
      return ownsStream(link, input.stream) ? loseStream(state, input) : state;
    case "stream-closed":
      return ownsStream(link, input.stream) ? giveUpStream(decide(state, "stream-gave-up"), input) : state;
    case "stream-unsupported":
      return ownsStream(link, input.stream) ? pollInstead(state, input.message, input) : state;
    case "answer":
      if (state.request?.id !== input.request) return state;
      return takeAnswer({ ...state, request: null, lastAnswerAt: input.now }, input.answer, input);
    case "command-snapshot":
      return takeSnapshot(state, input.snapshot, input);
    case "authorized":
      if (link.kind !== "authorizing") return state;
      return openStream(decide({ ...state, hasReauthorized: true, problem: null }, "reauthorized"), input);
    case "authorization-failed":
      return link.kind === "authorizing"
        ? park(state, signedOut("The credentials could not be renewed."), input)
        : state;
    case "offline":
      return decide({ ...state, isOffline: true }, "offline");
    case "online":
      return tryNow(decide({ ...state, isOffline: false }, "online"), input);
    case "visible":
      return tryNow(decide(state, "visible"), input);
    case "frozen":
      return link.kind === "idle" || link.kind === "parked"
        ? state
        : decide({ ...state, link: { kind: "suspended" }, request: null }, "frozen");
    case "resumed":
      return link.kind === "suspended" ? openStream(decide(state, "resumed"), input) : state;
    case "reconnect":
      return link.kind === "idle"
        ? state
        : openStream(decide({ ...state, hasReauthorized: false, request: null }, "reconnect-requested"), input);
    default:
      input satisfies never;
      return state;
  }
}

/** When the machine wants its next `tick`, or `null` where it waits for nothing. Local clock, ms. */
export function wakeTime(state: WatchState): number | null {
  const { link } = state;
  switch (link.kind) {
    case "stream":
      return state.request === null ? link.askAt : null;
    case "waiting":
      return link.until;
    case "polling": {
      const trialEnd = link.trial === null ? link.trialAt : link.trial.since + state.policy.openTimeout;
      return state.request === null ? Math.min(link.pollAt, trialEnd) : trialEnd;
    }
    default:
      return null;
  }
}

/** The stream that must be open now, by number. */
export function wantedStream(link: Link): number | null {
  if (link.kind === "stream") return link.id;
  return link.kind === "polling" ? (link.trial?.id ?? null) : null;
}

function tick(state: WatchState, input: WatchInput): WatchState {
  const { link, policy } = state;
  const due = wakeTime(state);
  if (due === null || input.now < due) return state;
  if (link.kind === "stream") return ask(state, input);
  if (link.kind === "waiting") return openStream(state, input);
  if (link.kind !== "polling") return state;

  if (link.trial === null && input.now >= link.trialAt) {
    const id = state.lastId + 1;
    const tried = { ...state, lastId: id, link: { ...link, trial: { id, since: input.now } } };
    return decide(tried, "stream-tried-again");
  }
  if (link.trial !== null && input.now >= link.trial.since + policy.openTimeout) return endTrial(state, link, input);
  return ask(state, input);
}

function openStream(state: WatchState, { now }: WatchInput): WatchState {
  const id = state.lastId + 1;
  const patience = Math.min(state.policy.openTimeout * 1.5 ** state.failedOpenings, state.policy.stallTimeout);
  return {
    ...state,
    lastId: id,
    request: null,
    link: { kind: "stream", id, phase: "opening", since: now, messages: 0, askAt: now + patience },
  };
}

function ask(state: WatchState, { now }: WatchInput): WatchState {
  if (state.request !== null) return state;
  const id = state.lastId + 1;
  return { ...state, lastId: id, request: { id, since: now } };
}

/* What comes over the stream */

/** The server answered the stream's request; its first event should follow. */
function greetStream(state: WatchState, link: StreamLink, { now }: WatchInput): WatchState {
  return { ...state, link: { ...link, phase: "open", since: now, askAt: now + state.policy.openTimeout } };
}

function takeStreamSnapshot(state: WatchState, snapshot: SyncSnapshot, input: WatchInput): WatchState {
  const heard = hearStream(state, input);
  const taken = takeSnapshot(heard, snapshot, input);
  // The first event of a stream tells where the sync is; only those after it prove that the stream follows it.
  const isFollowing = taken.snapshot !== heard.snapshot && heard.link.kind === "stream" && heard.link.messages > 1;
  return isFollowing ? { ...taken, failedOpenings: 0 } : taken;
}

/** Something came, so the stream stands; a trial beside the polling has succeeded. */
function hearStream(state: WatchState, { now }: WatchInput): WatchState {
  const { link } = state;
  const heard = { ...state, lastMessageAt: now, isOffline: false, outages: 0, hasReauthorized: false, problem: null };
  if (link.kind === "polling" && link.trial !== null) {
    const { id, since } = link.trial;
    return live(
      { ...heard, request: null, link: { kind: "stream", id, phase: "open", since, messages: 1, askAt: now } },
      now,
    );
  }
  if (link.kind !== "stream") return state;
  const since = link.phase === "open" ? link.since : now;
  return live({ ...heard, link: { ...link, phase: "open", since, messages: link.messages + 1 } }, now);
}

function live(state: WatchState, now: number): WatchState {
  const awaited = scheduleAsk({ ...state, disconnectedAt: null }, now);
  const isFirst = state.link.kind === "stream" && state.link.messages === 1;
  return isFirst ? decide(awaited, "stream-live") : awaited;
}

function hearUnreadable(state: WatchState, message: string, input: WatchInput): WatchState {
  const { problem } = state;
  const heard = decide({ ...hearStream(state, input), problem }, "stream-unreadable", message);
  // What it said is lost, so the snapshot endpoint is asked for it.
  return heard.link.kind === "stream" ? ask(heard, input) : heard;
}

/** Sets when the snapshot endpoint is asked should nothing come: on silence, or when the sync does not move. */
function scheduleAsk(state: WatchState, now: number): WatchState {
  const { link, policy, lastAnswerAt } = state;
  if (link.kind !== "stream" || link.messages === 0) return state;
  const since = (time: number | null) => Math.max(time ?? now, lastAnswerAt ?? 0);
  const silentAt = since(state.lastMessageAt) + silenceTimeout(state);
  const stalledAt = since(state.receivedAt) + policy.stallTimeout;
  return { ...state, link: { ...link, askAt: isMoving(state.snapshot) ? Math.min(silentAt, stalledAt) : silentAt } };
}

/* Merging */

function takeSnapshot(state: WatchState, snapshot: SyncSnapshot, { now }: WatchInput): WatchState {
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

/* Losing the stream */

/** The connection broke, and the browser tries again by itself. */
function loseStream(state: WatchState, input: WatchInput): WatchState {
  const { link } = state;
  const { now } = input;
  if (link.kind === "polling") return endTrial(state, link, input);
  if (link.kind !== "stream") return state;

  const isHurried = state.lastErrorAt !== null && now - state.lastErrorAt < state.policy.hurried;
  const wasShort = link.phase === "open" && now - link.since < state.policy.steadyAfter;
  const lost: WatchState = {
    ...state,
    lastErrorAt: now,
    hurriedErrors: isHurried ? state.hurriedErrors + 1 : 0,
    failedOpenings: wasShort ? state.failedOpenings + 1 : state.failedOpenings,
    disconnectedAt: state.disconnectedAt ?? now,
  };
  if (lost.hurriedErrors >= MAX_HURRIED_ERRORS) return giveUpStream(decide(lost, "stream-hurried"), input);
  if (wasShort && lost.failedOpenings >= MAX_FAILED_OPENINGS)
    return giveUpStream(decide(lost, "stream-dropped"), input);
  if (link.phase === "retrying") return lost;
  // Who has seen nothing yet learns at once whether the server is there.
  const askAt = state.snapshot === null ? now : now + state.policy.browserRetryPatience;
  return decide(
    { ...lost, request: null, link: { ...link, phase: "retrying", since: now, messages: 0, askAt } },
    "stream-dropped",
  );
}

/** There is no stream any more; the snapshot endpoint knows why. */
function giveUpStream(state: WatchState, input: WatchInput): WatchState {
  const { link } = state;
  if (link.kind === "polling") return endTrial(state, link, input);
  const lost: WatchState = { ...state, request: null, disconnectedAt: state.disconnectedAt ?? input.now };
  return ask({ ...lost, link: { kind: "asking" } }, input);
}

function endTrial(state: WatchState, link: PollingLink, { now }: WatchInput): WatchState {
  const trials = link.trials + 1;
  const pause = Math.min(state.policy.firstStreamTrial * 2 ** trials, state.policy.lastStreamTrial);
  return { ...state, link: { ...link, trial: null, trials, trialAt: now + pause } };
}

function pollInstead(state: WatchState, message: string, input: WatchInput): WatchState {
  return decide(poll(state, input, Number.POSITIVE_INFINITY), "no-stream-support", message);
}

function poll(state: WatchState, { now }: WatchInput, trialAt: number): WatchState {
  return decide(
    { ...state, link: { kind: "polling", pollAt: now, trial: null, trialAt, trials: 0 }, disconnectedAt: null },
    "polling-started",
  );
}

/* What the snapshot endpoint said */

function takeAnswer(state: WatchState, answer: SnapshotAnswer, input: WatchInput): WatchState {
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

/** One more stream that was no use: try another soon, or poll when that was tried often enough. */
function failedOpening(state: WatchState, input: WatchInput): WatchState {
  const failed = { ...state, failedOpenings: state.failedOpenings + 1 };
  if (failed.failedOpenings >= MAX_FAILED_OPENINGS)
    return poll(failed, input, input.now + state.policy.firstStreamTrial);
  if (state.link.kind === "stream") return openStream(failed, input);
  return wait(failed, backoff(state.failedOpenings, state.policy, input.random), input);
}

function stalledIfOld(state: WatchState, now: number): WatchState {
  const age = now - (state.receivedAt ?? now);
  if (state.isStalled || !isMoving(state.snapshot) || age < state.policy.stallTimeout) return state;
  return decide({ ...state, isStalled: true }, "sync-stalled", `no change for ${age} ms`);
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

function wait(state: WatchState, pause: number, { now }: WatchInput): WatchState {
  return { ...state, link: { kind: "waiting", until: now + pause } };
}

function authorize(state: WatchState, problem: SyncError, input: WatchInput): WatchState {
  if (state.hasReauthorized) return park(state, problem, input);
  return decide({ ...state, link: { kind: "authorizing" } }, "unauthorized", problem.message);
}

function park(state: WatchState, problem: SyncError, { now }: WatchInput): WatchState {
  const parked = { ...state, link: { kind: "parked" } as const, problem, disconnectedAt: state.disconnectedAt ?? now };
  return decide(parked, problem.kind === "not-found" ? "not-found" : "unauthorized", problem.message);
}

/** The world changed for the better (network back, page shown): whatever is being waited for is tried at once. */
function tryNow(state: WatchState, input: WatchInput): WatchState {
  const { link } = state;
  switch (link.kind) {
    case "waiting":
      return openStream(state, input);
    case "parked":
      // Somebody may have signed in again in another tab.
      if (state.problem?.kind !== "unauthorized") return state;
      return openStream({ ...state, hasReauthorized: false }, input);
    case "polling":
      return ask({ ...state, link: { ...link, trialAt: Math.min(link.trialAt, input.now) } }, input);
    case "stream":
      if (link.phase === "retrying") return openStream(state, input);
      return input.now - (state.lastMessageAt ?? link.since) >= state.policy.openTimeout ? ask(state, input) : state;
    default:
      return state;
  }
}

/* Questions and words */

function hasLiveStream(state: WatchState, now: number): boolean {
  const { link, lastMessageAt } = state;
  const isOpen = link.kind === "stream" && link.phase === "open" && link.messages > 0;
  return isOpen && lastMessageAt !== null && now - lastMessageAt < silenceTimeout(state);
}

/** How long a stream that stands may say nothing. */
function silenceTimeout({ hasHeartbeat, policy }: WatchState): number {
  return hasHeartbeat ? policy.heartbeatTimeout : policy.stallTimeout;
}

function isCurrentStream(link: Link, id: number): link is StreamLink {
  return link.kind === "stream" && link.id === id;
}

function ownsStream(link: Link, id: number): boolean {
  return wantedStream(link) === id;
}

/** Whether the sync is expected to change by itself: a queued or paused one may rightly stand still. */
function isMoving(snapshot: SyncSnapshot | null): boolean {
  if (snapshot === null || isTerminalStatus(snapshot.status)) return false;
  return snapshot.status !== "paused" && snapshot.status !== "queued";
}

function decide(state: WatchState, reason: DecisionReason, detail: string | null = null): WatchState {
  return { ...state, decision: { reason, detail } };
}

function signedOut(message: string): SyncError {
  return { kind: "unauthorized", message, code: null };
}

function unreachable(message: string): SyncError {
  return { kind: "unreachable", message, code: null };
}

function invalidResponse(message: string): SyncError {
  return { kind: "invalid-response", message, code: null };
}
