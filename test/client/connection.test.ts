import { describe, expect, it } from "vitest";
import { wakeTime, wantedStream } from "../../src/client/connection.js";
import { backoff, type ConnectionPolicy, connectionTimes, DEFAULT_POLICY } from "../../src/client/connection-policy.js";
import type { Decision } from "../../src/client/connection-state.js";
import { deriveView } from "../../src/client/derive-view.js";
import {
  initialWatch,
  type SnapshotResult,
  transitionWatch,
  type WatchEvent,
  type WatchState,
} from "../../src/client/watch-state.js";
import { DEFAULT_PHASES } from "../../src/protocol/phases.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";

const START = 1_000_000;
const TRACKING = { stallTimeoutMs: DEFAULT_POLICY.stallTimeoutMs, phases: DEFAULT_PHASES };

/** Most tests respond to a request when they like. */
const PATIENT = { ...DEFAULT_POLICY, requestTimeoutMs: 600_000 };

/** A watch whose clock and chance the test controls. */
class Play {
  now = START;
  random = 0.5;
  watch: WatchState;

  constructor(policy: ConnectionPolicy = PATIENT) {
    this.watch = initialWatch("sync-1", policy);
  }

  readonly decisions: Decision[] = [];

  dispatch(event: WatchEvent): this {
    const { state, decisions } = transitionWatch(this.watch, event, { now: this.now, random: this.random }, TRACKING);
    this.watch = state;
    this.decisions.push(...decisions);
    return this;
  }

  /** Lets time pass, with a tick whenever the connection wants one. */
  pass(ms: number): this {
    const until = this.now + ms;
    for (let at = wakeTime(this.state); at !== null && at <= until; at = wakeTime(this.state)) {
      this.now = Math.max(this.now, at);
      const before = this.watch;
      this.dispatch({ type: "tick" });
      if (this.watch === before) break;
    }
    this.now = until;
    return this;
  }

  get state() {
    return this.watch.connection;
  }

  get stream(): number {
    return wantedStream(this.state.link) ?? -1;
  }

  get view() {
    return deriveView(this.watch, {}, null);
  }

  get reasons() {
    return this.decisions.map(({ reason }) => reason);
  }

  get reason() {
    return this.reasons.at(-1);
  }

  open = () => this.dispatch({ type: "stream-open", stream: this.stream });
  heartbeat = (intervalMs: number | null = null, isStale = false) =>
    this.dispatch({ type: "stream-heartbeat", stream: this.stream, intervalMs, isStale });
  interrupted = () => this.dispatch({ type: "stream-interrupted", stream: this.stream });
  closed = () => this.dispatch({ type: "stream-closed", stream: this.stream });
  unreadable = () => this.dispatch({ type: "stream-unreadable", stream: this.stream, message: "?" });
  receive = (given: Partial<SyncSnapshot> = {}) =>
    this.dispatch({
      type: "stream-snapshot",
      stream: this.stream,
      decoded: { ok: true, value: aSnapshot(given) },
    });
  respond = (result: SnapshotResult) =>
    this.dispatch({ type: "snapshot-result", request: this.state.request?.id ?? -1, result });
  respondSnapshot = (given: Partial<SyncSnapshot> = {}) =>
    this.respond({ kind: "snapshot", snapshot: aSnapshot(given) });
  refuse = (status: number, retryAfterMs: number | null = null) =>
    this.respond({ kind: "refused", status, retryAfterMs, message: "no" });
  noResponse = () => this.respond({ kind: "no-response", message: "gone" });
}

const started = (policy?: ConnectionPolicy) => new Play(policy).dispatch({ type: "start" });
const live = (given: Partial<SyncSnapshot> = {}) =>
  started()
    .open()
    .receive({ seq: 1, ...given });

