import type { SyncSnapshot } from "../protocol/snapshot.js";
import { ask, decide, endTrial, poll } from "./watch-moves.js";
import { MAX_FAILED_OPENINGS, MAX_HURRIED_ERRORS } from "./watch-policy.js";
import { scheduleAsk, takeSnapshot } from "./watch-snapshot.js";
import type { StreamLink, WatchInput, WatchState } from "./watch-state.js";

/* What comes over the stream, and how it is lost. */

/** The server answered the stream's request; its first event should follow. */
export function greetStream(state: WatchState, link: StreamLink, { now }: WatchInput): WatchState {
  return { ...state, link: { ...link, phase: "open", since: now, askAt: now + state.policy.openTimeout } };
}

/** A snapshot came over the stream. */
export function takeStreamSnapshot(state: WatchState, snapshot: SyncSnapshot, input: WatchInput): WatchState {
  const heard = hearStream(state, input);
  const taken = takeSnapshot(heard, snapshot, input);
  // The first event of a stream tells where the sync is; only those after it prove that the stream follows it.
  const isFollowing = taken.snapshot !== heard.snapshot && heard.link.kind === "stream" && heard.link.messages > 1;
  return isFollowing ? { ...taken, failedOpenings: 0 } : taken;
}

/** Something came, so the stream stands; a trial beside the polling has succeeded. */
export function hearStream(state: WatchState, { now }: WatchInput): WatchState {
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

/** An event came whose data cannot be used. */
export function hearUnreadable(state: WatchState, message: string, input: WatchInput): WatchState {
  const { problem } = state;
  const heard = decide({ ...hearStream(state, input), problem }, "stream-unreadable", message);
  // What it said is lost, so the snapshot endpoint is asked for it.
  return heard.link.kind === "stream" ? ask(heard, input) : heard;
}

/** The connection broke, and the browser tries again by itself. */
export function loseStream(state: WatchState, input: WatchInput): WatchState {
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
export function giveUpStream(state: WatchState, input: WatchInput): WatchState {
  const { link } = state;
  if (link.kind === "polling") return endTrial(state, link, input);
  const lost: WatchState = { ...state, request: null, disconnectedAt: state.disconnectedAt ?? input.now };
  return ask({ ...lost, link: { kind: "asking" } }, input);
}

/** There is no EventSource here, and will be none. */
export function pollInstead(state: WatchState, message: string, input: WatchInput): WatchState {
  return decide(poll(state, input, Number.POSITIVE_INFINITY), "no-stream-support", message);
}
