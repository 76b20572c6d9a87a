import type { Heartbeat } from "../protocol/events.js";
import {
  close,
  createStep,
  endTrial,
  openStream,
  poll,
  probe,
  type Step,
  scheduleProbe,
  signedOut,
  startTrial,
  stop,
  takeContent,
} from "./connection-moves.js";
import { MAX_FAILED_OPENINGS, MAX_RAPID_INTERRUPTIONS } from "./connection-policy.js";
import { onResponse } from "./connection-response.js";
import type { ConnectionEvent, ConnectionState, Content, Decision, Link, StreamLink } from "./connection-state.js";

/** A transition's outcome: the next state, and every decision on the way to it. */
export interface Transition {
  readonly state: ConnectionState;
  readonly decisions: readonly Decision[];
}

/**
 * What a connection is and wants after something happened. Pure: no timers, no I/O, no clock; `at` is the moment (local
 * clock in ms, a random number from [0, 1)). `link`, `request`, {@link wantedStream} and {@link wakeTime} of the new state
 * say which effects its runner keeps up.
 */
export function transition(
  state: ConnectionState,
  event: ConnectionEvent,
  at: { readonly now: number; readonly random: number },
): Transition {
  const decisions: Decision[] = [];
  return { state: next(state, event, createStep(at.now, at.random, decisions)), decisions };
}

function next(state: ConnectionState, event: ConnectionEvent, step: Step): ConnectionState {
  const { link } = state;
  if (link.kind === "closed") return state;
  // What comes from a stream that was replaced in the meantime is out of date.
  if ("stream" in event && wantedStream(link) !== event.stream) return state;
  switch (event.type) {
    case "start":
      if (link.kind !== "idle") return state;
      step.decide("started");
      return openStream(state, step);
    case "tick":
      return onTick(state, step);
    case "stream-open":
      return link.kind === "stream" ? onStreamOpen(state, link, step) : state;
    case "stream-content":
      return onStreamContent(state, event.content, step);
    case "stream-heartbeat":
      return onHeartbeat(state, event, step);
    case "stream-unreadable":
      return onUnreadable(state, event.message, step);
    case "stream-foreign":
      step.decide("foreign-snapshot", event.message);
      return onMessage(state, step);
    case "stream-interrupted":
      return onInterrupted(state, step);
    case "stream-closed":
      step.decide("stream-closed");
      return giveUpStream(state, step);
    case "stream-unsupported":
      step.decide("stream-unsupported", event.message);
      return poll(state, step, Number.POSITIVE_INFINITY);
    case "stream-limit":
      step.decide("stream-limit");
      return poll(state, step, "available");
    case "stream-available":
      return link.kind === "polling" && link.awaitsStream ? startTrial(state, link, step) : state;
    case "response":
      if (state.request?.id !== event.request) return state;
      return onResponse({ ...state, request: null, lastResponseAt: step.now }, event.result, step);
    case "change-due":
      return scheduleProbe({ ...state, changeDueAt: event.changeDueAt }, step.now);
    case "command-content":
      if (event.content.hasEnded) return close(state, step);
      return scheduleProbe(takeContent(state, event.content, step.now), step.now);
    case "authorized":
      if (link.kind !== "authorizing") return state;
      step.decide("reauthorized");
      return openStream({ ...state, hasReauthorized: true, problem: null }, step);
    case "authorization-failed":
      if (link.kind !== "authorizing") return state;
      return stop(state, signedOut("The credentials could not be renewed."), step);
    case "offline":
      step.decide("offline");
      return { ...state, isOffline: true };
    case "online":
      step.decide("online");
      return tryNow({ ...state, isOffline: false }, step);
    case "visible":
      step.decide("visible");
      return tryNow(state, step);
    case "frozen":
      if (link.kind === "idle" || link.kind === "stopped") return state;
      step.decide("frozen");
      return { ...state, link: { kind: "suspended" }, request: null };
    case "resumed":
      if (link.kind !== "suspended") return state;
      step.decide("resumed");
      return openStream(state, step);
    case "reconnect":
      if (link.kind === "idle") return state;
      step.decide("reconnect-requested");
      return openStream({ ...state, hasReauthorized: false, request: null }, step);
    default:
      event satisfies never;
      return state;
  }
}

/** When the connection wants its next `tick`; `null` if it waits for nothing. Local clock, ms. */
export function wakeTime({ link, request, policy }: ConnectionState): number | null {
  const deadline = request === null ? null : request.since + policy.requestTimeoutMs;
  switch (link.kind) {
    case "stream":
      return deadline ?? link.probeAt;
    case "waiting":
      return link.until;
    case "polling":
      return Math.min(
        deadline ?? link.pollAt,
        link.trial === null ? link.trialAt : link.trial.since + policy.openTimeoutMs,
      );
    default:
      return deadline;
  }
}

/** The stream that must be open now, by number. */
export function wantedStream(link: Link): number | null {
  if (link.kind === "stream") return link.id;
  return link.kind === "polling" ? (link.trial?.id ?? null) : null;
}

function onTick(state: ConnectionState, step: Step): ConnectionState {
  const { link, policy, request } = state;
  const due = wakeTime(state);
  if (due === null || step.now < due) return state;
  if (request !== null && step.now >= request.since + policy.requestTimeoutMs) {
    const message = `no response within ${policy.requestTimeoutMs} ms`;
    return onResponse({ ...state, request: null, lastResponseAt: step.now }, { kind: "no-response", message }, step);
  }
  if (link.kind === "stream") return probe(state, step);
  if (link.kind === "waiting") return openStream(state, step);
  if (link.kind !== "polling") return state;
  if (link.trial === null && step.now >= link.trialAt) return startTrial(state, link, step);
  if (link.trial !== null && step.now >= link.trial.since + policy.openTimeoutMs) return endTrial(state, link, step);
  return probe(state, step);
}

