import { afterEach, describe, expect, it, vi } from "vitest";
import { announceViewer, shareFeed } from "../../src/client/shared-feed.js";
import type { FeedSink } from "../../src/client/sync-transport.js";
import { encodeReady } from "../../src/protocol/feed.js";

/** On a busy machine, too. */
const waitFor = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: 10_000 });

/** A backend whose feed is made by the test, and tabs that share it. */
function aSharedBackend() {
  const name = crypto.randomUUID();
  const streams: { readonly sink: FeedSink; isClosed: boolean }[] = [];
  const closers: (() => void)[] = [];
  const open = shareFeed((sink) => {
    const stream = { sink, isClosed: false };
    streams.push(stream);
    return () => {
      stream.isClosed = true;
    };
  }, name);
  const openTab = () => {
    const seen: string[] = [];
    const close = open({
      onOpen: () => seen.push("open"),
      onInterrupted: () => seen.push("interrupted"),
      onClosed: () => seen.push("closed"),
      onEvent: (event, data) => seen.push(event === "ready" ? "ready" : `${event} ${JSON.parse(data).n ?? ""}`.trim()),
    });
    closers.push(close);
    return { seen, close };
  };
  const openStreams = () => streams.filter(({ isClosed }) => !isClosed);
  /** The one stream that is open, as soon as it is. */
  const stream = async () => {
    const { sink } = await waitFor(() => {
      const [first, ...others] = openStreams();
      if (first === undefined || others.length > 0) throw new Error(`${openStreams().length} streams are open`);
      return first;
    });
    const send = (n: number, syncId = "a") => sink.onEvent("progress", JSON.stringify({ sync_id: syncId, n }));
    const begin = (...numbers: readonly number[]) => {
      sink.onOpen();
      for (const n of numbers) send(n, `sync-${n}`);
      sink.onEvent("ready", encodeReady({ isReset: true, omitted: 0, viewer: "anna" }));
    };
    return { ...sink, send, begin };
  };
  const closeAll = () => {
    for (const close of closers) close();
  };
  return { name, openTab, openStreams, stream, closeAll };
}

const backends: ReturnType<typeof aSharedBackend>[] = [];
function aBackend() {
  const backend = aSharedBackend();
  backends.push(backend);
  return backend;
}

