import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ActiveSyncs, activeSyncsOf } from "../../src/client/active-syncs.js";
import { encodeReady } from "../../src/protocol/feed.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { encodeSyncPage } from "../../src/protocol/sync-page.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { aClient, snapshotResponse } from "./a-client.js";

const page = (syncs: Partial<SyncSnapshot>[], given: { nextCursor?: string; hasFeed?: boolean } = {}) =>
  Response.json(
    encodeSyncPage({ syncs: syncs.map(aSnapshot), nextCursor: null, hasFeed: false, viewer: null, ...given }),
  );

/** Active syncs over a list that the test gives; streams are made by the test. */
function open(respondToList: (url: string) => Response) {
  const made = aClient({ feed: true }, (url, { method }) => {
    if (method === "POST") return Response.json({ success: true, sync_id: "started" }, { status: 202 });
    return url.includes("?active=true") ? respondToList(url) : snapshotResponse();
  });
  const active = activeSyncsOf(made.client);
  const ids = () => active.getState().syncs.map(({ syncId }) => syncId);
  const send = (syncId: string, snapshot: Partial<SyncSnapshot>) => {
    const source = made.sources.findLast(({ url }) => url.includes(syncId));
    source?.emit("progress", { data: JSON.stringify(encodeSnapshot(aSnapshot({ syncId, ...snapshot }))) });
  };
  return { ...made, active, ids, send };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const listen = (active: ActiveSyncs) => active.subscribe(() => {});

describe("the active syncs", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("are those of the list, the oldest first, over all its pages", async () => {
    const { active, ids, send } = open((url) =>
      url.includes("cursor=2")
        ? page([{ syncId: "a", startedAt: 1_000 }])
        : page([{ syncId: "b", startedAt: 2_000 }], { nextCursor: "2" }),
    );
    expect(active.getState()).toEqual({ syncs: [], isLoading: true, error: null });
    listen(active);
    await settle();
    send("a", { status: "syncing", startedAt: 1_000 });
    send("b", { status: "syncing", startedAt: 2_000 });
    await settle();
    expect(ids()).toEqual(["a", "b"]);
    expect(active.getState()).toMatchObject({ isLoading: false, error: null });
  });

  it("are one list for all that look, and nothing is watched when nobody does", async () => {
    const { active, client, requests } = open(() => page([{ syncId: "a" }]));
    const leave = [listen(active), listen(active)];
    await settle();
    expect(requests.filter((request) => request.includes("active"))).toHaveLength(1);
    for (const unsubscribe of leave) unsubscribe();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(client.syncs.getAll()).toEqual([]);
  });

  it("have what this client starts at once, and what others start with the next list", async () => {
    let others: Partial<SyncSnapshot>[] = [];
    const { active, client, ids } = open(() => page(others));
    listen(active);
    await settle();
    await client.startSync("gmail");
    expect(ids()).toEqual(["started"]);
    others = [{ syncId: "elsewhere" }];
    await vi.advanceTimersByTimeAsync(15_000);
    expect(ids()).toContain("elsewhere");
  });

  it("request no list at intervals from a backend that reports new syncs by a feed", async () => {
    const { active, requests, last } = open(() => page([], { hasFeed: true }));
    listen(active);
    // Longer than the interval, and shorter than the silence after which the feed itself would request the list.
    await vi.advanceTimersByTimeAsync(0);
    const feed = await vi.waitFor(async () => {
      await settle();
      return last();
    });
    feed.emit("open");
    feed.emit("ready", { data: encodeReady({ isReset: true, omitted: 0, viewer: null }) });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(requests.filter((request) => request.includes("active"))).toHaveLength(1);
  });

  it("keep a sync that ended well for 30 s, and one with failures until it is dismissed", async () => {
    let running: Partial<SyncSnapshot>[] = [{ syncId: "good" }, { syncId: "partly" }, { syncId: "bad" }];
    const { active, ids, send } = open(() => page(running));
    listen(active);
    await settle();
    running = [];
    send("good", { status: "complete" });
    send("partly", { status: "complete", failedItems: 1 });
    send("bad", { status: "error" });
    expect(new Set(ids())).toEqual(new Set(["good", "partly", "bad"]));
    await vi.advanceTimersByTimeAsync(31_000);
    expect(new Set(ids())).toEqual(new Set(["partly", "bad"]));
    active.dismiss("bad");
    expect(ids()).toEqual(["partly"]);
  });

  it("have no old sync that somebody looks at, but one that turns out to run", async () => {
    const { active, client, ids, send } = open(() => page([]));
    listen(active);
    await settle();
    client.subscribe("old", () => {});
    client.subscribe("running", () => {});
    send("old", { status: "error" });
    send("running", { status: "syncing" });
    expect(ids()).toEqual(["running"]);
  });

  it("do not dismiss what runs", async () => {
    const { active, ids, send } = open(() => page([{ syncId: "a" }]));
    listen(active);
    await settle();
    send("a", { status: "syncing" });
    active.dismiss("a");
    expect(ids()).toEqual(["a"]);
  });

  it("say why the list cannot be loaded, and try again", async () => {
    let isUp = false;
    const { active, ids } = open(() => (isUp ? page([{ syncId: "a" }]) : new Response("", { status: 500 })));
    listen(active);
    await settle();
    expect(active.getState()).toMatchObject({ isLoading: false, error: { status: 500 } });
    isUp = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(active.getState().error).toBeNull();
    expect(ids()).toEqual(["a"]);
  });

  it("are what this tab has started, also before a reload, if the backend has no list", async () => {
    const stored = new Map<string, string>();
    vi.stubGlobal("sessionStorage", {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
    });
    try {
      const before = open(() => new Response("", { status: 404 }));
      listen(before.active);
      await before.client.startSync("gmail");

      const after = open(() => new Response("", { status: 404 }));
      listen(after.active);
      await settle();
      expect(after.ids()).toEqual(["started"]);
      after.send("started", { status: "complete" });

      const later = open(() => new Response("", { status: 404 }));
      listen(later.active);
      await settle();
      expect(later.ids()).toEqual([]);
      expect(later.active.getState()).toMatchObject({ isLoading: false, error: null });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("notify once for many changes at once", async () => {
    const { active, send } = open(() => page([{ syncId: "a" }, { syncId: "b" }]));
    let notifications = 0;
    active.subscribe(() => {
      notifications += 1;
    });
    await settle();
    notifications = 0;
    send("a", { status: "syncing" });
    send("b", { status: "syncing" });
    await settle();
    expect(notifications).toBe(1);
  });
});