/** The world changed for the better (network back, page shown): whatever is waited for is tried at once. */
function tryNow(state: ConnectionState, step: Step): ConnectionState {
  const { link, policy } = state;
  switch (link.kind) {
    case "waiting":
      return openStream(state, step);
    case "stopped":
      // Somebody may have signed in again in another tab.
      if (state.problem?.kind !== "unauthorized") return state;
      return openStream({ ...state, hasReauthorized: false }, step);
    case "polling": {
      const trialAt = link.trialAt === Number.POSITIVE_INFINITY ? link.trialAt : Math.min(link.trialAt, step.now);
      return probe({ ...state, link: { ...link, trialAt } }, step);
    }
    case "stream":
      if (link.phase === "retrying") return openStream(state, step);
      return step.now - (state.lastMessageAt ?? link.since) >= policy.openTimeoutMs ? probe(state, step) : state;
    default:
      return state;
  }
}

/** The server responded to the stream's request; its first event should follow. */
function onStreamOpen(state: ConnectionState, link: StreamLink, { now }: Step): ConnectionState {
  return { ...state, link: { ...link, phase: "open", since: now, probeAt: now + state.policy.openTimeoutMs } };
}

function onStreamContent(state: ConnectionState, content: Content, step: Step): ConnectionState {
  const current = onMessage(takeContent(state, content, step.now), step);
  if (content.hasEnded) return close(current, step);
  // The first event of a stream only says where the sync is; those after it prove that the stream follows it.
  const isFollowing = content.isNews && current.link.kind === "stream" && current.link.messages > 1;
  return isFollowing ? { ...current, failedOpenings: 0 } : current;
}

/** Something came, so the stream is live; a trial beside the polling has succeeded. */
function onMessage(state: ConnectionState, step: Step): ConnectionState {
  const { link } = state;
  const { now } = step;
  const reached: ConnectionState = {
    ...state,
    lastMessageAt: now,
    isOffline: false,
    outages: 0,
    hasReauthorized: false,
    problem: null,
    disconnectedAt: null,
  };
  if (link.kind === "polling" && link.trial !== null) {
    const { id, since } = link.trial;
    step.decide("stream-live");
    const stream: StreamLink = { kind: "stream", id, phase: "open", since, messages: 1, probeAt: now };
    return scheduleProbe({ ...reached, request: null, link: stream }, now);
  }
  if (link.kind !== "stream") return state;
  if (link.messages === 0) step.decide("stream-live");
  const since = link.phase === "open" ? link.since : now;
  return scheduleProbe({ ...reached, link: { ...link, phase: "open", since, messages: link.messages + 1 } }, now);
}

/** The stream is live, but what it has brought may be out of date if the server cannot read the current state. */
function onHeartbeat(state: ConnectionState, { intervalMs, isStale }: Heartbeat, step: Step): ConnectionState {
  const reached = onMessage({ ...state, hasHeartbeat: true, heartbeatMs: intervalMs }, step);
  if (!isStale) return reached;
  if (state.disconnectedAt === null) step.decide("server-stale");
  return { ...reached, disconnectedAt: state.disconnectedAt ?? step.now };
}

/** A message came that cannot be decoded: what it said is requested instead. */
function onUnreadable(state: ConnectionState, message: string, step: Step): ConnectionState {
  const reached = { ...onMessage(state, step), problem: state.problem };
  step.decide("stream-unreadable", message);
  return probe(reached, step);
}

/** The stream was interrupted, and reconnects by itself. */
function onInterrupted(state: ConnectionState, step: Step): ConnectionState {
  const { link, policy } = state;
  const { now } = step;
  if (link.kind === "polling") return endTrial(state, link, step);
  if (link.kind !== "stream") return state;

  const isRapid = state.interruptedAt !== null && now - state.interruptedAt < policy.flappingMs;
  const wasShort = link.phase === "open" && now - link.since < policy.steadyAfterMs;
  const interrupted: ConnectionState = {
    ...state,
    interruptedAt: now,
    rapidInterruptions: isRapid ? state.rapidInterruptions + 1 : 0,
    failedOpenings: wasShort ? state.failedOpenings + 1 : state.failedOpenings,
    disconnectedAt: state.disconnectedAt ?? now,
  };
  if (interrupted.rapidInterruptions >= MAX_RAPID_INTERRUPTIONS) {
    step.decide("stream-flapping");
    return giveUpStream(interrupted, step);
  }
  if (link.phase === "retrying") return interrupted;
  step.decide("stream-interrupted");
  if (wasShort && interrupted.failedOpenings >= MAX_FAILED_OPENINGS) return giveUpStream(interrupted, step);
  // With nothing on the screen yet, whether the server is there matters at once.
  const probeAt = state.hasContent ? now + policy.browserRetryPatienceMs : now;
  return { ...interrupted, request: null, link: { ...link, phase: "retrying", since: now, messages: 0, probeAt } };
}

/** There is no stream any more; the snapshot endpoint knows why. */
function giveUpStream(state: ConnectionState, step: Step): ConnectionState {
  const { link } = state;
  if (link.kind === "polling") return endTrial(state, link, step);
  const lost: ConnectionState = { ...state, request: null, disconnectedAt: state.disconnectedAt ?? step.now };
  return probe({ ...lost, link: { kind: "probing" } }, step);
}
