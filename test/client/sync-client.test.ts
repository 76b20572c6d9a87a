import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SyncClient } from "../../src/client/sync-client.js";
import type { SyncClientOptions } from "../../src/client/sync-client-options.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { aClient, FakeSource, snapshotAnswer } from "./a-client.js";

const flush = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("watching", () => {
  it("opens one stream for all listeners, and tells all of them", () => {
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

  it("answers the same view until something changes", () => {
    const { client, last } = aClient();
    client.subscribe("sync-1", () => {});
    last().send({ seq: 2 });
    const view = client.getView("sync-1");
    expect(client.getView("sync-1")).toBe(view);
    last().send({ seq: 3 });
    expect(client.getView("sync-1")).not.toBe(view);
  });

  it("tells nobody of a heartbeat", () => {
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

  it.each([1, null])("tells nobody of polls that bring nothing new, but of what does, at seq %s", async (seq) => {
    let answer: Partial<SyncSnapshot> = { seq, status: "paused" };
    const { client, asked } = aClient(
      {
        createEventSource: () => {
          throw new Error("no stream here");
        },
      },
      () => snapshotAnswer(answer),
    );
    const listener = vi.fn();
    client.subscribe("sync-1", listener);
    await flush();
    const arrivedAt = Date.now();
    const view = client.getView("sync-1");
    expect(view).toMatchObject({ connection: "polling", lastUpdateAt: arrivedAt });
    listener.mockClear();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toHaveLength(11);
    expect(listener).not.toHaveBeenCalled();
    expect(client.getView("sync-1")).toBe(view);
    answer = { seq: seq === null ? null : 2, status: "paused", processedItems: 1 };
    await vi.advanceTimersByTimeAsync(2_000);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(client.getView("sync-1")?.lastUpdateAt).toBe(arrivedAt + 22_000);
    client.close();
  });

  it("answers the same error for as long as the same is wrong", async () => {
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

  it("sends cookies to another origin where that is asked for", () => {
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

  it("goes on where somebody listens again in time", () => {
    const { client, sources } = aClient({ keepAlive: 100 });
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

  it("ends with the sync, and asks nothing any more", async () => {
    const { client, last, asked } = aClient();
    client.subscribe("sync-1", () => {});
    last().send({ status: "complete", seq: 9 });
    expect(last().isClosed).toBe(true);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toEqual([]);
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

  it("asks the snapshot endpoint when the stream gives up, and opens another", async () => {
    const { client, last, sources, asked } = aClient();
    client.subscribe("sync-1", () => {});
    last().giveUp();
    await flush();
    expect(asked).toEqual(["GET /api/sync-progress/sync-1"]);
    expect(client.getView("sync-1")?.status).toBe("syncing");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sources).toHaveLength(2);
    client.close();
  });

  it("polls where there is no EventSource, and where it cannot be made", async () => {
    for (const createEventSource of [
      undefined,
      () => {
        throw new SyntaxError("bad URL");
      },
    ]) {
      const { client, asked, diagnostics } = aClient({ createEventSource });
      client.subscribe("sync-1", () => {});
      await vi.advanceTimersByTimeAsync(4_000);
      expect(client.getView("sync-1")?.connection).toBe("polling");
      expect(asked.length).toBe(3);
      expect(diagnostics.map(({ reason }) => reason)).toContain("no-stream-support");
      client.close();
    }
  });

  it("tells that the server cannot be reached where there is no fetch", async () => {
    vi.stubGlobal("fetch", undefined);
    const { client, last } = aClient({ fetch: undefined });
    client.subscribe("sync-1", () => {});
    last().giveUp();
    await flush();
    expect(client.getView("sync-1")?.error?.kind).toBe("unreachable");
    client.close();
    vi.unstubAllGlobals();
  });

  it("takes what is asked for back when nobody waits for it", async () => {
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
    const { client, sources } = aClient({ onUnauthorized }, () =>
      isSignedIn ? snapshotAnswer() : Response.json({}, { status: 401 }),
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
    const { client, asked } = aClient({ onUnauthorized }, () =>
      isSignedIn
        ? Response.json({ success: true, sync_id: "new" }, { status: 202 })
        : Response.json({}, { status: 401 }),
    );
    expect(await client.startSync("gmail")).toBe("new");
    expect(asked).toHaveLength(2);
  });

  it("refuse a command where they cannot be renewed", async () => {
    const { client, asked } = aClient({}, () => Response.json({ error: "Signed out." }, { status: 403 }));
    await expect(client.startSync("gmail")).rejects.toMatchObject({ status: 403, message: "Signed out." });
    expect(asked).toHaveLength(1);
  });
});

describe("the commands", () => {
  it("start a sync with what they are told", async () => {
    const bodies: unknown[] = [];
    const { client, asked } = aClient({}, (_, init) => {
      bodies.push(JSON.parse(String(init.body)));
      return Response.json({ success: true, sync_id: "new" }, { status: 202 });
    });
    expect(await client.startSync("gmail", { fullSync: true, since: "2026-01-01T00:00:00Z" })).toBe("new");
    expect(await client.startSync("gmail")).toBe("new");
    expect(await client.retry("sync-1", { only: "failed" })).toBe("new");
    expect(bodies).toEqual([{ full_sync: true, since: "2026-01-01T00:00:00Z" }, {}, { only: "failed" }]);
    expect(asked).toEqual([
      "POST /api/integrations/gmail/sync",
      "POST /api/integrations/gmail/sync",
      "POST /api/sync-progress/sync-1/retry",
    ]);
  });

  it("answer the sync that runs already", async () => {
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

  it("reject where the answer is none", async () => {
    const { client } = aClient({}, () => new Response("<html>"));
    await expect(client.startSync("gmail")).rejects.toThrow(
      "The answer of /api/integrations/gmail/sync cannot be used: not valid JSON",
    );
    await expect(client.getIntegrations()).rejects.toThrow("cannot be used");
  });

  it("show at once what the server answers to them", async () => {
    const { client, last, asked } = aClient({}, () =>
      Response.json(encodeSnapshot(aSnapshot({ status: "paused", seq: 5 }))),
    );
    client.subscribe("sync-1", () => {});
    last().send({ seq: 4 });
    await client.pause("sync-1");
    expect(client.getView("sync-1")?.status).toBe("paused");
    await client.resume("sync-1");
    await client.cancel("sync-2");
    expect(asked).toEqual([
      "POST /api/sync-progress/sync-1/pause",
      "POST /api/sync-progress/sync-1/resume",
      "POST /api/sync-progress/sync-2/cancel",
    ]);
    client.close();
  });

  it("read the integrations and the failures", async () => {
    const { client, asked } = aClient({}, (url) =>
      url.includes("failures")
        ? Response.json({ failures: [{ item: "a", reason: "b" }], next_cursor: "2" })
        : Response.json({ integrations: [{ type: "gmail" }] }),
    );
    expect(await client.getIntegrations()).toMatchObject([{ type: "gmail" }]);
    expect(await client.getFailures("sync-1", { cursor: "1", limit: 5 })).toMatchObject({ nextCursor: "2" });
    expect(asked.at(-1)).toBe("GET /api/sync-progress/sync-1/failures?cursor=1&limit=5");
  });
});

describe("lists of syncs", () => {
  it("are told when a sync starts here and when a watched one ends", async () => {
    const { client, last } = aClient({}, () => Response.json({ success: true, sync_id: "new" }, { status: 202 }));
    const onChange = vi.fn();
    const unsubscribe = client.subscribeToChanges(onChange);
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

describe("diagnostics", () => {
  it("tell each decision, with its reason and the connection it led to", async () => {
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
      ["stream-gave-up", "reconnecting"],
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
  it.each(["heartbeatTimeout", "stallTimeout", "openTimeout", "requestTimeout", "pollInterval"] as const)(
    "refuse a %s that is no time",
    (name) => {
      for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(() => new SyncClient({ [name]: value })).toThrow(
          `SyncProgressError: ${name} must be a positive number of milliseconds, got ${value}.`,
        );
      }
      expect(() => new SyncClient({ [name]: 5 })).not.toThrow();
    },
  );

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

describe("what a stream tells", () => {
  it("reaches the watch: opening, heartbeats, retries, events that cannot be read", async () => {
    const { client, last, asked, diagnostics } = aClient();
    client.subscribe("sync-1", () => {});
    // An opened stream is given its time anew.
    vi.advanceTimersByTime(2_000);
    last().emit("open");
    vi.advanceTimersByTime(2_000);
    expect(asked).toEqual([]);
    last().send({ seq: 1, status: "paused" });
    last().emit("heartbeat", { data: "{}" });
    // Without heartbeats it would be asked about after 30 s.
    vi.advanceTimersByTime(37_000);
    expect(asked).toEqual([]);
    last().emit("progress", { data: "{" });
    await flush();
    expect(asked).toHaveLength(1);
    last().readyState = 0;
    last().emit("error");
    expect(client.getView("sync-1")?.connection).toBe("reconnecting");
    expect(diagnostics.map(({ reason }) => reason)).toEqual([
      "started",
      "stream-live",
      "stream-unreadable",
      "stream-deaf",
      "stream-dropped",
    ]);
    client.close();
  });

  it("is told to nobody once the client is closed", () => {
    const { client, last } = aClient();
    const listener = vi.fn();
    client.subscribe("sync-1", listener);
    const source = last();
    client.close();
    listener.mockClear();
    source.send({ seq: 1 });
    expect(listener).not.toHaveBeenCalled();
  });

  it("is told once for a change, and not where nothing changes", () => {
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
  it("reach the page's own error reporting, where there is one", () => {
    const report = vi.fn();
    vi.stubGlobal("reportError", report);
    const { client } = aClient();
    const error = new Error("mine");
    client.reportCallbackError("sync-1", error);
    expect(report.mock.calls).toEqual([[error]]);
    vi.unstubAllGlobals();
    expect(() => client.reportCallbackError("sync-1", "text")).not.toThrow();
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

  it("takes the platform's fetch where none is given", async () => {
    const fetch = vi.fn(async () => Response.json({ integrations: [] }));
    vi.stubGlobal("fetch", fetch);
    await new SyncClient().getIntegrations();
    expect(fetch).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });
});