describe("opening", () => {
  it("opens one stream at the start, and no other when it is started again", () => {
    const play = started();
    expect(play.view).toMatchObject({ connection: "connecting", status: null, isRunning: true, isTerminal: false });
    const { stream } = play;
    expect(play.dispatch({ type: "start" }).stream).toBe(stream);
  });

  it("is idle before the start, whatever happens", () => {
    const play = new Play();
    for (const type of ["tick", "online", "visible", "reconnect", "resumed", "frozen"] as const)
      play.dispatch({ type });
    expect(play.view.connection).toBe("idle");
    expect(play.stream).toBe(-1);
  });

  it("is live with the first event, and not before", () => {
    const play = started().open();
    expect(play.view.connection).toBe("connecting");
    play.receive({ seq: 1 });
    expect(play.view).toMatchObject({ connection: "live", status: "syncing", lastUpdateAt: START });
    expect(play.reason).toBe("stream-live");
  });

  it("is live with the first event of a source that does not report its opening", () => {
    expect(started().receive({ seq: 1 }).view.connection).toBe("live");
  });

  it("requests the snapshot after 3 s without an event", () => {
    const play = started().pass(2_999);
    expect(play.state.request).toBeNull();
    play.pass(1);
    expect(play.state.request).not.toBeNull();
  });

  it("gives a stream that has opened 3 s more", () => {
    const play = started().pass(2_000).open().pass(2_999);
    expect(play.state.request).toBeNull();
    expect(play.pass(1).state.request).not.toBeNull();
  });

  it("shows the requested snapshot and opens another stream, with more patience each time", () => {
    const play = started().pass(3_000);
    const first = play.stream;
    play.respondSnapshot({ seq: 4, processedItems: 40 });
    expect(play.view.snapshot?.processedItems).toBe(40);
    expect(play.stream).not.toBe(first);
    expect(play.view.connection).toBe("reconnecting");
    play.pass(4_499);
    expect(play.state.request).toBeNull();
    expect(play.pass(1).state.request).not.toBeNull();
  });

  it("polls after three silent streams, while the snapshot endpoint responds", () => {
    const play = started();
    for (const seq of [1, 2, 3]) play.pass(10_000).respondSnapshot({ seq });
    expect(play.view.connection).toBe("polling");
    expect(play.stream).toBe(-1);
    expect(play.view.disconnectedAt).toBeNull();
  });
});

