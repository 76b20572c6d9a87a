import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEFAULT_POLICY } from "../../src/client/connection-policy.js";
import { FrameScheduler } from "../../src/client/frame-scheduler.js";
import { StreamLimit } from "../../src/client/stream-limit.js";
import { SyncRequestError } from "../../src/client/sync-request.js";
import type { StreamMessage, StreamSink, SyncTransport } from "../../src/client/sync-transport.js";
import { Watch, type WatchEnvironment } from "../../src/client/watch.js";
import { DEFAULT_PHASES } from "../../src/protocol/phases.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";

const aMessage = (given: Partial<SyncSnapshot> = {}): StreamMessage => ({
  isUrgent: false,
  decode: () => ({ ok: true, value: aSnapshot(given) }),
});

/** A watch over a transport of the test's, whose streams are kept. */
function aWatch(
  given: SyncTransport = {},
  { maxStreams = 1, ...rest }: Partial<WatchEnvironment & { maxStreams: number }> = {},
) {
  const sinks: StreamSink[] = [];
  const close = vi.fn();
  const onChange = vi.fn();
  const streams = new StreamLimit(maxStreams, () => {});
  const transport: SyncTransport = {
    openStream(_, sink) {
      sinks.push(sink);
      return close;
    },
    getSnapshot: () => new Promise(() => {}),
    ...given,
  };
  const watch = new Watch("sync-1", {
    transport,
    policy: DEFAULT_POLICY,
    tracking: { stallTimeoutMs: 30_000, phases: DEFAULT_PHASES },
    frames: new FrameScheduler(),
    streams,
    onDecision: () => {},
    onMessage: () => {},
    onChange,
    onError: () => {},
    ...rest,
  });
  return { watch, sinks, close, onChange, streams };
}

