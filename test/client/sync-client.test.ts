import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reportCallbackError, SyncClient } from "../../src/client/sync-client.js";
import type { SyncClientOptions } from "../../src/client/sync-client-options.js";
import { SyncRequestError } from "../../src/client/sync-request.js";
import type { StreamSink, SyncTransport } from "../../src/client/sync-transport.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { aClient, FakeSource, snapshotResponse } from "./a-client.js";

const flush = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("watching", () => {
  it("opens one stream for all listeners, and notifies all of them", () => {
    const { client, sources, last } = aClient();
    const first = vi.fn();
    const second = vi.fn();
    client.subscribe("sync-1", first);
    client.subscribe("sync-1", second);
    expect(sources).toHaveLength(1);
    expect(last()).toMatchObject({ url: "/api/sync-progress/sync-1/stream", withCredentials: false });
    first.mockClear();
    last().send({ seq: 1 });
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).toHaveBeenCalled();
    expect(client.getView("sync-1")).toMatchObject({ status: "syncing", connection: "live" });
  });

  it("returns the same view until something changes", () => {
    const { client, last } = aClient();
    client.subscribe("sync-1", () => {});
    last().send({ seq: 2 });
    const view = client.getView("sync-1");
    expect(client.getView("sync-1")).toBe(view);
    last().send({ seq: 3 });
    expect(client.getView("sync-1")).not.toBe(view);
  });

  it("notifies nobody of a heartbeat", () => {
    const { client, last } = aClient();
    const listener = vi.fn();
    client.subscribe("sync-1", listener);
    last().send({ seq: 1 });
    listener.mockClear();
    const view = client.getView("sync-1");
    vi.advanceTimersByTime(15_000);
    last().emit("heartbeat", { data: "{}" });
    last().emit("heartbeat", { data: "{}" });
    expect(listener).not.toHaveBeenCalled();
    expect(client.getView("sync-1")).toBe(view);
    client.close();
  });

  it.each([1, null])("notifies nobody of polls that bring nothing new, but of what does, at seq %s", async (seq) => {
    let given: Partial<SyncSnapshot> = { seq, status: "paused" };
    const { client, requests } = aClient(
      {
        createEventSource: () => {
          throw new Error("no stream here");
        },
      },
      () => snapshotResponse(given),
    );
    const listener = vi.fn();
    client.subscribe("sync-1", listener);
    await flush();
    const arrivedAt = Date.now();
    const view = client.getView("sync-1");
    expect(view).toMatchObject({ connection: "polling", lastUpdateAt: arrivedAt });
    listener.mockClear();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(requests).toHaveLength(11);
    expect(listener).not.toHaveBeenCalled();
    expect(client.getView("sync-1")).toBe(view);
    given = { seq: seq === null ? null : 2, status: "paused", processedItems: 1 };
    await vi.advanceTimersByTimeAsync(2_000);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(client.getView("sync-1")?.lastUpdateAt).toBe(arrivedAt + 22_000);
    client.close();
  });

  it("keeps the same error as long as the same is wrong", async () => {
    const { client } = aClient({ createEventSource: () => new FakeSource("", false) }, () => {
      throw new TypeError("fetch failed");
    });
    client.subscribe("sync-1", () => {});
    await vi.advanceTimersByTimeAsync(5_000);
    const first = client.getView("sync-1");
    expect(first?.error?.kind).toBe("unreachable");
    await vi.advanceTimersByTimeAsync(60_000);
    const later = client.getView("sync-1");
    expect(later).not.toBe(first);
    expect(later?.error).toBe(first?.error);
    client.close();
  });

  it("sends cookies to another origin if credentials say so", () => {
    const { client, last } = aClient({ credentials: "include", baseUrl: "https://api.test" });
    client.subscribe("sync-1", () => {});
    expect(last()).toMatchObject({ url: "https://api.test/sync-progress/sync-1/stream", withCredentials: true });
  });

  it("is kept for 2 s after the last listener, and then leaves nothing", () => {
    const { client, last } = aClient();
    const unsubscribe = client.subscribe("sync-1", () => {});
    const other = client.subscribe("sync-1", () => {});
    unsubscribe();
    unsubscribe();
    vi.advanceTimersByTime(2_500);
    expect(last().isClosed).toBe(false);
    other();
    vi.advanceTimersByTime(1_999);
    expect(last().isClosed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(last().isClosed).toBe(true);
    expect(client.getView("sync-1")).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("continues if somebody subscribes again in time", () => {
    const { client, sources } = aClient({ keepAliveMs: 100 });
    client.subscribe("sync-1", () => {})();
    vi.advanceTimersByTime(99);
    const unsubscribe = client.subscribe("sync-1", () => {});
    vi.advanceTimersByTime(500);
    expect(sources).toHaveLength(1);
    expect(sources[0]?.isClosed).toBe(false);
    unsubscribe();
  });

  it("ends at once when the client is closed, which can be used again", () => {
    const { client, sources, last } = aClient();
    const unsubscribe = client.subscribe("sync-1", () => {});
    client.close();
    expect(last().isClosed).toBe(true);
    unsubscribe();
    expect(vi.getTimerCount()).toBe(0);
    client.subscribe("sync-1", () => {});
    expect(sources).toHaveLength(2);
    expect(last().isClosed).toBe(false);
    client.close();
  });

  it("ends with the sync, and requests nothing after it", async () => {
    const { client, last, requests } = aClient();
    client.subscribe("sync-1", () => {});
    last().send({ status: "complete", seq: 9 });
    expect(last().isClosed).toBe(true);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(requests).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("survives a listener that throws, and reports it", () => {
    const { client, last, diagnostics } = aClient();
    const other = vi.fn();
    client.subscribe("sync-1", () => {
      throw new RangeError("my listener");
    });
    client.subscribe("sync-1", other);
    other.mockClear();
    last().send({ seq: 1 });
    expect(other).toHaveBeenCalledTimes(1);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ reason: "callback-failed", detail: "RangeError: my listener" }),
    );
  });

  it("requests a snapshot when the stream gives up, and opens another", async () => {
    const { client, last, sources, requests } = aClient();
    client.subscribe("sync-1", () => {});
    last().giveUp();
    await flush();
    expect(requests).toEqual(["GET /api/sync-progress/sync-1"]);
    expect(client.getView("sync-1")?.status).toBe("syncing");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sources).toHaveLength(2);
    client.close();
  });

  it("polls if there is no EventSource, or it cannot be created", async () => {
    for (const createEventSource of [
      undefined,
      () => {
        throw new SyntaxError("bad URL");
      },
    ]) {
      const { client, requests, diagnostics } = aClient({ createEventSource });
      client.subscribe("sync-1", () => {});
      await vi.advanceTimersByTimeAsync(4_000);
      expect(client.getView("sync-1")?.connection).toBe("polling");
      expect(requests.length).toBe(3);
      expect(diagnostics.map(({ reason }) => reason)).toContain("stream-unsupported");
      client.close();
    }
  });

  it("reports an unreachable server if there is no fetch", async () => {
    vi.stubGlobal("fetch", undefined);
    const { client, last } = aClient({ fetch: undefined });
    client.subscribe("sync-1", () => {});
    last().giveUp();
    await flush();
    expect(client.getView("sync-1")?.error?.kind).toBe("unreachable");
    client.close();
    vi.unstubAllGlobals();
  });

  it("aborts a request when nobody waits for it", async () => {
    let signal: AbortSignal | null | undefined;
    const { client, last } = aClient({
      fetch: (_, init) => {
        signal = init?.signal;
        return new Promise(() => {});
      },
    });
    client.subscribe("sync-1", () => {});
    last().giveUp();
    expect(signal?.aborted).toBe(false);
    client.close();
    expect(signal?.aborted).toBe(true);
  });
});

