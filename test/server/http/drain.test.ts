import { EventSource } from "eventsource";
import { afterEach, describe, expect, it, vi } from "vitest";
import { httpTransport } from "../../../src/client/http-transport.js";
import { SyncClient } from "../../../src/client/sync-client.js";
import { SyncRequestError } from "../../../src/client/sync-request.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import { startErrorText } from "../../../src/components/wording/start-error.js";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import { forEachSpread } from "../../../src/server/http/for-each-spread.js";
import { createMemoryStore } from "../../../src/server/memory-store.js";
import { createSyncRoutes } from "../../../src/server/sync-routes.js";
import type { SyncService } from "../../../src/server/sync-service.js";
import { readStream, type StreamReader } from "../../support/read-stream.js";
import { serveFetch } from "../../support/serve-fetch.js";
import { HOSTS, startSyncServer } from "../../support/sync-server.js";
import { aJob } from "../a-job.js";

const ADA = { tenantId: "acme", userId: "ada" };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(url: string): Promise<StreamReader> {
  const reader = await readStream(url);
  closing.push(() => reader.leave());
  return reader;
}

const retriesIn = (text: string) => [...text.matchAll(/^retry: (\d+)$/gm)].map(([, ms]) => Number(ms));

describe.each(HOSTS)("a server that drains on the host %s", (host) => {
  it("refuses starts and retries, with a sentence for the person, and still serves everything else", async () => {
    const { call, start, service } = await startSyncServer({}, host);
    const { syncId, finish } = await start();
    const drained = service.drain();
    for (const path of ["/integrations/gmail/sync", `/sync-progress/${syncId}/retry`]) {
      const refused = await call(path, { method: "POST" });
      expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toEqual([
        503,
        "5",
        { success: false, error: "The server is restarting. Please try again in a moment.", code: "shutting_down" },
      ]);
    }
    expect((await call(`/sync-progress/${syncId}`)).status).toBe(200);
    expect((await call(`/sync-progress/${syncId}/pause`, { method: "POST" })).status).toBe(200);
    finish();
    await drained;
  });

  it("counts no start that it refuses for the limit of a person", async () => {
    const { call, start, service } = await startSyncServer({ limits: { startsPerMinute: 1 } }, host);
    const { finish } = await start();
    void service.drain();
    expect((await call("/integrations/gmail/sync", { method: "POST" })).status).toBe(503);
    finish();
  });

  it("sends readers away soon, and lets those who come back watch to the end", async () => {
    const { url, start, service } = await startSyncServer({ streamDrainMs: 100 }, host);
    const { syncId, run, finish } = await start();
    const paths = [`/api/sync-progress/${syncId}/stream`, "/api/sync-progress/stream"];
    const first = await Promise.all(paths.map((path) => open(url + path)));
    await vi.waitFor(() => expect(first.every((reader) => reader.events().length > 0)).toBe(true));

    const drained = service.drain();
    await Promise.all(first.map((reader) => reader.closed));
    for (const reader of first) {
      const [, moved] = retriesIn(reader.text());
      expect(moved).toBeGreaterThanOrEqual(200);
      expect(moved).toBeLessThanOrEqual(1_200);
      expect(reader.text()).toMatch(/retry: \d+\n\n$/);
    }

    const [one, feed] = await Promise.all(paths.map((path) => open(url + path)));
    run.update({ stage: "Nearly done..." });
    await vi.waitFor(() => expect(one?.text()).toContain("Nearly done..."));
    finish();
    await drained;
    await Promise.all([one?.closed, feed?.closed]);
    expect(one?.events().at(-1)).toBe("complete");
    expect(feed?.events().at(-1)).toBe("complete");
    // The server is gone for a moment: the usual advice, which differs from reader to reader.
    expect(retriesIn(feed?.text() ?? "").at(-1)).toBeGreaterThanOrEqual(1_200);
  });

  it("keeps its streams until it is closed if there is no other process", async () => {
    const { url, start, service } = await startSyncServer({ streamDrainMs: Number.POSITIVE_INFINITY }, host);
    const { syncId, run, finish } = await start();
    const reader = await open(`${url}/api/sync-progress/${syncId}/stream`);
    const drained = service.drain();
    run.update({ stage: "Still here..." });
    await vi.waitFor(() => expect(reader.text()).toContain("Still here..."));
    finish();
    await drained;
    await reader.closed;
    expect(reader.events().at(-1)).toBe("complete");
  });

  it("refuses streams when it is closed, which would never bring anything", async () => {
    const { call, start, service } = await startSyncServer({}, host);
    const { syncId } = await start();
    await service.close();
    for (const path of [`/sync-progress/${syncId}/stream`, "/sync-progress/stream"]) {
      const refused = await call(path);
      expect([refused.status, (await refused.json()).code]).toEqual([503, "shutting_down"]);
    }
    expect((await call(`/sync-progress/${syncId}`)).status).toBe(200);
  });
});