describe("a feed that tabs share", () => {
  afterEach(() => {
    for (const backend of backends.splice(0)) backend.closeAll();
  });

  it("has one stream, whose events all tabs get", async () => {
    const { openTab, openStreams, stream } = aBackend();
    const tabs = [openTab(), openTab(), openTab()];
    const { begin, send } = await stream();
    await waitFor(() => expect(openStreams()).toHaveLength(1));
    begin(1);
    send(2);
    // One that joins late gets both before it is ready.
    const all = ["open", "progress 1", "progress 2", "ready"];
    for (const { seen } of tabs) await waitFor(() => expect(seen.toSorted()).toEqual(all));
  });

  it("gives a tab that comes later the latest of each sync, as a whole state", async () => {
    const { openTab, stream } = aBackend();
    openTab();
    const { begin, send, onEvent } = await stream();
    begin(1, 2, 3);
    send(4, "sync-1");
    onEvent("removed", JSON.stringify({ sync_id: "sync-2" }));
    const { seen } = openTab();
    await waitFor(() => expect(seen).toEqual(["open", "progress 4", "progress 3", "ready"]));
  });

  it("posts events only as soon as another tab has come", async () => {
    const { name, openTab, stream } = aBackend();
    const posted: string[] = [];
    const channel = new BroadcastChannel(`react-sync-progress:${name}`);
    channel.onmessage = ({ data }) => posted.push(data.type);
    openTab();
    const { begin, send } = await stream();
    begin(1);
    const { seen } = openTab();
    await vi.waitFor(() => expect(seen).toEqual(["open", "progress 1", "ready"]));
    expect(posted).not.toContain("event");
    send(2);
    await vi.waitFor(() => expect(seen).toContain("progress 2"));
    await vi.waitFor(() => expect(posted).toContain("event"));
    channel.close();
  });

  it("forgets what a new whole state does not have", async () => {
    const { openTab, stream } = aBackend();
    openTab();
    const { begin } = await stream();
    begin(1, 2);
    begin(2);
    const { seen } = openTab();
    await waitFor(() => expect(seen).toEqual(["open", "progress 2", "ready"]));
  });

  it("goes on by another tab when the leader closes, and no tab sees it interrupted", async () => {
    const { openTab, stream } = aBackend();
    const leader = openTab();
    const { begin } = await stream();
    const followers = [openTab(), openTab()];
    begin(1);
    for (const { seen } of followers) await waitFor(() => expect(seen).toContain("ready"));
    leader.close();
    const next = await stream();
    next.begin(5);
    for (const { seen } of followers) {
      await waitFor(() => expect(seen).toEqual(["open", "progress 1", "ready", "open", "progress 5", "ready"]));
    }
  });

  it("is taken over within a second from a tab that hangs", async () => {
    const { name, openTab, openStreams, stream } = aBackend();
    let isTaken = false;
    const hung = navigator.locks.request(`react-sync-progress:${name}`, () => new Promise(() => {}));
    hung.catch(() => {
      isTaken = true;
    });
    const tabs = [openTab(), openTab()];
    expect(openStreams()).toEqual([]);
    const { begin } = await stream();
    expect(isTaken).toBe(true);
    begin(1);
    for (const { seen } of tabs) await waitFor(() => expect(seen).toContain("progress 1"));
  });

  it("closes the stream of a leader whose place was taken, which follows then", async () => {
    const { name, openTab, openStreams, stream } = aBackend();
    const { seen } = openTab();
    (await stream()).begin(1);
    const { promise: release, resolve } = Promise.withResolvers<void>();
    const thief = navigator.locks.request(`react-sync-progress:${name}`, { steal: true }, () => release);
    await waitFor(() => expect(openStreams()).toEqual([]));
    resolve();
    await thief;
    (await stream()).begin(2);
    expect(seen).toEqual(["open", "progress 1", "ready", "open", "progress 2", "ready"]);
  });

  it("tells the followers that it is interrupted, and who leads that it is closed", async () => {
    const { openTab, stream } = aBackend();
    const leader = openTab();
    const { begin, onInterrupted, onClosed } = await stream();
    const follower = openTab();
    begin(1);
    await waitFor(() => expect(follower.seen).toContain("ready"));
    onInterrupted();
    begin(1);
    onClosed();
    const end = ["interrupted", "open", "progress 1", "ready"];
    expect(leader.seen.slice(-5)).toEqual([...end, "closed"]);
    await waitFor(() => expect(follower.seen.slice(-5)).toEqual([...end, "interrupted"]));
  });

  it("is left by a tab when another says that somebody else is signed in", async () => {
    const name = crypto.randomUUID();
    const changes: string[] = [];
    const leave = [
      announceViewer(name, "anna", () => changes.push("anna")),
      announceViewer(name, "anna", () => changes.push("anna too")),
      announceViewer(name, "ben", () => changes.push("ben")),
    ];
    await waitFor(() => expect(changes).toEqual(["anna", "anna too"]));
    for (const stop of leave) stop();
  });

  it("says that it is closed where there are no streams", async () => {
    const seen: string[] = [];
    const open = shareFeed(() => {
      throw new TypeError("There is no EventSource on this platform.");
    }, crypto.randomUUID());
    const close = open({
      onOpen: () => seen.push("open"),
      onInterrupted: () => seen.push("interrupted"),
      onClosed: () => seen.push("closed"),
      onEvent: () => {},
    });
    await waitFor(() => expect(seen).toEqual(["closed"]));
    close();
  });
});