describe("trying now", () => {
  it("opens another stream at once", () => {
    const { client, sources } = aClient();
    client.subscribe("sync-1", () => {});
    client.reconnect("sync-1");
    client.reconnect("unknown");
    expect(sources.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    client.close();
  });
});

describe("expired credentials", () => {
  it("are renewed once for many watches, which then go on", async () => {
    let isSignedIn = false;
    const renewal = Promise.withResolvers<void>();
    const onUnauthorized = vi.fn(() => renewal.promise);
    const { client, sources } = aClient({ onUnauthorized, maxStreams: 20 }, () =>
      isSignedIn ? snapshotResponse() : Response.json({}, { status: 401 }),
    );
    const ids = Array.from({ length: 20 }, (_, index) => `sync-${index}`);
    for (const id of ids) client.subscribe(id, () => {});
    for (const source of [...sources]) source.giveUp();
    await flush();
    expect(onUnauthorized).toHaveBeenCalledTimes(1);
    isSignedIn = true;
    renewal.resolve();
    await flush();
    expect(sources).toHaveLength(40);
    for (const id of ids) expect(client.getView(id)?.error).toBeNull();
    client.close();
  });

  it.each<[string, SyncClientOptions["onUnauthorized"]]>([
    ["there is no way to renew them", undefined],
    ["the renewal rejects", () => Promise.reject(new Error("no"))],
    [
      "the renewal throws",
      () => {
        throw new Error("no");
      },
    ],
  ])("end the watch when %s", async (_, onUnauthorized) => {
    const { client, last, sources } = aClient({ onUnauthorized }, () =>
      Response.json({ error: "Signed out." }, { status: 401 }),
    );
    client.subscribe("sync-1", () => {});
    last().giveUp();
    await flush();
    expect(client.getView("sync-1")).toMatchObject({ connection: "closed", error: { kind: "unauthorized" } });
    expect(sources).toHaveLength(1);
    client.close();
  });

  it("are renewed for a command as well, which is then given again", async () => {
    let isSignedIn = false;
    const onUnauthorized = async () => {
      isSignedIn = true;
    };
    const { client, requests } = aClient({ onUnauthorized }, () =>
      isSignedIn
        ? Response.json({ success: true, sync_id: "new" }, { status: 202 })
        : Response.json({}, { status: 401 }),
    );
    expect(await client.startSync("gmail")).toBe("new");
    expect(requests).toHaveLength(2);
  });

  it("refuse a command if they cannot be renewed", async () => {
    const { client, requests } = aClient({}, () => Response.json({ error: "Signed out." }, { status: 403 }));
    await expect(client.startSync("gmail")).rejects.toMatchObject({ status: 403, message: "Signed out." });
    expect(requests).toHaveLength(1);
  });
});

describe("the commands", () => {
  it("start a sync with their options", async () => {
    const bodies: unknown[] = [];
    const { client, requests } = aClient({}, (_, init) => {
      bodies.push(JSON.parse(String(init.body)));
      return Response.json({ success: true, sync_id: "new" }, { status: 202 });
    });
    expect(await client.startSync("gmail", { fullSync: true, since: "2026-01-01T00:00:00Z" })).toBe("new");
    expect(await client.startSync("gmail")).toBe("new");
    expect(await client.retry("sync-1", { only: "failed" })).toBe("new");
    expect(bodies).toEqual([{ full_sync: true, since: "2026-01-01T00:00:00Z" }, {}, { only: "failed" }]);
    expect(requests).toEqual([
      "POST /api/integrations/gmail/sync",
      "POST /api/integrations/gmail/sync",
      "POST /api/sync-progress/sync-1/retry",
    ]);
  });

  it("return the sync that is already running", async () => {
    const { client } = aClient({}, () => Response.json({ success: false, sync_id: "running" }, { status: 409 }));
    expect(await client.startSync("gmail")).toBe("running");
  });

  it.each([
    [409, { success: false, error: "Not now." }, "Not now."],
    [500, { sync_id: "x", error: "Broken." }, "Broken."],
  ])("reject with what the server says: %s", async (status, body, message) => {
    const { client } = aClient({}, () => Response.json(body, { status }));
    await expect(client.startSync("gmail")).rejects.toMatchObject({ name: "SyncRequestError", status, message });
  });

  it("reject if the response cannot be used", async () => {
    const { client } = aClient({}, () => new Response("<html>"));
    await expect(client.startSync("gmail")).rejects.toThrow(
      "The response of /api/integrations/gmail/sync cannot be used: not valid JSON",
    );
    await expect(client.getIntegrations()).rejects.toThrow("cannot be used");
  });

  it("show at once what the server responds", async () => {
    const { client, last, requests } = aClient({}, () =>
      Response.json(encodeSnapshot(aSnapshot({ status: "paused", seq: 5 }))),
    );
    client.subscribe("sync-1", () => {});
    last().send({ seq: 4 });
    await client.pause("sync-1");
    expect(client.getView("sync-1")?.status).toBe("paused");
    await client.resume("sync-1");
    await client.cancel("sync-2");
    expect(requests).toEqual([
      "POST /api/sync-progress/sync-1/pause",
      "POST /api/sync-progress/sync-1/resume",
      "POST /api/sync-progress/sync-2/cancel",
    ]);
    client.close();
  });

  it("read the integrations and the failures", async () => {
    const { client, requests } = aClient({}, (url) =>
      url.includes("failures")
        ? Response.json({ failures: [{ item: "a", reason: "b" }], next_cursor: "2" })
        : Response.json({ integrations: [{ type: "gmail" }] }),
    );
    expect(await client.getIntegrations()).toMatchObject([{ type: "gmail" }]);
    expect(await client.getFailures("sync-1", { cursor: "1", limit: 5 })).toMatchObject({ nextCursor: "2" });
    expect(requests.at(-1)).toBe("GET /api/sync-progress/sync-1/failures?cursor=1&limit=5");
    await client.getFailures("sync-1", { search: "a b" });
    expect(requests.at(-1)).toBe("GET /api/sync-progress/sync-1/failures?q=a+b");
  });

  it("list the syncs of an integration and a result, and say whether there is a feed of all", async () => {
    const { client, requests } = aClient({ feed: true }, () => Response.json({ syncs: [], feed: true, viewer: "v" }));
    expect(await client.listSyncs({ type: "gmail", result: ["failed", "partly_failed"] })).toEqual({
      syncs: [],
      nextCursor: null,
      hasFeed: true,
      viewer: "v",
    });
    expect(requests).toEqual(["GET /api/sync-progress?type=gmail&result=failed%2Cpartly_failed"]);
  });

  it("say whether the person wants a mail, which the view shows", async () => {
    const bodies: unknown[] = [];
    const { client, requests, last } = aClient({}, (_, { body }) => {
      bodies.push(body);
      return Response.json(encodeSnapshot(aSnapshot({ seq: 4, notifyEmail: true })));
    });
    client.subscribe("sync-1", () => {});
    last().send({ seq: 3, notifyEmail: false });
    await client.setNotify("sync-1", { email: true });
    expect([requests, bodies]).toEqual([["PUT /api/sync-progress/sync-1/notify"], ['{"email":true}']]);
    expect(client.getView("sync-1")?.snapshot?.notifyEmail).toBe(true);
    await client.setNotify("of-nobody-here", { email: true });
    client.close();
  });

  it("download a list as a file with the name that the server gives it, and know whether it was cut", async () => {
    const headers = { "content-disposition": 'attachment; filename="gmail-log.csv"', "x-sync-progress-cut": "true" };
    const { client, requests } = aClient({}, (url) =>
      url.endsWith("csv") ? new Response("a,b\r\n", { headers }) : new Response("{}\n"),
    );
    expect(await client.download("sync-1", "log", "csv")).toEqual({
      text: "a,b\r\n",
      isCut: true,
      fileName: "gmail-log.csv",
    });
    expect(await client.download("sync-1", "failures", "ndjson")).toEqual({
      text: "{}\n",
      isCut: false,
      fileName: "failures.ndjson",
    });
    expect(requests).toEqual([
      "GET /api/sync-progress/sync-1/log?format=csv",
      "GET /api/sync-progress/sync-1/failures?format=ndjson",
    ]);
  });
});

describe("the event channel", () => {
  it("reports when a sync starts here and when a watched one ends", async () => {
    const { client, last } = aClient({}, () => Response.json({ success: true, sync_id: "new" }, { status: 202 }));
    const onChange = vi.fn();
    const unsubscribe = client.syncs.subscribe(({ type }) => {
      if (type === "started" || type === "ended") onChange(type);
    });
    await client.startSync("gmail");
    expect(onChange).toHaveBeenCalledTimes(1);
    client.subscribe("sync-1", () => {});
    last().send({ seq: 1 });
    expect(onChange).toHaveBeenCalledTimes(1);
    last().send({ status: "complete", seq: 2 });
    expect(onChange).toHaveBeenCalledTimes(2);
    unsubscribe();
    await client.startSync("gmail");
    expect(onChange).toHaveBeenCalledTimes(2);
  });
});

describe("the syncs of a client", () => {
  it("are listed while somebody watches them, with every change of theirs as an event", () => {
    const { client, sources } = aClient({ keepAliveMs: 50 });
    const events: string[] = [];
    const unsubscribe = client.syncs.subscribe((event) => {
      if (event.type === "decision" || event.type === "message") return;
      const syncId = "view" in event ? event.view.syncId : event.syncId;
      events.push(`${event.type} ${syncId}`);
    });
    const leave = client.subscribe("sync-1", () => {});
    client.subscribe("sync-2", () => {});
    expect(client.syncs.getAll().map(({ syncId }) => syncId)).toEqual(["sync-1", "sync-2"]);
    sources[0]?.send({ seq: 1 });
    sources[0]?.send({ seq: 2, status: "complete" });
    expect(client.syncs.getAll()[0]).toBe(client.getView("sync-1"));
    leave();
    vi.advanceTimersByTime(50);
    expect(client.syncs.getAll().map(({ syncId }) => syncId)).toEqual(["sync-2"]);
    unsubscribe();
    client.close();
    expect(events).toEqual([
      "added sync-1",
      "updated sync-1",
      "added sync-2",
      "updated sync-2",
      "updated sync-1",
      "ended sync-1",
      "removed sync-1",
    ]);
  });

  it("report their decisions to later subscribers", () => {
    const { client, last } = aClient();
    client.subscribe("sync-1", () => {});
    const reasons: string[] = [];
    client.syncs.subscribe((event) => {
      if (event.type === "decision") reasons.push(event.reason);
    });
    last().send({ seq: 1, status: "complete" });
    expect(reasons).toEqual(["stream-live", "terminal"]);
    client.close();
  });

  it("reach every listener when one of them throws at the end of a sync, and the stream is closed", () => {
    const report = vi.fn();
    vi.stubGlobal("reportError", report);
    const { client, last } = aClient();
    const error = new Error("my list");
    client.syncs.subscribe(() => {
      throw error;
    });
    const events = vi.fn();
    client.syncs.subscribe(({ type }) => events(type));
    const listener = vi.fn();
    client.subscribe("sync-1", listener);
    listener.mockClear();
    last().send({ seq: 1, status: "complete" });
    expect(events).toHaveBeenCalledWith("ended");
    expect(listener).toHaveBeenCalledTimes(1);
    expect(last().isClosed).toBe(true);
    expect(report).toHaveBeenCalledWith(error);
    vi.unstubAllGlobals();
    client.close();
  });

  it("pass on what the server says only to who wants the messages, before anything is made of it", () => {
    const { client, last } = aClient();
    const events: string[] = [];
    const without = vi.fn();
    client.syncs.subscribe(({ type }) => without(type));
    const unsubscribe = client.syncs.subscribe(
      (event) => events.push(event.type === "message" ? `${event.syncId} ${event.name} ${event.data}` : event.type),
      { messages: true },
    );
    client.subscribe("sync-1", () => {});
    last().emit("heartbeat", { data: "{}" });
    last().emit("progress", { data: "not JSON" });
    last().emit("error", { data: '{"message":"out of memory"}' });
    expect(events.filter((event) => event.startsWith("sync-1"))).toEqual([
      "sync-1 heartbeat {}",
      "sync-1 progress not JSON",
      'sync-1 error {"message":"out of memory"}',
    ]);
    expect(events.indexOf("sync-1 progress not JSON")).toBeLessThan(events.lastIndexOf("decision"));
    unsubscribe();
    last().emit("heartbeat", { data: "{}" });
    expect(events.filter((event) => event.startsWith("sync-1"))).toHaveLength(3);
    expect(without).not.toHaveBeenCalledWith("message");
    client.close();
  });

  it("may be ended by a listener of their decisions", () => {
    const { client, sources } = aClient();
    client.syncs.subscribe((event) => {
      if (event.type === "decision") client.close();
    });
    client.subscribe("sync-1", () => {});
    expect(client.syncs.getAll()).toEqual([]);
    expect(sources).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a command", () => {
  const paused = () => Response.json(encodeSnapshot(aSnapshot({ status: "paused", seq: 5 })));

  it("is pending in the view until the server has responded, with the state it led to in the same change", async () => {
    const { client, last } = aClient({}, paused);
    client.subscribe("sync-1", () => {});
    last().send({ seq: 4 });
    const seen: unknown[] = [];
    client.subscribe("sync-1", () => {
      const view = client.getView("sync-1");
      seen.push([view?.status, view?.command?.status ?? null]);
    });
    const done = client.pause("sync-1");
    expect(client.getView("sync-1")?.command).toEqual({ name: "pause", status: "pending", error: null });
    await done;
    expect(seen).toEqual([
      ["syncing", "pending"],
      ["paused", "pending"],
      ["paused", null],
    ]);
    client.close();
  });

  it("that the server refuses shows why, until the next one", async () => {
    let isRefused = true;
    const { client, last } = aClient({}, () =>
      isRefused ? Response.json({ error: "Not now." }, { status: 409 }) : paused(),
    );
    client.subscribe("sync-1", () => {});
    last().send({ seq: 4 });
    await expect(client.pause("sync-1")).rejects.toMatchObject({ status: 409 });
    expect(client.getView("sync-1")?.command).toMatchObject({
      name: "pause",
      status: "failed",
      error: { kind: "refused", safeMessage: "Not now." },
    });
    isRefused = false;
    await client.pause("sync-1");
    expect(client.getView("sync-1")?.command).toBeNull();
    client.close();
  });

  it("that fails after the status has changed is no failure to show", async () => {
    const response = Promise.withResolvers<Response>();
    const { client, last } = aClient({ fetch: () => response.promise });
    client.subscribe("sync-1", () => {});
    last().send({ seq: 4 });
    const cancelled = client.cancel("sync-1");
    last().send({ seq: 5, status: "complete" });
    response.resolve(Response.json({}, { status: 409 }));
    await expect(cancelled).rejects.toMatchObject({ status: 409 });
    expect(client.getView("sync-1")).toMatchObject({ status: "complete", command: null });
    client.close();
  });

  it("given twice at once is requested once, and again when the first is done", async () => {
    const { client, last, requests } = aClient({}, paused);
    client.subscribe("sync-1", () => {});
    last().send({ seq: 4 });
    await Promise.all([client.pause("sync-1"), client.pause("sync-1"), client.pause("sync-2")]);
    expect(requests).toHaveLength(2);
    await client.pause("sync-1");
    expect(requests).toHaveLength(3);
    client.close();
  });

  it("to retry that is given twice at once starts one sync", async () => {
    const { client, requests } = aClient({}, () => Response.json({ sync_id: "new" }, { status: 202 }));
    const started = vi.fn();
    client.syncs.subscribe(({ type }) => type === "started" && started());
    expect(await Promise.all([client.retry("sync-1"), client.retry("sync-1")])).toEqual(["new", "new"]);
    expect(requests).toHaveLength(1);
    expect(started).toHaveBeenCalledTimes(1);
    await client.retry("sync-1", { only: "failed" });
    expect(requests).toHaveLength(2);
  });

  it("that is followed by another leaves the view to that", async () => {
    const responses = [Promise.withResolvers<Response>(), Promise.withResolvers<Response>()];
    let requests = 0;
    const { client, last } = aClient({
      fetch: () => responses[requests++]?.promise ?? Promise.reject(new Error("no more")),
    });
    client.subscribe("sync-1", () => {});
    last().send({ seq: 4 });
    const first = client.pause("sync-1");
    const second = client.cancel("sync-1");
    responses[0]?.resolve(Response.json({}, { status: 500 }));
    await expect(first).rejects.toThrow();
    expect(client.getView("sync-1")?.command).toMatchObject({ name: "cancel", status: "pending" });
    responses[1]?.resolve(Response.json(encodeSnapshot(aSnapshot({ status: "cancelled", seq: 9 }))));
    await second;
    expect(client.getView("sync-1")).toMatchObject({ status: "cancelled", command: null });
    client.close();
  });

  it("that the backend does not offer is not requested", async () => {
    const { client, last, requests } = aClient();
    client.subscribe("sync-1", () => {});
    last().send({ seq: 1, capabilities: ["retry"] });
    expect(client.getView("sync-1")?.capabilities).toEqual(["retry"]);
    for (const command of [client.cancel("sync-1"), client.pause("sync-1"), client.resume("sync-1")]) {
      await expect(command).rejects.toMatchObject({ name: "SyncRequestError", kind: "unsupported" });
    }
    await expect(client.retry("sync-1", { only: "failed" })).rejects.toMatchObject({ kind: "unsupported" });
    expect(requests).toEqual([]);
    expect(client.getView("sync-1")?.command).toBeNull();
    client.close();
  });

  it("to an older backend, which sends no capabilities, is a retry by a new start and what the options say", async () => {
    const started = () => Response.json({ sync_id: "new" }, { status: 202 });
    const { client, last, requests } = aClient({ capabilities: ["cancel"] }, started);
    const events: unknown[] = [];
    client.syncs.subscribe((event) => event.type === "started" && events.push(event));
    client.subscribe("sync-1", () => {});
    last().send({ seq: 1, status: "error", capabilities: null });
    expect(client.getView("sync-1")?.capabilities).toEqual(["cancel", "retry"]);
    expect(await client.retry("sync-1")).toBe("new");
    expect(requests).toEqual(["POST /api/integrations/gmail/sync"]);
    expect(events).toEqual([{ type: "started", syncId: "new", integrationType: "gmail" }]);
    client.close();
  });

  it("to an older backend that does not say of what type a sync is has no retry", () => {
    const { client, last } = aClient();
    client.subscribe("sync-1", () => {});
    last().send({ seq: 1, capabilities: null, connectorType: "" });
    expect(client.getView("sync-1")?.capabilities).toEqual([]);
    client.close();
  });
});

describe("the streams of a client", () => {
  const ids = ["a", "b", "c", "d", "e", "f"];

  it("are four at most; further syncs are polled, and take over the stream of one that ends", async () => {
    const snapshots = (url: string) => snapshotResponse({ syncId: url.split("/").at(-1) ?? "", seq: 1 });
    const { client, sources } = aClient({}, snapshots);
    for (const id of ids) client.subscribe(id, () => {});
    for (const source of sources) source.send({ syncId: source.url.split("/").at(-2) ?? "", seq: 1 });
    await flush();
    const connections = () => ids.map((id) => client.getView(id)?.connection);
    expect(sources).toHaveLength(4);
    expect(connections()).toEqual(["live", "live", "live", "live", "polling", "polling"]);
    sources[1]?.send({ syncId: "b", seq: 2, status: "complete" });
    expect(sources).toHaveLength(5);
    sources[4]?.send({ syncId: "e", seq: 2 });
    expect(connections()).toEqual(["live", "closed", "live", "live", "live", "polling"]);
    client.close();
    expect(sources).toHaveLength(5);
    expect(sources.every(({ isClosed }) => isClosed)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("are as many as the option says, which must be a number", () => {
    const { client, sources } = aClient({ maxStreams: 5 });
    for (const id of ids) client.subscribe(id, () => {});
    expect(sources).toHaveLength(5);
    client.close();
    expect(() => new SyncClient({ maxStreams: Number.NaN })).toThrow("maxStreams must be a number of at least 0");
    expect(() => new SyncClient({ maxStreams: -1 })).toThrow("maxStreams");
    expect(() => new SyncClient({ maxStreams: Number.POSITIVE_INFINITY })).not.toThrow();
  });

  it("stay with their sync when they have to be opened anew", () => {
    const { client, sources } = aClient({ maxStreams: 1 });
    client.subscribe("a", () => {});
    client.subscribe("b", () => {});
    client.reconnect("a");
    expect(sources.map(({ url }) => url.split("/").at(-2))).toEqual(["a", "a"]);
    client.close();
  });
});

describe("a transport of one's own", () => {
  const aTransport = (given: Partial<SyncTransport> = {}): SyncTransport => ({
    getSnapshot: async (syncId) => aSnapshot({ syncId, seq: 1, status: "paused" }),
    ...given,
  });

  it("is polled if it has no streams, at the pace that it wants", async () => {
    const getSnapshot = vi.fn(async (syncId: string) => aSnapshot({ syncId, seq: 1, status: "paused" }));
    const client = new SyncClient({ transport: aTransport({ getSnapshot, pollIntervalMs: 5_000 }) });
    client.subscribe("sync-1", () => {});
    await vi.advanceTimersByTimeAsync(10_000);
    expect(client.getView("sync-1")).toMatchObject({ connection: "polling", status: "paused" });
    expect(getSnapshot).toHaveBeenCalledTimes(3);
    client.close();
  });

  it("that throws, rejects or never responds is a server out of reach", async () => {
    for (const getSnapshot of [
      () => {
        throw new Error("bug");
      },
      () => Promise.reject("text"),
      () => new Promise<never>(() => {}),
    ]) {
      const client = new SyncClient({ transport: aTransport({ getSnapshot }) });
      client.subscribe("sync-1", () => {});
      await vi.advanceTimersByTimeAsync(10_000);
      expect(client.getView("sync-1")?.error?.kind).toBe("unreachable");
      client.close();
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  it("may throw when a stream is closed, decoded, or the credentials are renewed", async () => {
    const report = vi.fn();
    vi.stubGlobal("reportError", report);
    let sink: StreamSink | null = null;
    const client = new SyncClient({
      transport: {
        openStream: (_, given) => {
          sink = given;
          return () => {
            throw new Error("close");
          };
        },
        getSnapshot: () => Promise.reject(new SyncRequestError("no", { status: 401 })),
        reauthorize: () => {
          throw new Error("renew");
        },
      },
    });
    client.subscribe("sync-1", () => {});
    const bad = { isUrgent: true, decode: () => JSON.parse("{") };
    (sink as StreamSink | null)?.onSnapshot(bad);
    await flush();
    (sink as StreamSink | null)?.onClosed();
    await flush();
    expect(client.getView("sync-1")?.error?.kind).toBe("unauthorized");
    expect(report).toHaveBeenCalledWith(new Error("close"));
    client.close();
    vi.unstubAllGlobals();
  });

  it("has only the commands that it can request", async () => {
    const client = new SyncClient({ transport: aTransport() });
    client.subscribe("sync-1", () => {});
    await flush();
    expect(client.getView("sync-1")?.capabilities).toEqual([]);
    await expect(client.startSync("gmail")).rejects.toThrow("The transport has no startSync.");
    await expect(client.getFailures("sync-1")).rejects.toMatchObject({ kind: "unsupported" });
    await expect(client.getIntegrations()).rejects.toMatchObject({ kind: "unsupported" });
    await expect(client.listSyncs()).rejects.toMatchObject({ kind: "unsupported" });
    await expect(client.setNotify("sync-1", { email: true })).rejects.toMatchObject({ kind: "unsupported" });
    await expect(client.download("sync-1", "log", "csv")).rejects.toMatchObject({ kind: "unsupported" });
    client.close();
  });

  it("contradicts the options of the default one, and must be able to do something", () => {
    expect(() => new SyncClient({ transport: aTransport(), baseUrl: "/api" })).toThrow(
      "SyncProgressError: baseUrl has no effect beside transport; give it to the transport instead.",
    );
    expect(() => new SyncClient({ transport: {} })).toThrow("a transport must have openStream or getSnapshot");
  });
});

describe("diagnostics", () => {
  it("report each decision, with its reason and the connection it led to", async () => {
    const { client, last, diagnostics } = aClient();
    client.subscribe("sync-1", () => {});
    last().send({ seq: 1 });
    last().giveUp();
    await flush();
    last().send({ status: "complete", seq: 9 });
    await vi.advanceTimersByTimeAsync(1_000);
    last().send({ status: "complete", seq: 9 });
    expect(diagnostics.map(({ reason, connection }) => [reason, connection])).toEqual([
      ["started", "connecting"],
      ["stream-live", "live"],
      ["stream-closed", "reconnecting"],
      ["stream-live", "closed"],
      ["terminal", "closed"],
    ]);
    expect(diagnostics[0]).toMatchObject({
      syncId: "sync-1",
      at: Date.now() - 1_000,
      failedOpenings: 0,
      outages: 0,
      detail: null,
    });
  });

  it("may throw without disturbing anything", () => {
    const { client, last } = aClient({
      onDiagnostic: () => {
        throw new Error("my logger");
      },
    });
    client.subscribe("sync-1", () => {});
    last().send({ seq: 1 });
    expect(client.getView("sync-1")?.connection).toBe("live");
    client.close();
  });
});

describe("options", () => {
  it.each([
    "heartbeatTimeoutMs",
    "stallTimeoutMs",
    "openTimeoutMs",
    "requestTimeoutMs",
    "pollIntervalMs",
    "keepAliveMs",
  ] as const)("refuse a %s that is no time", (name) => {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new SyncClient({ [name]: value })).toThrow(
        `SyncProgressError: ${name} must be a positive number of milliseconds, got ${value}.`,
      );
    }
    expect(() => new SyncClient({ [name]: 5 })).not.toThrow();
  });

  it("refuse waits that are none, and a baseUrl that is none", () => {
    expect(() => new SyncClient({ retry: { baseMs: -1 } })).toThrow("retry.baseMs must be a positive number");
    expect(() => new SyncClient({ retry: { maxMs: 0 } })).toThrow("retry.maxMs must be a positive number");
    expect(() => new SyncClient({ baseUrl: "api" })).toThrow("baseUrl must be an absolute http(s) URL");
  });

  it("weigh the phases of an older backend", () => {
    const { client, last } = aClient({
      phases: [
        { name: "syncing", weight: 1 },
        { name: "polishing", weight: 3 },
      ],
    });
    client.subscribe("sync-1", () => {});
    last().send({ processedItems: 50 });
    expect(client.getView("sync-1")?.percent).toBe(12.5);
    client.close();
  });
});

describe("what a stream reports", () => {
  it("reaches the watch: opening, heartbeats, retries, events that cannot be read", async () => {
    const { client, last, requests, diagnostics } = aClient();
    client.subscribe("sync-1", () => {});
    // An opened stream is given its time anew.
    vi.advanceTimersByTime(2_000);
    last().emit("open");
    vi.advanceTimersByTime(2_000);
    expect(requests).toEqual([]);
    last().send({ seq: 1, status: "paused" });
    last().emit("heartbeat", { data: "{}" });
    // Without heartbeats a snapshot would be requested after 30 s.
    vi.advanceTimersByTime(37_000);
    expect(requests).toEqual([]);
    last().emit("progress", { data: "{" });
    await flush();
    expect(requests).toHaveLength(1);
    last().readyState = 0;
    last().emit("error");
    expect(client.getView("sync-1")?.connection).toBe("reconnecting");
    expect(diagnostics.map(({ reason }) => reason)).toEqual([
      "started",
      "stream-live",
      "stream-unreadable",
      "stream-stale",
      "stream-interrupted",
    ]);
    client.close();
  });

  it("notifies nobody once the client is closed", () => {
    const { client, last } = aClient();
    const listener = vi.fn();
    client.subscribe("sync-1", listener);
    const source = last();
    client.close();
    listener.mockClear();
    source.send({ seq: 1 });
    expect(listener).not.toHaveBeenCalled();
  });

  it("notifies once for a change, and not if nothing changes", () => {
    const { client, last } = aClient();
    const listener = vi.fn();
    const unsubscribe = client.subscribe("sync-1", listener);
    last().send({ seq: 5 });
    listener.mockClear();
    last().send({ seq: 6 });
    expect(listener).toHaveBeenCalledTimes(1);
    unsubscribe();
    last().send({ seq: 7 });
    expect(listener).toHaveBeenCalledTimes(1);
    client.close();
  });
});

describe("errors of the application", () => {
  it("reach the page's own error reporting, if there is one", () => {
    const report = vi.fn();
    vi.stubGlobal("reportError", report);
    const { client } = aClient();
    const error = new Error("mine");
    reportCallbackError(client, "sync-1", error);
    expect(report.mock.calls).toEqual([[error]]);
    vi.unstubAllGlobals();
    expect(() => reportCallbackError(client, "sync-1", "text")).not.toThrow();
  });
});

describe("a request of one's own", () => {
  it("is taken back with its signal, and sends cookies of the same origin", async () => {
    const inits: RequestInit[] = [];
    const { client } = aClient({
      fetch: async (_, init) => {
        inits.push(init ?? {});
        return Response.json({ integrations: [] });
      },
    });
    const gone = new AbortController();
    await client.getIntegrations(gone.signal);
    await client.getIntegrations();
    gone.abort();
    expect(inits.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
    expect(inits[0]?.credentials).toBe("same-origin");
  });

  it("uses the platform's fetch by default", async () => {
    const fetch = vi.fn(async () => Response.json({ integrations: [] }));
    vi.stubGlobal("fetch", fetch);
    await new SyncClient().getIntegrations();
    expect(fetch).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });
});

describe("events that pour in", () => {
  const aPage = () => {
    let frames: (() => void)[] = [];
    vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
    vi.stubGlobal("cancelAnimationFrame", () => {
      frames = [];
    });
    return () => {
      for (const run of frames.splice(0)) run();
    };
  };

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("are decoded once a frame, the latest of them, for all syncs in the same frame", () => {
    const frame = aPage();
    const parse = vi.spyOn(JSON, "parse");
    const { client, sources } = aClient();
    const listener = vi.fn();
    client.subscribe("sync-1", listener);
    client.subscribe("sync-2", () => {});
    for (const [index, source] of sources.entries()) source.send({ syncId: `sync-${index + 1}`, seq: 1 });
    expect(client.getView("sync-1")?.snapshot?.seq).toBe(1);
    parse.mockClear();
    listener.mockClear();
    for (let seq = 2; seq <= 1_000; seq += 1) {
      for (const [index, source] of sources.entries()) source.send({ syncId: `sync-${index + 1}`, seq });
    }
    expect(parse).not.toHaveBeenCalled();
    frame();
    expect(parse).toHaveBeenCalledTimes(2);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(client.getView("sync-1")?.snapshot?.seq).toBe(1_000);
    expect(client.getView("sync-2")?.snapshot?.seq).toBe(1_000);
    parse.mockRestore();
    client.close();
  });

  it("request one frame, however many they are", () => {
    const requestFrame = vi.fn();
    vi.stubGlobal("requestAnimationFrame", requestFrame);
    vi.stubGlobal("cancelAnimationFrame", () => {});
    const { client, last } = aClient();
    client.subscribe("sync-1", () => {});
    for (let seq = 1; seq <= 1_000; seq += 1) last().send({ seq });
    expect(requestFrame).toHaveBeenCalledTimes(1);
    client.close();
  });

  it("show the end at once", () => {
    aPage();
    const { client, last } = aClient();
    client.subscribe("sync-1", () => {});
    last().send({ seq: 1 });
    last().send({ seq: 2 });
    last().send({ seq: 3, status: "complete" });
    expect(client.getView("sync-1")).toMatchObject({ status: "complete", connection: "closed" });
    expect(vi.getTimerCount()).toBe(0);
    client.close();
  });

  it("show another status or phase at once", () => {
    aPage();
    const { client, last } = aClient();
    client.subscribe("sync-1", () => {});
    last().send({ seq: 1 });
    last().send({ seq: 2, processedItems: 5 });
    expect(client.getView("sync-1")?.snapshot?.seq).toBe(1);
    last().send({ seq: 3, status: "parsing" });
    expect(client.getView("sync-1")?.status).toBe("parsing");
    last().send({ seq: 4, status: "parsing", phase: "index" });
    expect(client.getView("sync-1")?.snapshot?.phase).toBe("index");
    last().send({ seq: 5, status: "parsing", phase: "index", stage: '"status":"paused"' });
    expect(client.getView("sync-1")?.snapshot?.seq).toBe(4);
    client.close();
  });

  it("come before whatever else happens", () => {
    aPage();
    const { client, last } = aClient();
    client.subscribe("sync-1", () => {});
    last().send({ seq: 1 });
    last().send({ seq: 2, processedItems: 7 });
    last().giveUp();
    expect(client.getView("sync-1")).toMatchObject({ connection: "reconnecting", snapshot: { processedItems: 7 } });
    client.close();
  });

  it("are forgotten with the stream they came from", () => {
    const frame = aPage();
    const { client, last } = aClient();
    const listener = vi.fn();
    client.subscribe("sync-1", listener);
    last().send({ seq: 1 });
    last().send({ seq: 2 });
    listener.mockClear();
    client.close();
    frame();
    expect(listener).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
