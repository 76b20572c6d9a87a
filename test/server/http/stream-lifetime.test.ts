import { Agent, get } from "node:http";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SharedInterval } from "../../../src/server/http/shared-interval.js";
import type { Scope } from "../../../src/server/scope.js";
import { readStream, type StreamReader } from "../../support/read-stream.js";
import { serveFetch } from "../../support/serve-fetch.js";
import { HOSTS, startSyncServer } from "../../support/sync-server.js";

const ADA: Scope = { tenantId: "acme", userId: "ada" };
/** An interval that nothing else in the process has. */
const HEARTBEAT_MS = 37;

/** Counts the intervals of the heartbeats that run. */
function countBeats(heartbeatMs = HEARTBEAT_MS): () => number {
  const running = new Set<unknown>();
  const { setInterval: set, clearInterval: clear } = globalThis;
  vi.spyOn(globalThis, "setInterval").mockImplementation(((callback: () => void, ms: number) => {
    const timer = set(callback, ms);
    if (ms === heartbeatMs / 10) running.add(timer);
    return timer;
  }) as typeof setInterval);
  vi.spyOn(globalThis, "clearInterval").mockImplementation((timer) => {
    running.delete(timer);
    clear(timer);
  });
  return () => running.size;
}

const readers: StreamReader[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const reader of readers.splice(0)) reader.leave();
});

async function open(url: string, headers: Record<string, string> = {}): Promise<StreamReader> {
  const reader = await readStream(url, headers);
  readers.push(reader);
  return reader;
}