it("refuses a time for its streams that is none", async () => {
  await expect(startSyncServer({ streamDrainMs: 0 })).rejects.toThrow(
    "SyncProgressError: streamDrainMs must be a number above 0, got 0.",
  );
});

it("ends a single stream in the middle of the time, when a proxy has noticed that the process drains", async () => {
  vi.useFakeTimers();
  const end = vi.fn();
  void forEachSpread(["stream"], 5_000, end);
  await vi.advanceTimersByTimeAsync(2_300);
  expect(end).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(400);
  expect(end).toHaveBeenCalledOnce();
});

describe("1,000 streams", () => {
  it("are ended evenly over the time", async () => {
    vi.useFakeTimers();
    const times: number[] = [];
    const members = Array.from({ length: 1_000 }, (_, index) => index);
    const ended = forEachSpread(members, 5_000, () => times.push(performance.now()));
    await vi.advanceTimersByTimeAsync(5_000);
    await ended;
    expect(times).toHaveLength(1_000);
    const perSecond = [0, 1, 2, 3, 4].map((second) => {
      const from = (times[0] ?? 0) + second * 1_000;
      return times.filter((time) => time >= from && time < from + 1_000).length;
    });
    for (const count of perSecond) expect(count).toBeGreaterThan(180);
    for (const count of perSecond) expect(count).toBeLessThan(220);
  });
});

/** Two processes on one store, behind a proxy that sends new requests to those that take syncs, if any does. */
async function startTwoProcesses() {
  const store = createMemoryStore();
  const { job, started, finish } = aJob();
  const apps = [1, 2].map(() => {
    const service = createSyncService({ store });
    const integrations = [{ type: "gmail", name: "Gmail", sync: job }];
    const routes = createSyncRoutes({ service, integrations, authenticate: () => ADA, streamDrainMs: 200 });
    closing.push(() => service.close());
    return { service, fetch: (request: Request) => routes.fetch(request), streams: 0 };
  });
  const [first, second] = apps;
  if (first === undefined || second === undefined) throw new Error("two processes were expected");
  const proxy = await serveFetch((request) => {
    const target = first.service.state === "running" ? first : second;
    if (request.url.endsWith("/stream")) target.streams += 1;
    return target.fetch(request);
  });
  closing.push(() => proxy.close());
  return { first, second, url: proxy.url, started, finish };
}

/** A client of the package as an application has it, and what a person could see of it. */
function startClient(baseUrl: string, feed: boolean) {
  const client = new SyncClient({
    transport: httpTransport({ baseUrl, feed, createEventSource: (url) => new EventSource(url) }),
  });
  closing.push(() => client.close());
  return client;
}

async function startSync({ service }: { readonly service: SyncService }, client: SyncClient): Promise<string> {
  expect(service.state).toBe("running");
  return client.startSync("gmail");
}

describe("the client", () => {
  it.each([true, false])("moves quietly to another process, by the feed: %s", async (feed) => {
    const { first, second, url, started, finish } = await startTwoProcesses();
    const client = startClient(`${url}/api`, feed);
    const syncId = await startSync(first, client);
    const run = await started;
    const errors: unknown[] = [];
    let longestAwayMs = 0;
    client.subscribe(syncId, () => {
      const view = client.getView(syncId);
      if (view?.error != null) errors.push(view.error);
      longestAwayMs = Math.max(longestAwayMs, view?.disconnectedAt == null ? 0 : Date.now() - view.disconnectedAt);
    });
    await vi.waitFor(() => expect(client.getView(syncId)?.connection).toBe("live"));
    run.update({ status: "syncing", stage: "Half-way..." });
    await vi.waitFor(() => expect(client.getView(syncId)?.snapshot?.stage).toBe("Half-way..."));

    const drained = first.service.drain();
    await vi.waitFor(() => expect(second.streams).toBeGreaterThan(0), 5_000);
    await vi.waitFor(() => expect(client.getView(syncId)?.connection).toBe("live"), 5_000);
    run.update({ stage: "Nearly done..." });
    await vi.waitFor(() => expect(client.getView(syncId)?.snapshot?.stage).toBe("Nearly done..."), 5_000);
    finish();
    await vi.waitFor(() => expect(client.getView(syncId)?.status).toBe("complete"), 5_000);
    await drained;
    expect(errors).toEqual([]);
    // The notice of a lost connection comes after 3 s.
    expect(longestAwayMs).toBeLessThan(3_000);
  });

  it("shows the server's sentence when a start is refused", async () => {
    const { first, second, url, started, finish } = await startTwoProcesses();
    const client = startClient(`${url}/api`, false);
    await startSync(first, client);
    await started;
    void first.service.drain();
    void second.service.close();
    const error = await client.startSync("gmail").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SyncRequestError);
    expect(error).toMatchObject({ status: 503, retryAfterMs: 5_000 });
    expect(startErrorText(error instanceof Error ? error : null, labelsEn)).toBe(
      "The server is restarting. Please try again in a moment.",
    );
    finish();
  });
});