describe("polling", () => {
  const polling = () => {
    const play = started();
    for (const seq of [1, 2, 3]) play.pass(10_000).respondSnapshot({ seq });
    return play.pass(0).respondSnapshot({ seq: 4 });
  };

  it("requests every 2 s", () => {
    const play = polling().pass(1_999);
    expect(play.state.request).toBeNull();
    play.pass(1);
    expect(play.state.request).not.toBeNull();
    expect(play.respondSnapshot({ seq: 5, processedItems: 50 }).view.snapshot?.processedItems).toBe(50);
  });

  it("tries a stream after 15 s, 30 s, ... and never later than 5 min", () => {
    const play = polling();
    const trials: number[] = [];
    let seq = 5;
    for (let second = 0; second < 1_500; second += 1) {
      const before = play.stream;
      play.pass(1_000);
      if (play.state.request !== null) {
        seq += 1;
        play.respondSnapshot({ seq });
      }
      if (play.stream !== -1 && before === -1) trials.push(second);
    }
    const gaps = trials.map((at, index) => at - (trials[index - 1] ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(12);
    expect(gaps.slice(1, 5).map((gap) => Math.round(gap / 10) * 10)).toEqual([30, 60, 120, 240]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(310);
  });

  it("gives way to a stream that speaks", () => {
    const play = polling().pass(15_000);
    if (play.state.request !== null) play.respondSnapshot({ seq: 5 });
    play.pass(0);
    expect(play.stream).not.toBe(-1);
    play.receive({ seq: 9 });
    expect(play.view.connection).toBe("live");
    expect(play.state.request).toBeNull();
  });

  it.each(["interrupted", "closed"] as const)("goes on when the stream that is tried ends: %s", (ending) => {
    const play = polling().pass(15_000);
    if (play.state.request !== null) play.respondSnapshot({ seq: 5 });
    play.pass(0);
    play[ending]();
    expect(play.view.connection).toBe("polling");
    expect(play.stream).toBe(-1);
  });

  it("ends with the end of the sync", () => {
    const play = polling().pass(2_000).respondSnapshot({ status: "complete", seq: 9 });
    expect(play.view).toMatchObject({ connection: "closed", isTerminal: true, percent: 100 });
    expect(wakeTime(play.state)).toBeNull();
  });

  it("notices a sync that does not move", () => {
    const play = polling();
    for (let second = 0; second < 31; second += 1) {
      play.pass(1_000);
      if (play.state.request !== null) play.respondSnapshot({ seq: 4 });
    }
    expect(play.view.isStalled).toBe(true);
    expect(play.pass(2_000).respondSnapshot({ seq: 5 }).view.isStalled).toBe(false);
  });

  it("stops polling when the server goes away, and comes back to it", () => {
    const play = polling().pass(2_000).noResponse();
    expect(play.view.connection).toBe("reconnecting");
    play.pass(30_000);
    play.respondSnapshot({ seq: 6 });
    expect(play.view.connection).toBe("polling");
  });
});

describe("a platform without EventSource", () => {
  it("polls, and never tries a stream", () => {
    const play = started();
    play.dispatch({ type: "stream-unsupported", stream: play.stream, message: "none" });
    expect(play.view.connection).toBe("polling");
    play.pass(0).respondSnapshot({ seq: 1 });
    expect(play.reasons).toEqual(["started", "stream-unsupported", "polling-started"]);
    for (let count = 2; count < 300; count += 1) play.pass(2_000).respondSnapshot({ seq: count });
    expect(play.stream).toBe(-1);
  });
});

describe("a stream that breaks", () => {
  it("is left to the browser, with the last snapshot on the screen", () => {
    const play = live({ processedItems: 45 });
    const { stream } = play;
    play.pass(6_000).interrupted();
    expect(play.stream).toBe(stream);
    expect(play.view).toMatchObject({ connection: "reconnecting", disconnectedAt: START + 6_000, error: null });
    expect(play.view.snapshot?.processedItems).toBe(45);
    play.pass(2_000).open().receive({ seq: 2 });
    expect(play.view).toMatchObject({ connection: "live", disconnectedAt: null, retryAt: null });
  });

  it("makes a snapshot requested after 4 s, and is replaced when the server responds", () => {
    const play = live().pass(6_000).interrupted();
    const { stream } = play;
    expect(play.view.retryAt).toBe(START + 10_000);
    play.pass(4_000);
    expect(play.state.request).not.toBeNull();
    play.respondSnapshot({ seq: 2 });
    expect(play.stream).not.toBe(stream);
  });

  it("is left to the browser for longer while the server does not respond", () => {
    const play = live().pass(6_000).interrupted().pass(4_000);
    const { stream } = play;
    play.noResponse();
    expect(play.stream).toBe(stream);
    expect(play.view).toMatchObject({ connection: "reconnecting", error: null, retryAt: play.now + 4_000 });
    expect(play.state.outages).toBe(1);
  });

  it("makes a snapshot requested at once if nothing is on the screen yet", () => {
    const play = started().interrupted().pass(0);
    expect(play.state.request).not.toBeNull();
    play.noResponse();
    expect(play.view).toMatchObject({ connection: "connecting", error: { kind: "unreachable" } });
  });

  it("after less than 5 s is a failed opening; three of them end the browser's retry", () => {
    const play = live();
    for (const seq of [1, 1]) play.pass(1_500).interrupted().pass(1_500).open().receive({ seq });
    expect(play.state.failedOpenings).toBe(2);
    play.pass(1_500).interrupted();
    expect(play.stream).toBe(-1);
    expect(play.state.request).not.toBeNull();
    expect(play.respondSnapshot({ seq: 2 }).view.connection).toBe("polling");
  });

  it("after 5 s is none", () => {
    expect(live().pass(5_000).interrupted().state.failedOpenings).toBe(0);
    expect(live().pass(4_999).interrupted().state.failedOpenings).toBe(1);
  });

  it("is forgiven when it follows the sync", () => {
    const play = live().pass(1_000).interrupted().pass(1_500).open().receive({ seq: 2 });
    expect(play.state.failedOpenings).toBe(1);
    expect(play.receive({ seq: 3 }).state.failedOpenings).toBe(0);
  });

  it("five times within a second of each other is taken from the browser", () => {
    const play = live().pass(6_000).interrupted();
    for (let count = 0; count < 4; count += 1) play.pass(999).interrupted();
    expect(play.stream).not.toBe(-1);
    play.pass(999).interrupted();
    expect(play.stream).toBe(-1);
    expect(play.reason).toBe("stream-flapping");
  });

  it("now and then, a second apart, stays with the browser", () => {
    const play = live().pass(6_000).interrupted();
    for (let count = 0; count < 3; count += 1) play.pass(1_000).interrupted();
    expect(play.state.rapidInterruptions).toBe(0);
    expect(play.stream).not.toBe(-1);
  });

  it("is reported as such while the server says that it cannot read the current state, and keeps its stream", () => {
    const play = live().heartbeat(5_000);
    const { stream } = play;
    expect(play.view).toMatchObject({ connection: "live", disconnectedAt: null });
    const since = play.pass(5_000).heartbeat(5_000, true).view.disconnectedAt;
    expect(since).not.toBeNull();
    expect(play.pass(5_000).heartbeat(5_000, true).view).toMatchObject({
      connection: "reconnecting",
      disconnectedAt: since,
    });
    expect([play.stream, play.reasons.filter((reason) => reason === "server-stale").length]).toEqual([stream, 1]);
    expect(play.heartbeat(5_000).view).toMatchObject({ connection: "live", disconnectedAt: null });
    play.heartbeat(5_000, true);
    expect(play.receive({ seq: 9 }).view).toMatchObject({ connection: "live", disconnectedAt: null });
    expect(play.stream).toBe(stream);
  });

  it("is nothing to a watch that has another stream by now", () => {
    const play = live();
    const before = play.watch;
    play.dispatch({ type: "stream-interrupted", stream: 999 });
    play.dispatch({ type: "stream-closed", stream: 999 });
    play.dispatch({ type: "stream-open", stream: 999 });
    play.dispatch({ type: "stream-heartbeat", stream: 999, intervalMs: null, isStale: false });
    play.dispatch({ type: "stream-snapshot", stream: 999, decoded: { ok: true, value: aSnapshot({ seq: 50 }) } });
    play.dispatch({ type: "stream-unreadable", stream: 999, message: "" });
    play.dispatch({ type: "stream-unsupported", stream: 999, message: "" });
    play.dispatch({ type: "snapshot-result", request: 999, result: { kind: "no-response", message: "" } });
    play.dispatch({ type: "stream-foreign", stream: 999, message: "" });
    play.dispatch({ type: "stream-limit", stream: 999 });
    expect(play.watch).toBe(before);
  });
});

describe("a stream that gave up", () => {
  it("makes a snapshot requested, and is opened again after a wait", () => {
    const play = live().pass(6_000).closed();
    expect(play.stream).toBe(-1);
    expect(play.reason).toBe("stream-closed");
    expect(play.view).toMatchObject({ connection: "reconnecting", disconnectedAt: START + 6_000 });
    play.respondSnapshot({ seq: 2 });
    expect(play.view.retryAt).toBe(play.now + 500);
    expect(play.pass(499).stream).toBe(-1);
    expect(play.pass(1).stream).not.toBe(-1);
  });

  it.each([401, 403])("because of %s has the application renew the credentials, and is tried once more", (status) => {
    const play = live().pass(6_000).closed().refuse(status);
    expect(play.state.link.kind).toBe("authorizing");
    play.dispatch({ type: "authorized" });
    expect(play.stream).not.toBe(-1);
    play.closed().refuse(status);
    expect(play.view).toMatchObject({
      connection: "closed",
      error: { kind: "unauthorized", message: "no" },
      isRunning: true,
    });
  });

  it("may renew the credentials again after they have worked", () => {
    const play = live().closed().refuse(401).dispatch({ type: "authorized" }).receive({ seq: 2 }).closed().refuse(401);
    expect(play.state.link.kind).toBe("authorizing");
  });

  it("is not signed out by a renewal that nobody waits for", () => {
    const play = live().dispatch({ type: "authorization-failed" }).dispatch({ type: "authorized" });
    expect(play.view).toMatchObject({ connection: "live", error: null });
  });

  it("stays signed out when the credentials cannot be renewed", () => {
    const play = live().closed().refuse(401).dispatch({ type: "authorization-failed" });
    expect(play.view).toMatchObject({ connection: "closed", error: { kind: "unauthorized" } });
    expect(play.dispatch({ type: "authorized" }).stream).toBe(-1);
  });

  it.each([404, 410])("because of %s is not tried again, but on demand", (status) => {
    const play = live().closed().refuse(status);
    expect(play.view).toMatchObject({
      connection: "closed",
      error: { kind: "not-found", message: "no" },
      isRunning: false,
    });
    expect(wakeTime(play.state)).toBeNull();
    for (const type of ["online", "visible", "frozen", "tick", "resumed"] as const) play.dispatch({ type });
    expect(play.stream).toBe(-1);
    expect(play.dispatch({ type: "reconnect" }).stream).not.toBe(-1);
  });

  it("waits as long as Retry-After says, five minutes at most", () => {
    const play = live().closed().refuse(429, 7_000);
    expect(play.view.retryAt).toBe(play.now + 7_000);
    expect(play.reason).toBe("retry-after");
    expect(live().closed().refuse(503, 9_999_999).view.retryAt).toBe(START + 300_000);
  });

  it.each([400, 500, 502, 503, 504])("because of %s is tried again after a growing wait", (status) => {
    const play = live();
    play.random = 0.999;
    const waits: number[] = [];
    for (let count = 0; count < 8; count += 1) {
      play.closed().refuse(status);
      waits.push((play.view.retryAt ?? 0) - play.now);
      play.pass(60_000);
    }
    expect(waits.map((ms) => Math.round(ms / 1_000))).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(play.view.error).toBeNull();
  });

  it("reports an unreadable response only while nothing is on the screen", () => {
    const unreadable: SnapshotResult = { kind: "unusable", reason: "response-unreadable", message: "not valid JSON" };
    const first = started().closed().respond(unreadable);
    expect(first.view.error).toEqual({ kind: "invalid-response", message: "not valid JSON", code: null });
    expect(live().closed().respond(unreadable).view.error).toBeNull();
  });

  it("does not take the snapshot of another sync", () => {
    const play = started().closed().respondSnapshot({ syncId: "another", status: "complete" });
    expect(play.view).toMatchObject({ status: null, error: { kind: "invalid-response" } });
    expect(play.view.error?.message).toContain("another");
  });

  it("is over when the sync is", () => {
    expect(live().closed().respondSnapshot({ status: "cancelled", seq: 9 }).view).toMatchObject({
      connection: "closed",
      isTerminal: true,
    });
  });
});

describe("a connection is lost", () => {
  it("from the end of the stream to the next response of the server", () => {
    const play = live().closed();
    expect(play.view).toMatchObject({ connection: "reconnecting", disconnectedAt: START });
    play.pass(2_000).respondSnapshot({ seq: 2 });
    expect(play.view).toMatchObject({ connection: "reconnecting", disconnectedAt: null });
  });

  it("as long as the server does not respond", () => {
    const play = live().closed().refuse(503).pass(5_000).noResponse();
    expect(play.view).toMatchObject({ connection: "reconnecting", disconnectedAt: START });
  });

  it("not at all while streams bring nothing and snapshots respond, as behind a proxy that buffers", () => {
    const play = started();
    for (let seq = 1; play.view.connection !== "polling"; seq += 1) {
      play.open().pass(3_000).respondSnapshot({ seq });
      expect(play.view.disconnectedAt).toBeNull();
    }
    expect(play.now).toBeLessThanOrEqual(START + 9_000);
  });
});

describe("silence", () => {
  it("of 37.5 s after heartbeats makes a snapshot requested; if it is the same, another stream is opened", () => {
    const play = live({ status: "paused" }).heartbeat().pass(37_499);
    expect(play.state.request).toBeNull();
    play.pass(1);
    const { stream } = play;
    play.respondSnapshot({ status: "paused", seq: 1 });
    expect(play.stream).not.toBe(stream);
    expect(play.reason).toBe("stream-silent");
  });

  it.each([
    [5_000, 12_500],
    [60_000, 150_000],
    [100, 10_000],
  ])("of 2.5 heartbeats does the same if the backend says their interval: %i ms", (intervalMs, silenceMs) => {
    const play = live({ status: "paused" })
      .heartbeat(intervalMs)
      .pass(silenceMs - 1);
    expect(play.state.request).toBeNull();
    expect(play.pass(1).state.request).not.toBeNull();
  });

  it("of 30 s without heartbeats makes one requested; if it is the same, the stream is kept", () => {
    const play = live({ status: "paused" }).pass(30_000);
    const { stream } = play;
    expect(play.state.request).not.toBeNull();
    play.respondSnapshot({ status: "paused", seq: 1 });
    expect(play.stream).toBe(stream);
    expect(play.view).toMatchObject({ connection: "live", isStalled: false });
    expect(play.pass(29_999).state.request).toBeNull();
    expect(play.pass(1).state.request).not.toBeNull();
  });

  it("of a sync that should move is a stall, with its age, until it moves", () => {
    const play = live().pass(30_000).respondSnapshot({ seq: 1 });
    expect(play.view).toMatchObject({ isStalled: true, connection: "live", lastUpdateAt: START });
    expect(play.reason).toBe("sync-stalled");
    expect(play.receive({ seq: 2, processedItems: 1 }).view.isStalled).toBe(false);
  });

  it("is a stall also while heartbeats come", () => {
    const play = live();
    for (let count = 0; count < 2; count += 1) play.pass(15_000).heartbeat();
    expect(play.state.request).not.toBeNull();
    expect(play.respondSnapshot({ seq: 1 }).view).toMatchObject({ isStalled: true, connection: "live" });
    play.pass(15_000).heartbeat();
    expect(play.state.request).toBeNull();
    expect(play.pass(15_000).state.request).not.toBeNull();
  });

  it.each(["queued", "paused"] as const)("of a sync that is %s is no stall", (status) => {
    const play = live({ status }).heartbeat();
    for (let count = 0; count < 10; count += 1) play.pass(15_000).heartbeat();
    expect(play.state.request).toBeNull();
    expect(play.view.isStalled).toBe(false);
  });

  it("that hid news means a deaf stream: another is opened", () => {
    const play = live().pass(30_000);
    const { stream } = play;
    play.respondSnapshot({ seq: 9, processedItems: 90 });
    expect(play.view.snapshot?.processedItems).toBe(90);
    expect(play.stream).not.toBe(stream);
    expect(play.state.failedOpenings).toBe(1);
    expect(play.reason).toBe("stream-stale");
  });

  it("is not what news are that came just now", () => {
    const play = live().pass(29_000).receive({ seq: 2 }).dispatch({ type: "visible" });
    expect(play.state.request).toBeNull();
  });

  it("with a server that does not respond means that both are lost", () => {
    const play = live().pass(30_000).noResponse();
    expect(play.view).toMatchObject({ connection: "reconnecting", error: null });
    expect(play.state.link.kind).toBe("waiting");
  });

  it.each([401, 404, 500])("does not end a stream that lives when the snapshot endpoint says %s", (status) => {
    const play = live().heartbeat();
    play.pass(15_000).heartbeat().pass(15_000).heartbeat().refuse(status);
    expect(play.view).toMatchObject({ connection: "live", isStalled: true, error: null });
  });

  it("hides the end of the sync no longer than until a snapshot is requested", () => {
    const play = live().heartbeat().pass(30_000).respondSnapshot({ status: "complete", seq: 50 });
    expect(play.view).toMatchObject({ status: "complete", connection: "closed", isStalled: false });
  });
});

describe("a request without a response", () => {
  it("is given up after 10 s, and the server counts as unreachable", () => {
    const play = started(DEFAULT_POLICY).closed();
    expect(play.pass(9_999).state.request).not.toBeNull();
    play.pass(1);
    expect(play.state.request).toBeNull();
    expect(play.view.error).toEqual({ kind: "unreachable", message: "no response within 10000 ms", code: null });
    expect(play.view.retryAt).not.toBeNull();
  });

  it("does not keep a stream that is tried beside the polling waiting", () => {
    const play = started();
    for (const seq of [1, 2, 3]) play.pass(10_000).respondSnapshot({ seq });
    play.pass(15_000);
    expect(play.state.request).not.toBeNull();
    expect(play.stream).not.toBe(-1);
  });
});

describe("a backend without a snapshot endpoint", () => {
  const unsupported = { kind: "unsupported" } as const;

  it("has its stream reopened when that is silent, since the stream brings the current state", () => {
    const play = live();
    const { stream } = play;
    play.pass(30_000).respond(unsupported);
    expect(play.stream).not.toBe(stream);
    expect(play.stream).not.toBe(-1);
    expect(play.view.disconnectedAt).toBeNull();
  });

  it("is tried again with backoff, and never polled, when the stream cannot be opened", () => {
    const play = started();
    for (let count = 0; count < 6; count += 1) {
      play.closed().respond(unsupported);
      expect(play.view.connection).toBe("connecting");
      expect(play.view.retryAt).not.toBeNull();
      play.pass(30_000);
    }
    expect(play.reasons).not.toContain("polling-started");
  });
});

describe("a client that has no stream left", () => {
  const limited = () => {
    const play = started();
    return play.dispatch({ type: "stream-limit", stream: play.stream });
  };

  it("polls, and tries no stream by itself", () => {
    const play = limited();
    expect(play.reasons).toEqual(["started", "stream-limit", "polling-started"]);
    for (let seq = 1; seq < 500; seq += 1) {
      play.pass(2_000).respondSnapshot({ seq });
      expect(play.stream).toBe(-1);
    }
    expect(play.view.connection).toBe("polling");
  });

  it("takes the stream that becomes available, and goes live on it", () => {
    const play = limited().pass(0).respondSnapshot({ seq: 1 }).dispatch({ type: "stream-available" });
    expect(play.stream).not.toBe(-1);
    expect(play.view.connection).toBe("polling");
    expect(play.receive({ seq: 2 }).view.connection).toBe("live");
  });

  it("waits for the next one if that has gone by then", () => {
    const play = limited().dispatch({ type: "stream-available" });
    play.dispatch({ type: "stream-limit", stream: play.stream });
    expect(play.view.connection).toBe("polling");
    expect(play.stream).toBe(-1);
    play.dispatch({ type: "stream-available" });
    expect(play.stream).not.toBe(-1);
  });

  it("takes none that becomes available when it waits for none", () => {
    const { state } = live().receive({ seq: 2 });
    const play = live().receive({ seq: 2 }).dispatch({ type: "stream-available" });
    expect(play.state).toEqual(state);
    const polling = started().dispatch({ type: "stream-unsupported", stream: 1, message: "none" });
    expect(polling.dispatch({ type: "stream-available" }).stream).toBe(-1);
    const trying = limited().dispatch({ type: "stream-available" });
    const tried = trying.stream;
    expect(trying.dispatch({ type: "stream-available" }).stream).toBe(tried);
  });

  it("tries no stream when the page is shown again", () => {
    expect(limited().dispatch({ type: "visible" }).pass(0).stream).toBe(-1);
  });
});

describe("decisions", () => {
  it("are all reported when several are taken at once", () => {
    const play = live();
    for (const seq of [2, 3, 4]) {
      play.pass(30_000).respondSnapshot({ seq, processedItems: seq });
      play.receive({ seq, processedItems: seq });
    }
    expect(play.reasons.filter((reason) => reason === "stream-stale")).toHaveLength(3);
    expect(play.reasons.slice(-2)).toEqual(["stream-stale", "polling-started"]);
    const silent = started();
    for (const seq of [1, 2, 3]) silent.pass(10_000).respondSnapshot({ seq });
    expect(silent.reasons).toEqual(["started", "stream-silent", "stream-silent", "stream-silent", "polling-started"]);
  });

  const limited = () => {
    const play = started();
    return play.dispatch({ type: "stream-limit", stream: play.stream });
  };
  it.each<[string, Decision["reason"][], () => Play]>([
    ["offline", ["offline"], () => live().dispatch({ type: "offline" })],
    ["online", ["online"], () => live().dispatch({ type: "online" })],
    ["a page shown", ["visible"], () => live().dispatch({ type: "visible" })],
    [
      "a page frozen and resumed",
      ["frozen", "resumed"],
      () => live().dispatch({ type: "frozen" }).dispatch({ type: "resumed" }),
    ],
    ["a person who reconnects", ["reconnect-requested"], () => live().dispatch({ type: "reconnect" })],
    ["a refusal", ["stream-closed", "server-unreachable"], () => live().closed().refuse(503)],
    ["no response", ["stream-closed", "server-unreachable"], () => live().closed().noResponse()],
    [
      "no snapshot endpoint",
      ["stream-closed", "server-unreachable"],
      () => live().closed().respond({ kind: "unsupported" }),
    ],
    ["a sync that is gone", ["stream-closed", "not-found"], () => live().closed().refuse(404)],
    [
      "credentials that are renewed",
      ["stream-closed", "unauthorized", "reauthorized"],
      () => live().closed().refuse(401).dispatch({ type: "authorized" }),
    ],
    [
      "credentials that are not",
      ["stream-closed", "unauthorized", "unauthorized"],
      () => live().closed().refuse(401).dispatch({ type: "authorization-failed" }),
    ],
    [
      "a stream tried beside the polling",
      ["started", "stream-limit", "polling-started", "stream-retried", "stream-live"],
      () => limited().dispatch({ type: "stream-available" }).receive({ seq: 1 }),
    ],
  ])("name %s", (_, reasons, played) => {
    expect(played().reasons.slice(-reasons.length)).toEqual(reasons);
  });

  it("say what the developer has to know of an error", () => {
    const expired = live().closed().refuse(401).dispatch({ type: "authorization-failed" });
    expect(expired.decisions.at(-1)?.detail).toBe("The credentials could not be renewed.");
    expect(started().closed().respond({ kind: "unsupported" }).view.error?.message).toBe(
      "The stream could not be opened.",
    );
  });

  it("name the response that could not be used", () => {
    const unreadable = started().closed();
    unreadable.respond({ kind: "unusable", reason: "response-unreadable", message: "not JSON" });
    expect(unreadable.decisions.at(-1)).toEqual({ reason: "response-unreadable", detail: "not JSON" });
    const foreign = started().closed().respondSnapshot({ syncId: "another" });
    expect(foreign.decisions.at(-1)).toEqual({
      reason: "foreign-snapshot",
      detail: "a snapshot of another came for sync-1",
    });
  });
});

describe("a command", () => {
  const pending = { name: "pause", status: "pending", error: null } as const;
  const failed = { ...pending, status: "failed" } as const;

  it("is part of the view until it is done", () => {
    const play = live().dispatch({ type: "command", command: pending });
    expect(play.view.command).toBe(pending);
    expect(play.receive({ seq: 2, status: "paused" }).view.command).toBe(pending);
    expect(play.dispatch({ type: "command", command: null }).view.command).toBeNull();
  });

  it("that failed is forgotten when the status changes, and not before", () => {
    const play = live().dispatch({ type: "command", command: failed });
    expect(play.receive({ seq: 2, processedItems: 5 }).view.command).toBe(failed);
    expect(play.receive({ seq: 3, status: "parsing" }).view.command).toBeNull();
  });

  it("ignores the snapshot of another sync in its response", () => {
    const play = live();
    const { watch } = play;
    play.dispatch({ type: "command-snapshot", snapshot: aSnapshot({ syncId: "another", status: "cancelled" }) });
    expect(play.watch).toBe(watch);
  });
});

describe("events that cannot be used", () => {
  it("make a snapshot requested at once, and keep what is on the screen", () => {
    const play = live({ processedItems: 5 }).unreadable();
    expect(play.state.request).not.toBeNull();
    expect(play.view.snapshot?.processedItems).toBe(5);
    expect(play.reason).toBe("stream-unreadable");
  });

  it("of another sync are left out", () => {
    const play = live().receive({ syncId: "another", seq: 99, processedItems: 99 });
    expect(play.view.snapshot?.syncId).toBe("sync-1");
    expect(play.reason).toBe("foreign-snapshot");
  });
});

describe("the page and its network", () => {
  it("is offline until something comes", () => {
    const play = live().dispatch({ type: "offline" });
    expect(play.view).toMatchObject({ isOffline: true, connection: "live" });
    expect(play.receive({ seq: 2 }).view.isOffline).toBe(false);
  });

  it("offline waits long, and tries at once when it is online again", () => {
    const play = live().dispatch({ type: "offline" }).closed().noResponse();
    expect(play.view.retryAt).toBe(play.now + 30_000);
    play.dispatch({ type: "online" });
    expect(play.view.isOffline).toBe(false);
    expect(play.stream).not.toBe(-1);
  });

  it("online again replaces a stream that the browser retries", () => {
    const play = live().pass(6_000).interrupted();
    const { stream } = play;
    expect(play.dispatch({ type: "online" }).stream).not.toBe(stream);
  });

  it("visible again requests a snapshot if the last message is older than 3 s", () => {
    expect(live().pass(2_999).dispatch({ type: "visible" }).state.request).toBeNull();
    expect(live().pass(3_000).dispatch({ type: "visible" }).state.request).not.toBeNull();
  });

  it("visible again tries once whether somebody has signed in", () => {
    const play = live().closed().refuse(401).dispatch({ type: "authorization-failed" }).dispatch({ type: "visible" });
    expect(play.stream).not.toBe(-1);
  });

  it("visible again tries a stream while polling", () => {
    const play = started();
    for (const seq of [1, 2, 3]) play.pass(10_000).respondSnapshot({ seq });
    play.pass(0).respondSnapshot({ seq: 4 }).dispatch({ type: "visible" });
    expect(play.state.request).not.toBeNull();
    expect(play.pass(0).stream).not.toBe(-1);
  });

  it("frozen holds no connection, and has one again when it is back", () => {
    const play = live().pass(30_000).dispatch({ type: "frozen" });
    expect([play.stream, play.state.request, wakeTime(play.state)]).toEqual([-1, null, null]);
    expect(play.view.connection).toBe("reconnecting");
    expect(play.dispatch({ type: "resumed" }).stream).not.toBe(-1);
  });

  it("resumed without having been frozen keeps its stream", () => {
    const play = live();
    const { stream } = play;
    expect(play.dispatch({ type: "resumed" }).stream).toBe(stream);
  });
});

describe("the end", () => {
  it.each(["complete", "error", "cancelled"] as const)("closes everything: %s", (status) => {
    const play = live().receive({ status, seq: 2, errorMessage: "Too bad.", errorCode: "bad" });
    expect([play.stream, play.state.request, wakeTime(play.state)]).toEqual([-1, null, null]);
    expect(play.view).toMatchObject({
      status,
      connection: "closed",
      isTerminal: true,
      isRunning: false,
    });
    const { state } = play;
    for (const type of ["reconnect", "online", "visible", "resumed", "frozen", "offline"] as const)
      play.dispatch({ type });
    expect(play.state).toBe(state);
    if (status === "error") expect(play.view.error).toEqual({ kind: "sync-failed", message: "Too bad.", code: "bad" });
  });

  it("may be there from the start", () => {
    const play = started().receive({ status: "complete" });
    expect(play.view).toMatchObject({ isTerminal: true, connection: "closed", percent: 100 });
    expect(play.reasons).toEqual(["started", "stream-live", "terminal"]);
  });

  it("may come with the response to a command", () => {
    const play = live().dispatch({ type: "command-snapshot", snapshot: aSnapshot({ status: "cancelled", seq: 2 }) });
    expect(play.view).toMatchObject({ status: "cancelled", connection: "closed" });
  });
});

describe("trying now", () => {
  it("ends the wait", () => {
    const play = live().closed().noResponse();
    expect(play.stream).toBe(-1);
    expect(play.dispatch({ type: "reconnect" }).stream).not.toBe(-1);
  });

  it("lets the credentials be renewed once more", () => {
    const play = live()
      .closed()
      .refuse(401)
      .dispatch({ type: "authorized" })
      .closed()
      .refuse(401)
      .dispatch({ type: "reconnect" });
    expect(play.closed().refuse(401).state.link.kind).toBe("authorizing");
  });
});

describe("the estimate", () => {
  it("is shown while the sync moves, and neither stalled nor after the end", () => {
    const play = live({ percentComplete: 0 });
    for (let second = 1; second <= 10; second += 1)
      play.pass(1_000).receive({ seq: second + 1, percentComplete: second });
    expect(play.view.eta).toMatchObject({ minutes: 1, remainingMs: 90_000 });
    play.pass(30_000).respondSnapshot({ seq: 11, percentComplete: 10 });
    expect(play.view).toMatchObject({ isStalled: true, eta: null });
  });
});

describe("the waits", () => {
  it("are full jitter below a ceiling that doubles up to 30 s", () => {
    expect(backoff(0, DEFAULT_POLICY, 0)).toBe(0);
    expect(backoff(0, DEFAULT_POLICY, 0.5)).toBe(500);
    expect(backoff(3, DEFAULT_POLICY, 0.5)).toBe(4_000);
    expect(backoff(5_000, DEFAULT_POLICY, 0.5)).toBe(15_000);
  });

  it("follow from the time that an opening may take", () => {
    expect(connectionTimes(3_000)).toEqual({
      openTimeoutMs: 3_000,
      steadyAfterMs: 5_000,
      flappingMs: 1_000,
      browserRetryPatienceMs: 4_000,
      firstStreamTrialMs: 15_000,
      lastStreamTrialMs: 300_000,
    });
  });
});