const start = (watch: Watch) => watch.dispatch({ type: "start" });
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a watch that is disposed", () => {
  it("closes its stream and gives it back", () => {
    const { watch, close, streams } = aWatch();
    start(watch);
    expect(streams.acquire()).toBe(false);
    watch.dispose();
    expect(close).toHaveBeenCalledTimes(1);
    expect(streams.acquire()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("gives back no more streams than it took", () => {
    const unsupported = aWatch({
      openStream: () => {
        throw new TypeError("No streams here.");
      },
    });
    for (const { watch, streams } of [aWatch(), unsupported]) {
      start(watch);
      watch.dispose();
      watch.dispose();
      expect([streams.acquire(), streams.acquire()]).toEqual([true, false]);
    }
  });

  it("takes nothing more, neither from its stream nor from its owner", () => {
    const { watch, sinks, onChange } = aWatch();
    start(watch);
    watch.dispose();
    onChange.mockClear();
    sinks[0]?.onSnapshot(aMessage({ status: "complete" }));
    sinks[0]?.onInterrupted();
    watch.dispatch({ type: "offline" });
    watch.dispatch({ type: "reconnect" });
    expect(onChange).not.toHaveBeenCalled();
    expect(watch.view).toMatchObject({ snapshot: null, isOffline: false });
    expect(sinks).toHaveLength(1);
  });

  it("opens no stream if that happened when it decided to", () => {
    let watch: Watch | null = null;
    const subject = aWatch({}, { onDecision: () => watch?.dispose() });
    watch = subject.watch;
    start(subject.watch);
    expect(subject.sinks).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("requests nothing if that happened while it opened a stream", () => {
    let watch: Watch | null = null;
    const getSnapshot = vi.fn(() => new Promise<SyncSnapshot>(() => {}));
    const close = vi.fn();
    const subject = aWatch({
      getSnapshot,
      openStream() {
        watch?.dispose();
        return close;
      },
    });
    watch = subject.watch;
    start(subject.watch);
    expect(close).toHaveBeenCalledTimes(1);
    expect(getSnapshot).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the stream of a watch", () => {
  it("is closed if it ended while it was opened", () => {
    const close = vi.fn();
    const { watch } = aWatch({
      openStream(_, sink) {
        sink.onClosed();
        return close;
      },
    });
    start(watch);
    expect(close).toHaveBeenCalledTimes(1);
  });

  it.each<[string, SyncTransport]>([
    [
      "cannot be opened",
      {
        openStream: () => {
          throw new TypeError("No streams here.");
        },
      },
    ],
    ["is not offered", Object.defineProperty<SyncTransport>({}, "openStream", { value: undefined, enumerable: true })],
  ])("is given back, and polls take its place, if it %s", (_, transport) => {
    const { watch, streams } = aWatch(transport);
    start(watch);
    expect(watch.view.connection).toBe("polling");
    expect(streams.acquire()).toBe(true);
  });

  it("is waited for while no other is free, and only then", () => {
    const waiting = aWatch({}, { maxStreams: 0 });
    start(waiting.watch);
    expect(waiting.watch.view.connection).toBe("polling");
    expect(waiting.watch.takeStream()).toBe(true);
    const live = aWatch();
    start(live.watch);
    live.sinks[0]?.onSnapshot(aMessage());
    expect(live.watch.view.connection).toBe("live");
    expect(live.watch.takeStream()).toBe(false);
    const unsupported = aWatch({
      openStream: () => {
        throw new TypeError("No streams here.");
      },
    });
    start(unsupported.watch);
    expect(unsupported.watch.takeStream()).toBe(false);
  });

  it("says nothing more once another has taken its place", () => {
    const { watch, sinks } = aWatch();
    start(watch);
    watch.dispatch({ type: "reconnect" });
    expect(sinks).toHaveLength(2);
    sinks[0]?.onSnapshot(aMessage({ processedItems: 7 }));
    sinks[0]?.onHeartbeat();
    expect(watch.view).toMatchObject({ snapshot: null, connection: "connecting" });
    sinks[1]?.onSnapshot(aMessage({ processedItems: 8 }));
    expect(watch.view).toMatchObject({ snapshot: { processedItems: 8 }, connection: "live" });
  });

  it("counts a message whose reading throws as unreadable", async () => {
    const getSnapshot = vi.fn(async () => aSnapshot({ processedItems: 9 }));
    const { watch, sinks } = aWatch({ getSnapshot });
    start(watch);
    sinks[0]?.onSnapshot({
      isUrgent: true,
      decode() {
        throw new Error("odd");
      },
    });
    expect(getSnapshot).toHaveBeenCalledTimes(1);
    await settle();
    expect(watch.view.snapshot?.processedItems).toBe(9);
  });
});

describe("the request of a watch", () => {
  /** What the view shows when the stream has ended at once and the request is refused like this. */
  async function errorAfter(getSnapshot: SyncTransport["getSnapshot"], given: SyncTransport = {}) {
    const { watch, sinks } = aWatch({ ...(getSnapshot && { getSnapshot }), ...given });
    start(watch);
    sinks[0]?.onClosed();
    await settle();
    return watch.view.error;
  }
  const refuse = (error: Error) => async () => {
    throw error;
  };

  it.each([
    ["invalid-response", new SyncRequestError("odd", { kind: "invalid-response", status: 200 })],
    ["unreachable", new SyncRequestError("away")],
    ["unreachable", new Error("the transport's own")],
    ["unreachable", new SyncRequestError("busy", { status: 503 })],
    ["not-found", new SyncRequestError("gone", { status: 404 })],
    ["unauthorized", new SyncRequestError("signed out", { status: 401 })],
  ])("leads to the error %s", async (kind, error) => {
    expect(await errorAfter(refuse(error))).toMatchObject({ kind });
  });

  it("renews the credentials only if the transport can", async () => {
    const signedOut = refuse(new SyncRequestError("signed out", { status: 401 }));
    const reauthorize = vi.fn(async () => true);
    expect(await errorAfter(signedOut, { reauthorize })).not.toMatchObject({ kind: "unauthorized" });
    expect(reauthorize).toHaveBeenCalledTimes(1);
    const failing = refuse(new Error("no"));
    expect(await errorAfter(signedOut, { reauthorize: failing })).toMatchObject({ kind: "unauthorized" });
  });

  it("renews the credentials once, whatever happens in the meantime", async () => {
    const reauthorize = vi.fn(() => new Promise<boolean>(() => {}));
    const getSnapshot = refuse(new SyncRequestError("signed out", { status: 401 }));
    const { watch, sinks } = aWatch({ getSnapshot, reauthorize });
    start(watch);
    sinks[0]?.onClosed();
    await settle();
    watch.dispatch({ type: "offline" });
    watch.dispatch({ type: "online" });
    expect(reauthorize).toHaveBeenCalledTimes(1);
  });

  it("is left out by a transport without requests, which opens its stream again", async () => {
    const none = Object.defineProperty<SyncTransport>({}, "getSnapshot", { value: undefined, enumerable: true });
    const { watch, sinks } = aWatch(none);
    start(watch);
    sinks[0]?.onClosed();
    // The longest wait after a first failure.
    await vi.advanceTimersByTimeAsync(DEFAULT_POLICY.retryBaseMs);
    expect(sinks).toHaveLength(2);
    sinks[1]?.onSnapshot(aMessage());
    expect(watch.view).toMatchObject({ connection: "live", error: null });
  });
});
