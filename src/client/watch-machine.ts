import { signedOut, takeAnswer } from "./watch-answer.js";
import { ask, decide, endTrial, openStream, park } from "./watch-moves.js";
import { takeSnapshot } from "./watch-snapshot.js";
import type { Link, StreamLink, WatchInput, WatchState } from "./watch-state.js";
import {
  giveUpStream,
  greetStream,
  hearStream,
  hearUnreadable,
  loseStream,
  pollInstead,
  takeStreamSnapshot,
} from "./watch-stream.js";

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

function isCurrentStream(link: Link, id: number): link is StreamLink {
  return link.kind === "stream" && link.id === id;
}

function ownsStream(link: Link, id: number): boolean {
  return wantedStream(link) === id;
}