/** Sends updates until a connection takes no more: the buffers on its way are full, and so are those of the server. */
async function fill({ streams }: { streams: ReadonlySet<Socket> }, update: (stage: string) => void): Promise<void> {
  const isFull = () => [...streams].some((socket) => socket.writableNeedDrain);
  for (let count = 0; !isFull(); count += 1) {
    update(`${count} ${"x".repeat(400)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe.each(HOSTS)("a stream on the host %s", (host) => {
  async function startSync(options: Parameters<typeof startSyncServer>[0] = {}) {
    const beats = countBeats();
    const server = await startSyncServer({ heartbeatMs: HEARTBEAT_MS, ...options }, host);
    const sync = await server.start();
    const streamUrl = `${server.url}/api/sync-progress/${sync.syncId}/stream`;
    return { ...server, ...sync, beats, streamUrl, subscribers: () => server.service.stats().subscribers };
  }

  it("is opened by no number of HEAD requests", async () => {
    const { call, syncId, beats, subscribers } = await startSync();
    for (let count = 0; count < 50; count += 1) {
      const response = await call(`/sync-progress/${syncId}/stream`, { method: "HEAD" });
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    }
    expect([subscribers(), beats()]).toEqual([0, 0]);
    expect((await call("/sync-progress/unknown/stream", { method: "HEAD" })).status).toBe(404);
  });

  it("that nobody reads costs nothing", async () => {
    const { app, syncId, beats, subscribers } = await startSync();
    const response = await app.request(`/api/sync-progress/${syncId}/stream`, { headers: { "x-user": "acme/ada" } });
    expect(response.status).toBe(200);
    expect([subscribers(), beats()]).toEqual([0, 0]);
    await response.body?.cancel();
  });

  it("shares one subscription and one timer with all others, and leaves nothing behind", async () => {
    const { streamUrl, beats, subscribers, streams } = await startSync();
    const all = await Promise.all(Array.from({ length: 50 }, () => open(streamUrl)));
    await vi.waitFor(() => expect(all.every((reader) => reader.events().length === 1)).toBe(true));
    expect([subscribers(), beats()]).toEqual([1, 1]);
    for (const reader of all) reader.leave();
    await vi.waitFor(() => expect([subscribers(), beats()]).toEqual([0, 0]));
    await vi.waitFor(() => expect(streams.size).toBe(0));
  });

  it("is encoded once for all readers of a sync", async () => {
    const { streamUrl, run, subscribers } = await startSync();
    const all = await Promise.all(Array.from({ length: 20 }, () => open(streamUrl)));
    await vi.waitFor(() => expect(subscribers()).toBe(1));
    const encode = vi.spyOn(TextEncoder.prototype, "encode");
    run.update({ status: "syncing", stage: "for everybody" });
    await vi.waitFor(() => expect(all.every((reader) => reader.text().includes("for everybody"))).toBe(true));
    expect(encode.mock.calls.filter(([given]) => given?.includes("for everybody"))).toHaveLength(1);
  });

  it("begins with the state, however long the store takes", async () => {
    const { streamUrl, service, beats } = await startSync();
    const subscribe = service.subscribe.bind(service);
    const isReady = Promise.withResolvers<void>();
    vi.spyOn(service, "subscribe").mockImplementation(async (...given) => {
      await isReady.promise;
      return subscribe(...given);
    });
    const reader = await open(streamUrl);
    const other = await open(streamUrl);
    await vi.waitFor(() => expect(reader.text()).toContain("retry: "));
    expect(beats()).toBe(1);
    isReady.resolve();
    await vi.waitFor(() => expect(reader.text()).toContain("event: heartbeat"));
    for (const one of [reader, other]) expect(one.text()).toMatch(/^retry: \d+\n\nid: 1\nevent: current_state\n/);
  });

  it("ends if the store cannot be read, and says so to onError", async () => {
    const onError = vi.fn();
    const { streamUrl, service, beats, subscribers } = await startSync({ onError });
    vi.spyOn(service, "subscribe").mockRejectedValue(new Error("the store is down"));
    const reader = await open(streamUrl);
    await reader.closed;
    expect(reader.events()).toEqual([]);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "the store is down" }));
    await vi.waitFor(() => expect([subscribers(), beats()]).toEqual([0, 0]));
  });

  it("ends if an event cannot be encoded, and says so to onError", async () => {
    const onError = vi.fn();
    const { streamUrl, run, subscribers, beats } = await startSync({ onError });
    const reader = await open(streamUrl);
    await vi.waitFor(() => expect(reader.events()).toHaveLength(1));
    vi.spyOn(TextEncoder.prototype, "encode").mockImplementationOnce(() => {
      throw new Error("too large");
    });
    run.update({ stage: "Fetching..." });
    await reader.closed;
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "too large" }));
    await vi.waitFor(() => expect([subscribers(), beats()]).toEqual([0, 0]));
  });

  it("ends if the sync is deleted before the stream is read", async () => {
    const { streamUrl, service } = await startSync();
    vi.spyOn(service, "subscribe").mockResolvedValue(null);
    const reader = await open(streamUrl);
    await reader.closed;
    expect(reader.events()).toEqual([]);
  });

  it("needs the sync no longer once that has ended, even if its reader cannot take the end yet", async () => {
    const server = await startSync();
    const { streamUrl, run, finish, beats, subscribers } = server;
    const reader = await open(streamUrl);
    await vi.waitFor(() => expect(reader.events()).toHaveLength(1));
    reader.pause();
    await fill(server, (stage) => run.update({ status: "syncing", stage }));
    finish();
    await vi.waitFor(() => expect(subscribers()).toBe(0));
    expect(beats()).toBe(1);
    reader.resume();
    await reader.closed;
    expect(reader.text().trimEnd().split("\n\n").at(-1)).toMatch(/^id: \d+\nevent: complete\n/);
    await vi.waitFor(() => expect(beats()).toBe(0));
  });

  it("is closed when its reader stops to read, and the others go on", async () => {
    const server = await startSync({ limits: { stallTimeoutMs: 200 } });
    const { streamUrl, run, beats, subscribers, streams } = server;
    const stalled = await open(streamUrl);
    const other = await open(streamUrl);
    await vi.waitFor(() => expect([stalled, other].map((reader) => reader.events().length)).toEqual([1, 1]));
    stalled.pause();
    await fill(server, (stage) => run.update({ status: "syncing", stage }));
    await vi.waitFor(() => expect(streams.size).toBe(1), { timeout: 10_000 });
    expect([subscribers(), beats()]).toEqual([1, 1]);
    run.update({ stage: "for those who read" });
    await vi.waitFor(() => expect(other.text()).toContain("for those who read"));
  });

  it("is closed when its reader does not take the end", async () => {
    const server = await startSync({ limits: { stallTimeoutMs: 200 } });
    const { streamUrl, run, finish, beats, subscribers, streams } = server;
    const stalled = await open(streamUrl);
    await vi.waitFor(() => expect(stalled.events()).toHaveLength(1));
    stalled.pause();
    await fill(server, (stage) => run.update({ status: "syncing", stage }));
    finish();
    await vi.waitFor(() => expect([streams.size, subscribers(), beats()]).toEqual([0, 0, 0]), { timeout: 10_000 });
  });

  it("ends when its reader signs out, who then gets 401", async () => {
    let scope: Scope | null = ADA;
    const { streamUrl, beats, subscribers } = await startSync({ authenticate: async () => scope });
    const all = [await open(streamUrl), await open(streamUrl)];
    await vi.waitFor(() => expect(all.every((reader) => reader.text().includes("heartbeat"))).toBe(true));
    scope = null;
    await Promise.all(all.map((reader) => reader.closed));
    expect([subscribers(), beats()]).toEqual([0, 0]);
    expect((await open(streamUrl)).status).toBe(401);
  });

  it("ends when somebody else signs in", async () => {
    let scope = ADA;
    const { streamUrl } = await startSync({ authenticate: () => scope });
    const reader = await open(streamUrl);
    await vi.waitFor(() => expect(reader.events()).toHaveLength(1));
    scope = { tenantId: "acme", userId: "grace" };
    await reader.closed;
    expect((await open(streamUrl)).status).toBe(404);
  });

  it.each(["throws", "rejects", "hangs"])("goes on while authenticate %s", async (fault) => {
    const failure = new Error("the session store is down");
    let isDown = false;
    let checks = 0;
    const onError = vi.fn();
    const { streamUrl, finish } = await startSync({
      onError,
      authenticate: () => {
        if (!isDown) return ADA;
        checks += 1;
        if (fault === "throws") throw failure;
        return fault === "rejects" ? Promise.reject(failure) : new Promise(() => {});
      },
    });
    const reader = await open(streamUrl);
    await vi.waitFor(() => expect(reader.events()).toHaveLength(1));
    isDown = true;
    const beatsOf = () => reader.text().split("event: heartbeat").length;
    const before = beatsOf();
    await vi.waitFor(() => expect(beatsOf()).toBeGreaterThan(before + 5));
    // One that hangs is not called again before it has been given up.
    if (fault === "hangs") expect(checks).toBe(1);
    else expect(onError).toHaveBeenCalledWith(failure);
    finish();
    await reader.closed;
    expect(reader.events()).toEqual(["current_state", "complete"]);
  });

  it("is checked at the interval that reauthenticateMs says, or never", async () => {
    let checks = 0;
    const authenticate = () => {
      checks += 1;
      return ADA;
    };
    const { streamUrl } = await startSync({ authenticate, reauthenticateMs: Number.POSITIVE_INFINITY });
    const reader = await open(streamUrl);
    const opened = checks;
    await vi.waitFor(() => expect(reader.text().split("event: heartbeat").length).toBeGreaterThan(5));
    expect(checks).toBe(opened);
  });

  it("is refused with 429 to a person who has too many, until one of them ends", async () => {
    const { streamUrl, call, syncId } = await startSync({ limits: { streamsPerUser: 2 } });
    const first = await open(streamUrl);
    const second = await open(streamUrl);
    await vi.waitFor(() => expect([first, second].map((reader) => reader.events().length)).toEqual([1, 1]));
    const refused = await call(`/sync-progress/${syncId}/stream`);
    expect([refused.status, refused.headers.get("retry-after"), (await refused.json()).code]).toEqual([
      429,
      "10",
      "too_many_requests",
    ]);
    expect((await call(`/sync-progress/${syncId}`)).status).toBe(200);
    first.leave();
    await vi.waitFor(async () => expect((await open(streamUrl)).status).toBe(200));
  });

  it("that is one too many by a race ends at once", async () => {
    const { streamUrl, app, syncId, subscribers } = await startSync({ limits: { streamsPerUser: 1 } });
    const request = () => app.request(`/api/sync-progress/${syncId}/stream`, { headers: { "x-user": "acme/ada" } });
    const late = await request();
    const reader = await open(streamUrl);
    await vi.waitFor(() => expect(reader.events()).toHaveLength(1));
    expect(await late.text()).toBe("");
    expect(subscribers()).toBe(1);
  });

  it("leaves its connection to the next request when it has ended", async () => {
    const { streamUrl, finish, url } = await startSync();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const fetchOver = (path: string) =>
      new Promise<{ body: string; isReused: boolean }>((resolve, reject) => {
        const sent = get(path, { agent, headers: { "x-user": "acme/ada" } }, async (response) => {
          resolve({ body: await text(response), isReused: sent.reusedSocket });
        });
        sent.on("error", reject);
      });
    const stream = fetchOver(streamUrl);
    finish();
    expect((await stream).body).toMatch(/event: \w+\ndata: .*"status":"complete".*\n\n$/);
    const next = await fetchOver(`${url}/api/integrations`);
    expect(next.isReused).toBe(true);
    expect(JSON.parse(next.body)).toMatchObject({ success: true });
    agent.destroy();
  });

  it("passes what an application puts around the routes: headers, and changes of the body", async () => {
    const { app, start, service } = await startSyncServer({}, host);
    const { syncId, finish } = await start();
    const outer = new Hono();
    outer.use(async (context, next) => {
      await next();
      context.header("x-outer", "yes");
      if (context.req.query("loud") === undefined) return;
      const loud = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) =>
          controller.enqueue(new TextEncoder().encode(new TextDecoder().decode(chunk).toUpperCase())),
      });
      context.res = new Response(context.res.body?.pipeThrough(loud), context.res);
    });
    outer.route("/", app);
    const server = await serveFetch(host === "node" ? outer.fetch : (request) => outer.fetch(request));
    const streamUrl = `${server.url}/api/sync-progress/${syncId}/stream`;
    const plain = await open(streamUrl);
    const loud = await open(`${streamUrl}?loud`);
    await vi.waitFor(() => expect(loud.text()).toContain("EVENT: CURRENT_STATE"));
    await vi.waitFor(() => expect(plain.text()).toContain("event: current_state"));
    expect([plain.headers["x-outer"], loud.headers["x-outer"]]).toEqual(["yes", "yes"]);
    finish();
    await Promise.all([plain.closed, loud.closed]);
    expect(loud.text()).toContain("EVENT: COMPLETE");
    expect(loud.text()).not.toContain("event: ");
    await vi.waitFor(() => expect(service.stats().subscribers).toBe(0));
    await server.close();
  });
});

describe("the shared interval", () => {
  it("calls every member once an interval, a tenth of them at a time, with one timer", () => {
    vi.useFakeTimers();
    const calls = new Map<number, number>();
    const interval = new SharedInterval<number>(1_000, (member) => calls.set(member, (calls.get(member) ?? 0) + 1));
    for (let member = 0; member < 95; member += 1) interval.add(member);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(100);
    expect(calls.size).toBe(10);
    vi.advanceTimersByTime(2_900);
    expect([calls.size, new Set(calls.values())]).toEqual([95, new Set([3])]);
    for (let member = 0; member < 95; member += 1) interval.delete(member);
    interval.delete(1);
    expect(vi.getTimerCount()).toBe(0);
    interval.add(1);
    expect(vi.getTimerCount()).toBe(1);
    vi.useRealTimers();
  });
});
