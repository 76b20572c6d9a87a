import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { activeSyncsOf } from "../../src/client/active-syncs.js";
import { SyncClient } from "../../src/client/sync-client.js";
import type { SyncClientOptions } from "../../src/client/sync-client-options.js";
import { encodeReady, encodeRemoved } from "../../src/protocol/feed.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { isTerminalStatus } from "../../src/protocol/status.js";
import { encodeSyncPage } from "../../src/protocol/sync-page.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { FakeSource } from "./a-client.js";

/** A backend with a feed, whose streams are made by the test: `syncs` is what it has. */
function aFeedBackend(options: SyncClientOptions = {}) {
  const syncs = new Map<string, Partial<SyncSnapshot>>();
  const sources: FakeSource[] = [];
  const requests: string[] = [];
  const server = { viewer: "anna", hasFeed: true, isUp: true };
  const snapshotOf = (syncId: string) => aSnapshot({ capabilities: ["cancel"], ...syncs.get(syncId), syncId });
  const isActive = (syncId: string) => !isTerminalStatus(snapshotOf(syncId).status);

  const respond = (url: string, method: string): Response => {
    if (!server.isUp) return new Response("", { status: 503 });
    if (method === "POST") {
      syncs.set("started", { status: "queued", seq: 1 });
      return Response.json({ success: true, sync_id: "started" }, { status: 202 });
    }
    if (url.includes("?")) {
      const active = [...syncs.keys()].filter(isActive).map(snapshotOf);
      return Response.json(encodeSyncPage({ ...server, syncs: active, nextCursor: null }));
    }
    const syncId = url.split("/").at(-1) ?? "";
    if (!syncs.has(syncId)) return Response.json({ success: false }, { status: 404 });
    return Response.json({ success: true, progress: encodeSnapshot(snapshotOf(syncId)) });
  };
  const client = new SyncClient({
    createEventSource: (url, { withCredentials }) => {
      const source = new FakeSource(url, withCredentials);
      sources.push(source);
      return source;
    },
    fetch: async (input, init) => {
      requests.push(`${init?.method} ${String(input)}`);
      return respond(String(input), init?.method ?? "GET");
    },
    keepAliveMs: 10,
    ...options,
  });
  const isFeed = ({ url }: FakeSource) => url.endsWith("/sync-progress/stream");
  const feed = () => {
    const source = sources.findLast((one) => isFeed(one) && !one.isClosed);
    if (source === undefined) throw new Error("no feed is open");
    return source;
  };
  const openStreams = () => sources.filter((one) => !one.isClosed).map(({ url }) => url.split("/").slice(-2).join("/"));
  const change = (syncId: string, snapshot: Partial<SyncSnapshot>) => syncs.set(syncId, snapshot);
  const send = (syncId: string) =>
    feed().emit("progress", { data: JSON.stringify(encodeSnapshot(snapshotOf(syncId))) });
  const ready = (given: { isReset?: boolean; omitted?: number; viewer?: string } = {}) =>
    feed().emit("ready", { data: encodeReady({ isReset: true, omitted: 0, viewer: server.viewer, ...given }) });
  const openFeed = (...sent: readonly string[]) => {
    feed().emit("open");
    for (const syncId of sent) send(syncId);
    ready();
  };
  return { client, server, sources, requests, feed, openStreams, change, send, ready, openFeed };
}

type Backend = ReturnType<typeof aFeedBackend>;

const settle = () => vi.advanceTimersByTimeAsync(0);
/** Lets the code of the feed be loaded, which takes real time the first time. */
async function loadFeed({ feed }: Backend) {
  await vi.waitFor(async () => {
    await settle();
    feed();
  });
}
const watch = ({ client }: Backend, ...syncIds: readonly string[]) =>
  syncIds.map((syncId) => client.subscribe(syncId, () => {}));
const listRequests = ({ requests }: Backend) => requests.filter((request) => request.includes("active=true"));

/** Watches syncs that run, over the feed. */
async function watchByFeed(backend: Backend, ...syncIds: readonly string[]) {
  for (const syncId of syncIds) backend.change(syncId, { status: "syncing", seq: 1, processedItems: 1 });
  const active = activeSyncsOf(backend.client);
  const leave = active.subscribe(() => {});
  await loadFeed(backend);
  backend.openFeed(...syncIds);
  await settle();
  return { active, leave };
}

describe("the feed", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("takes over from the streams of single syncs once the backend is known to have it", async () => {
    const backend = aFeedBackend();
    const { client, sources } = backend;
    for (const syncId of ["a", "b"]) backend.change(syncId, { status: "syncing", seq: 1 });
    watch(backend, "a", "b");
    expect(backend.openStreams()).toEqual(["a/stream", "b/stream"]);
    sources[0]?.emit("open");
    sources[0]?.send({ syncId: "a", capabilities: ["cancel"] });
    await loadFeed(backend);
    expect(backend.openStreams()).toEqual(["a/stream", "b/stream", "sync-progress/stream"]);
    expect(client.getView("a")?.connection).toBe("live");

    backend.openFeed("a", "b");
    await settle();
    expect(backend.openStreams()).toEqual(["sync-progress/stream"]);
    expect(["a", "b"].map((syncId) => client.getView(syncId)?.connection)).toEqual(["live", "live"]);
    expect(listRequests(backend)).toHaveLength(1);
  });

  it("is not asked for from a backend whose snapshots have no capabilities, as older ones", async () => {
    const backend = aFeedBackend();
    watch(backend, "a");
    backend.sources[0]?.send({ syncId: "a", capabilities: null });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(listRequests(backend)).toEqual([]);
  });

  it("closes the streams of single syncs for a list that does not come, and opens them again without a feed", async () => {
    const list = Promise.withResolvers<Response>();
    const backend = aFeedBackend({ fetch: () => list.promise });
    watch(backend, "a", "b");
    backend.sources[0]?.emit("open");
    backend.sources[0]?.send({ syncId: "a", status: "syncing", capabilities: ["cancel"] });
    expect(backend.openStreams()).toEqual(["a/stream", "b/stream"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(backend.openStreams()).toEqual([]);
    expect(backend.client.getView("a")).toMatchObject({ connection: "reconnecting", status: "syncing", error: null });
    list.resolve(new Response("", { status: 503 }));
    await settle();
    expect(backend.openStreams()).toEqual(["a/stream", "b/stream"]);
  });

  it("is not used if the list does not say that there is one, or the option forbids it", async () => {
    for (const options of [{}, { feed: false }]) {
      const backend = aFeedBackend(options);
      backend.server.hasFeed = false;
      watch(backend, "a");
      backend.sources[0]?.send({ syncId: "a", capabilities: ["cancel"] });
      await vi.advanceTimersByTimeAsync(1_000);
      expect(backend.openStreams()).toEqual(["a/stream"]);
    }
  });

  it("serves 30 syncs by one connection, each with its own state", async () => {
    const backend = aFeedBackend();
    const ids = Array.from({ length: 30 }, (_, index) => `sync-${index}`);
    await watchByFeed(backend, ...ids);
    expect(backend.openStreams()).toEqual(["sync-progress/stream"]);
    backend.change("sync-7", { status: "syncing", seq: 2, processedItems: 70 });
    backend.send("sync-7");
    await vi.advanceTimersByTimeAsync(100);
    expect(backend.client.getView("sync-7")?.snapshot?.processedItems).toBe(70);
    expect(backend.client.getView("sync-8")?.snapshot?.processedItems).toBe(1);
    expect(backend.client.syncs.getAll()).toHaveLength(30);
  });

  it("brings what was started elsewhere, and a sync that this client starts without a stream of its own", async () => {
    const backend = aFeedBackend();
    const { active } = await watchByFeed(backend, "a");
    backend.change("elsewhere", { status: "syncing", seq: 1 });
    backend.send("elsewhere");
    const started = await backend.client.startSync("gmail");
    watch(backend, started);
    backend.send(started);
    await settle();
    expect(
      active
        .getState()
        .syncs.map(({ syncId }) => syncId)
        .sort(),
    ).toEqual(["a", "elsewhere", "started"]);
    expect(backend.sources).toHaveLength(1);
    expect(backend.client.getView("started")?.connection).toBe("live");
  });

  it("leaves a started sync that it does not bring within a second to a stream of its own", async () => {
    const backend = aFeedBackend();
    await watchByFeed(backend, "a");
    watch(backend, await backend.client.startSync("gmail"));
    await settle();
    expect(backend.openStreams()).toEqual(["sync-progress/stream"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(backend.openStreams()).toEqual(["sync-progress/stream", "started/stream"]);
    backend.send("started");
    await settle();
    expect(backend.openStreams()).toEqual(["sync-progress/stream"]);
  });

  it("leaves a sync that it does not have, as one that ended long ago, to a stream of its own", async () => {
    const backend = aFeedBackend();
    await watchByFeed(backend, "a");
    watch(backend, "old");
    const single = backend.sources.at(-1);
    expect(single?.url).toContain("old/stream");
    single?.send({ syncId: "old", status: "complete" });
    expect(backend.client.getView("old")).toMatchObject({ status: "complete", connection: "closed" });
    expect(backend.openStreams()).toEqual(["sync-progress/stream"]);
  });

  it("closes a sync that ends, and goes on with the others", async () => {
    const backend = aFeedBackend();
    await watchByFeed(backend, "a", "b");
    backend.change("a", { status: "complete", seq: 2 });
    backend.send("a");
    await settle();
    expect(backend.client.getView("a")).toMatchObject({ status: "complete", connection: "closed", percent: 100 });
    expect(backend.client.getView("b")).toMatchObject({ isRunning: true, connection: "live" });
  });

  it("shows in every sync that it was interrupted, and takes the whole state after it", async () => {
    const backend = aFeedBackend();
    const { client } = backend;
    await watchByFeed(backend, "a", "b");
    backend.feed().emit("error");
    expect(client.getView("a")?.connection).toBe("reconnecting");
    expect(client.getView("b")?.connection).toBe("reconnecting");
    backend.change("a", { status: "error", seq: 9 });
    backend.openFeed("a", "b");
    await settle();
    expect(client.getView("a")).toMatchObject({ status: "error", connection: "closed" });
    expect(client.getView("b")?.connection).toBe("live");
  });

  it("finds out what became of a sync that is missing after it reconnected", async () => {
    const backend = aFeedBackend();
    await watchByFeed(backend, "a", "b");
    backend.feed().emit("error");
    backend.openFeed("b");
    await settle();
    expect(backend.openStreams()).toEqual(["sync-progress/stream", "a/stream"]);
    backend.sources.at(-1)?.send({ syncId: "a", status: "complete", seq: 5 });
    expect(backend.client.getView("a")?.status).toBe("complete");
  });

  it("keeps all syncs when the server says that nothing else has changed", async () => {
    const backend = aFeedBackend();
    await watchByFeed(backend, "a", "b");
    backend.feed().emit("error");
    backend.feed().emit("open");
    backend.send("b");
    backend.ready({ isReset: false });
    await settle();
    expect(backend.openStreams()).toEqual(["sync-progress/stream"]);
    expect(backend.client.getView("a")?.connection).toBe("live");
  });

  it("loads the list for what the server had to leave out", async () => {
    const backend = aFeedBackend();
    for (const syncId of ["a", "b", "c"]) backend.change(syncId, { status: "syncing", seq: 1 });
    activeSyncsOf(backend.client).subscribe(() => {});
    await loadFeed(backend);
    backend.feed().emit("open");
    backend.send("a");
    backend.ready({ omitted: 2 });
    await vi.advanceTimersByTimeAsync(100);
    const views = ["a", "b", "c"].map((syncId) => backend.client.getView(syncId));
    expect(views.map((view) => [view?.connection, view?.status])).toEqual(Array(3).fill(["live", "syncing"]));
    expect(backend.openStreams()).toEqual(["sync-progress/stream"]);
  });

  it("polls the list, one request for all, while its stream cannot be opened", async () => {
    const backend = aFeedBackend({ openTimeoutMs: 100, pollIntervalMs: 500 });
    backend.change("a", { status: "syncing", seq: 1 });
    backend.change("b", { status: "syncing", seq: 1 });
    activeSyncsOf(backend.client).subscribe(() => {});
    await loadFeed(backend);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(backend.client.getView("a")).toMatchObject({ connection: "polling", status: "syncing" });
    const before = backend.requests.length;
    backend.change("b", { status: "syncing", seq: 2, processedItems: 50 });
    await vi.advanceTimersByTimeAsync(500);
    expect(backend.client.getView("b")?.snapshot?.processedItems).toBe(50);
    expect(backend.requests.length - before).toBe(1);
  });

  it("says of every sync when the server cannot be reached, and when nobody is signed in", async () => {
    const backend = aFeedBackend({ openTimeoutMs: 100 });
    await watchByFeed(backend, "a", "b");
    backend.server.isUp = false;
    backend.feed().giveUp();
    await settle();
    expect(backend.client.getView("a")).toMatchObject({ connection: "reconnecting", error: null });
    expect(backend.client.getView("b")?.retryAt).not.toBeNull();
  });

  it("marks a sync as stalled that has not moved while the others have, when the list confirms it", async () => {
    const backend = aFeedBackend({ stallTimeoutMs: 1_000 });
    await watchByFeed(backend, "a", "b");
    for (let seq = 2; seq < 20; seq += 1) {
      backend.change("b", { status: "syncing", seq, processedItems: seq });
      backend.send("b");
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(backend.client.getView("a")?.isStalled).toBe(true);
    expect(backend.client.getView("b")?.isStalled).toBe(false);
    backend.change("a", { status: "syncing", seq: 2, processedItems: 2 });
    backend.send("a");
    await vi.advanceTimersByTimeAsync(100);
    expect(backend.client.getView("a")?.isStalled).toBe(false);
  });

  it("forgets a sync that was deleted", async () => {
    const backend = aFeedBackend();
    await watchByFeed(backend, "a", "b");
    backend.feed().emit("removed", { data: encodeRemoved("a") });
    expect(backend.openStreams()).toEqual(["sync-progress/stream", "a/stream"]);
  });

  it("closes when nobody looks any more, and asks again before it is opened for somebody", async () => {
    const backend = aFeedBackend();
    const { leave } = await watchByFeed(backend, "a");
    leave();
    await vi.advanceTimersByTimeAsync(100);
    expect(backend.openStreams()).toEqual([]);
    const before = listRequests(backend).length;
    watch(backend, "a");
    expect(backend.openStreams()).toEqual([]);
    await loadFeed(backend);
    expect(backend.openStreams()).toEqual(["sync-progress/stream"]);
    expect(listRequests(backend)).toHaveLength(before + 1);
  });

  it("shows nothing of another person who has signed in meanwhile", async () => {
    const backend = aFeedBackend();
    const { active } = await watchByFeed(backend, "a");
    backend.server.viewer = "ben";
    backend.change("b", { status: "syncing", seq: 1 });
    backend.feed().emit("error");
    backend.feed().emit("open");
    backend.send("b");
    backend.ready();
    expect(backend.client.getView("b")).toBeUndefined();
    expect(active.getState().syncs.map(({ syncId }) => syncId)).toEqual(["a"]);
  });

  it("lets syncs that came by the list wait for a frame like all others, unless their status is new", async () => {
    const backend = aFeedBackend();
    for (const syncId of ["left out", "ending"]) backend.change(syncId, { status: "syncing", seq: 1 });
    await watchByFeed(backend, "a");
    backend.ready({ omitted: 2 });
    await settle();
    expect(backend.client.getView("left out")?.connection).toBe("live");
    const frames: (() => void)[] = [];
    vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
    vi.stubGlobal("cancelAnimationFrame", () => frames.splice(0));
    const send = (syncId: string, snapshot: Partial<SyncSnapshot>) => {
      backend.change(syncId, { status: "syncing", ...snapshot });
      backend.send(syncId);
    };
    send("a", { seq: 2 });
    frames.pop()?.();

    send("left out", { seq: 2 });
    expect(frames).toHaveLength(0);
    send("ending", { seq: 2, status: "complete" });
    expect(frames).toHaveLength(1);
    frames.pop()?.();
    expect(backend.client.getView("left out")?.snapshot?.seq).toBe(2);
    expect(backend.client.getView("ending")?.isTerminal).toBe(true);
    vi.unstubAllGlobals();
  });

  it("tries again at once for all when one is asked to reconnect", async () => {
    const backend = aFeedBackend();
    await watchByFeed(backend, "a", "b");
    backend.feed().emit("error");
    const before = backend.sources.length;
    backend.client.reconnect("b");
    expect(backend.sources).toHaveLength(before + 1);
    backend.openFeed("a", "b");
    await settle();
    expect(backend.client.getView("a")?.connection).toBe("live");
  });
});
