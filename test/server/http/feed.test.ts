import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import { createMemoryStore } from "../../../src/server/memory-store.js";
import type { Scope } from "../../../src/server/scope.js";
import { createSqliteStore } from "../../../src/server/sqlite/sqlite-store.js";
import type { SyncRun } from "../../../src/server/sync-run.js";
import type { SyncService } from "../../../src/server/sync-service.js";
import { eventually } from "../../support/eventually.js";
import { FeedModel } from "../../support/feed-model.js";
import { readStream } from "../../support/read-stream.js";
import { HOSTS, startSyncServer } from "../../support/sync-server.js";

const ADA: Scope = { tenantId: "acme", userId: "ada" };
const FEED = "/api/sync-progress/stream";
const TEN_MINUTES_MS = 10 * 60 * 1_000;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Starts a sync that does what the test says. */
async function startIn(service: SyncService, connectorType: string, scope = ADA) {
  const started = Promise.withResolvers<SyncRun>();
  const work = Promise.withResolvers<void>();
  const job = (run: SyncRun) => {
    started.resolve(run);
    return work.promise;
  };
  const { syncId, settled } = await service.run(scope, job, { connectorType });
  const end = () => {
    work.resolve();
    return settled;
  };
  return { syncId, end, run: await started.promise };
}

describe.each(HOSTS)("the feed on the host %s", (host) => {
  async function startServer(options: Parameters<typeof startSyncServer>[0] = {}) {
    const store = createMemoryStore();
    const service = createSyncService({ store, throttleMs: 1 });
    const server = await startSyncServer({ service, limits: { resumeMs: 50 }, ...options }, host);
    cleanups.push(() => service.close());
    const open = async (model = new FeedModel(), headers: Record<string, string> = {}) => {
      const url = `${server.url}${FEED}`;
      const reader = await readStream(url, { ...model.connect(), ...headers }, (text) => model.feed(text));
      cleanups.push(() => reader.leave());
      return { model, ...reader };
    };
    const openReady = async (model = new FeedModel(), headers: Record<string, string> = {}) => {
      const before = model.ready.length;
      const reader = await open(model, headers);
      await eventually(() => expect(model.ready).toHaveLength(before + 1));
      return reader;
    };
    const subscribers = () => service.stats().subscribers;
    const start = (type: string, scope = ADA) => startIn(service, type, scope);
    return { ...server, store, service, start, open, openReady, subscribers };
  }

  it("sends the state, then ready, then every change, and does not end with a sync", async () => {
    const { start, openReady, call } = await startServer();
    const gmail = await start("gmail");
    const slack = await start("slack");
    slack.run.update({ status: "syncing", stage: "Fetching..." });
    const { model, text, headers } = await openReady();
    expect(headers).toMatchObject({ "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" });
    expect([...model.events].sort()).toEqual(
      [`current_state ${gmail.syncId}`, `current_state ${slack.syncId}`, "ready"].sort(),
    );
    expect(model.events.at(-1)).toBe("ready");
    const { viewer, feed } = await (await call("/sync-progress")).json();
    expect([feed, model.ready]).toEqual([true, [{ isReset: true, omitted: 0, viewer }]]);
    gmail.run.update({ status: "syncing", totalItems: 2 });
    await gmail.end();
    slack.run.update({ stage: "Reading..." });
    await eventually(() => expect(model.syncs.get(slack.syncId)).toMatchObject({ stage: "Reading..." }));
    expect(model.syncs.get(gmail.syncId)).toMatchObject({ status: "complete", percent_complete: 100 });
    expect(model.events).toContain(`complete ${gmail.syncId}`);
    expect(model.events.filter((event) => event === "ready")).toHaveLength(1);
    expect(text()).toMatch(/^retry: \d+\n\nid: \nevent: current_state\n/);
    for (const snapshot of model.syncs.values()) {
      expect(snapshot).not.toHaveProperty("tenant_id");
      expect(snapshot.capabilities).toContain("cancel");
    }
  });

  it("is ready at once for somebody who has no sync, and sends heartbeats", async () => {
    const { openReady } = await startServer({ heartbeatMs: 20 });
    const { model, text } = await openReady();
    expect(model.events).toEqual(["ready"]);
    await eventually(() => expect(text()).toContain('event: heartbeat\ndata: {"interval_ms":20}'));
  });

  it("shows syncs that are started, end and are deleted in another process", async () => {
    const { store, openReady } = await startServer();
    const elsewhere = createSyncService({ store });
    cleanups.push(() => elsewhere.close());
    const { model } = await openReady();
    const { syncId, end } = await startIn(elsewhere, "gmail");
    await eventually(() => expect(model.syncs.get(syncId)).toMatchObject({ status: "queued" }));
    await end();
    await eventually(() => expect(model.syncs.get(syncId)).toMatchObject({ status: "complete" }));
    await store.deleteEndedBefore(Date.now() + 1, 10);
    await eventually(() => expect(model.events.at(-1)).toBe(`removed ${syncId}`));
  });

  it("does so over a file, with a request of a mail and a command that another process takes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "feed-"));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const [here, there] = [0, 1].map(() => {
      const store = createSqliteStore({ path: join(folder, "syncs.db") });
      const service = createSyncService({ store, notices: { email: {} } });
      cleanups.unshift(async () => {
        await service.close();
        await store.close();
      });
      return service;
    });
    if (here === undefined || there === undefined) throw new Error("no services");
    const { openReady } = await startServer({ service: here });
    const { model } = await openReady();
    const { syncId, run } = await startIn(there, "gmail");
    await eventually(() => expect(model.syncs.get(syncId)).toMatchObject({ notify_email: false }));
    run.update({ status: "syncing", stage: "Fetching..." });
    await eventually(() => expect(model.syncs.get(syncId)).toMatchObject({ stage: "Fetching..." }));
    await here.setNotifyEmail(ADA, syncId, true);
    await eventually(() => expect(model.syncs.get(syncId)).toMatchObject({ notify_email: true }));
    await here.cancel(ADA, syncId);
    await eventually(() => expect(model.syncs.get(syncId)).toMatchObject({ status: "cancelled", notify_email: true }));
  });

  it("carries nothing of another person or tenant", async () => {
    const { start, openReady } = await startServer();
    const users = ["acme/ada", "acme/eve", "globex/ada"];
    const of = (user: string) => {
      const [tenantId = "", userId = ""] = user.split("/");
      return { tenantId, userId };
    };
    const syncs = await Promise.all(users.map((user) => start("gmail", of(user))));
    const readers = await Promise.all(users.map((user) => openReady(new FeedModel(), { "x-user": user })));
    for (const { run } of syncs) run.update({ stage: "Fetching..." });
    for (const [index, user] of users.entries()) {
      const later = await start("slack", of(user));
      await syncs[index]?.end();
      const model = readers[index]?.model;
      await eventually(() => expect(model?.events.at(-1)).toBe(`complete ${syncs[index]?.syncId}`));
      expect([...(model?.syncs.keys() ?? [])].sort()).toEqual([syncs[index]?.syncId, later.syncId].sort());
    }
    // Not even with the id of an event of theirs.
    const foreign = new FeedModel();
    foreign.lastEventId = readers[0]?.model.lastEventId ?? null;
    await openReady(foreign, { "x-user": "acme/eve" });
    expect(foreign.ready).toMatchObject([{ isReset: true }]);
    expect(foreign.syncs.has(syncs[0]?.syncId ?? "")).toBe(false);
    expect(new Set(readers.map(({ model }) => model.ready[0]?.viewer)).size).toBe(3);
  });

  it("begins with what runs and what has ended within ten minutes", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { start, openReady } = await startServer();
    const old = await start("gmail");
    const running = await start("slack");
    await old.end();
    vi.setSystemTime(Date.now() + TEN_MINUTES_MS / 2);
    const recent = await start("gmail");
    await recent.end();
    vi.setSystemTime(Date.now() + TEN_MINUTES_MS / 2 + 1);
    const { model } = await openReady();
    expect([...model.syncs.keys()].sort()).toEqual([running.syncId, recent.syncId].sort());
    // The same for a reader who joins others.
    vi.setSystemTime(Date.now() + TEN_MINUTES_MS);
    expect([...(await openReady()).model.syncs.keys()]).toEqual([running.syncId]);
  });

  it("begins with the 200 newest at most, those that run first, and sends the others when they change", async () => {
    const { start, openReady } = await startServer();
    const all = [];
    vi.useFakeTimers({ toFake: ["Date"] });
    for (let index = 0; index < 230; index += 1) {
      all.push(await start(`type-${index}`));
      vi.setSystemTime(Date.now() + 1);
    }
    await (await start("ended")).end();
    const { model } = await openReady();
    expect(model.ready).toMatchObject([{ isReset: true, omitted: 31 }]);
    expect(model.syncs.size).toBe(200);
    const newest = all.slice(30).map(({ syncId }) => syncId);
    expect([...model.syncs.keys()].sort()).toEqual(newest.sort());
    const [oldest] = all;
    oldest?.run.update({ stage: "Still here" });
    await eventually(() => expect(model.syncs.get(oldest?.syncId ?? "")).toMatchObject({ stage: "Still here" }));
    expect([...(await openReady()).model.syncs.keys()].sort()).toEqual(newest.sort());
  });

  it("sends a reader who comes back only what has changed since, also what was deleted", async () => {
    const { start, store, openReady, url } = await startServer({ limits: { resumeMs: 60_000 } });
    const [gmail, slack, drive] = [await start("gmail"), await start("slack"), await start("drive")];
    const ended = await start("notion");
    await ended.end();
    const model = new FeedModel();
    const reader = await openReady(model);
    slack.run.update({ stage: "Fetching..." });
    await eventually(() => expect(model.syncs.get(slack.syncId)).toMatchObject({ stage: "Fetching..." }));
    reader.leave();
    await store.deleteEndedBefore(Date.now() + 1, 1);
    await drive.end();
    const late = await start("late");
    const before = model.events.length;
    await openReady(model);
    expect(model.events.slice(before)).toEqual([
      `removed ${ended.syncId}`,
      `current_state ${drive.syncId}`,
      `current_state ${late.syncId}`,
      "ready",
    ]);
    expect(model.ready.at(-1)).toMatchObject({ isReset: false, omitted: 0 });
    expect(model.syncs.get(drive.syncId)).toMatchObject({ status: "complete" });
    expect([...model.syncs.keys()].sort()).toEqual([gmail, slack, drive, late].map(({ syncId }) => syncId).sort());
    // A page that has to open it anew cannot set the header.
    const again = new FeedModel();
    const opened = await readStream(`${url}${FEED}?last_event_id=${model.lastEventId}`, {}, (text) => again.feed(text));
    cleanups.push(() => opened.leave());
    await eventually(() => expect(again.events).toEqual(["ready"]));
  });

  it.each(["", "x", "x.7", ".7", "0.0", "EPOCH.999", "EPOCH.-1", "EPOCH.1e3", "EPOCH.", "EPOCH"])(
    "sends everything to a reader who comes back with the id %j",
    async (id) => {
      const { start, openReady } = await startServer();
      const { syncId } = await start("gmail");
      const { model } = await openReady();
      const other = new FeedModel();
      other.lastEventId = id.replace("EPOCH", model.lastEventId?.split(".")[0] ?? "");
      await openReady(other);
      expect(other.ready).toMatchObject([{ isReset: true }]);
      expect([...other.syncs.keys()]).toEqual([syncId]);
    },
  );

  it("sends everything to a reader who comes back too late, or to another process", async () => {
    const { store, start, openReady, subscribers } = await startServer();
    const { syncId } = await start("gmail");
    const model = new FeedModel();
    const reader = await openReady(model);
    reader.leave();
    await eventually(() => expect(subscribers()).toBe(0));
    await openReady(model);
    const elsewhere = createSyncService({ store });
    cleanups.push(() => elsewhere.close());
    const other = await startServer({ service: elsewhere });
    await other.openReady(model);
    expect(model.ready.map(({ isReset }) => isReset)).toEqual([true, true, true]);
    expect([...model.syncs.keys()]).toEqual([syncId]);
  });

  it("gives a slow reader the newest of each sync and every end, and an id only when nothing waits", async () => {
    const { start, openReady, streams } = await startServer();
    const [busy, other, third] = [await start("gmail"), await start("slack"), await start("drive")];
    const { model, pause, resume, text } = await openReady();
    const isFull = () => [...streams].some((socket) => socket.writableNeedDrain);
    pause();
    for (let count = 0; !isFull(); count += 1) {
      busy.run.update({ stage: `${count} ${"x".repeat(400)}` });
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (let count = 0; count < 2_000; count += 1) {
      busy.run.update({ stage: `later ${count}` });
      other.run.update({ stage: `other ${count}` });
      if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await other.end();
    third.run.update({ stage: "third" });
    const eventsBefore = model.events.length;
    resume();
    await eventually(() => expect(model.syncs.get(third.syncId)).toMatchObject({ stage: "third" }));
    await eventually(() => expect(model.syncs.get(busy.syncId)).toMatchObject({ stage: "later 1999" }));
    expect(model.syncs.get(other.syncId)).toMatchObject({ status: "complete" });
    const own = model.events.slice(eventsBefore);
    expect(own.filter((event) => event.endsWith(other.syncId))).toEqual([`complete ${other.syncId}`]);
    expect(text().match(/later \d+/g)?.length).toBeLessThan(5);
    // The last event has an id again, with which nothing is missed.
    expect(text().trimEnd().split("\n\n").at(-1)).toMatch(/^id: /);
  });

  it("gives the id of an event only if all before it was sent", async () => {
    const { start, service, openReady, streams } = await startServer({ limits: { resumeMs: 60_000 } });
    const [busy, other] = [await start("gmail"), await start("slack")];
    const reader = await openReady();
    const { model } = reader;
    reader.pause();
    const isFull = () => [...streams].some((socket) => socket.writableNeedDrain);
    for (let count = 0; !isFull(); count += 1) {
      busy.run.update({ stage: `${count} ${"x".repeat(400)}` });
      await new Promise((resolve) => setImmediate(resolve));
    }
    other.run.update({ stage: "waits" });
    await other.end();
    busy.run.update({ stage: "the last" });
    await eventually(async () => expect((await service.get(ADA, busy.syncId))?.snapshot.stage).toBe("the last"));
    // It breaks with all that waits.
    reader.leave();
    await eventually(() => expect(streams.size).toBe(0));
    await openReady(model);
    expect(model.syncs.get(other.syncId)).toMatchObject({ status: "complete" });
    expect(model.syncs.get(busy.syncId)).toMatchObject({ stage: "the last" });
    expect(model.ready.at(-1)).toMatchObject({ isReset: false });
  });

  it("ends when its reader signs out, who then gets 401", async () => {
    let scope: Scope | null = ADA;
    const { openReady, open, subscribers } = await startServer({ heartbeatMs: 20, authenticate: () => scope });
    const reader = await openReady();
    scope = null;
    await reader.closed;
    expect((await open()).status).toBe(401);
    await eventually(() => expect(subscribers()).toBe(0));
  });

  it("ends when somebody else signs in", async () => {
    let scope = ADA;
    const { start, openReady } = await startServer({ heartbeatMs: 20, authenticate: () => scope });
    await start("gmail");
    const reader = await openReady();
    scope = { tenantId: "acme", userId: "eve" };
    await reader.closed;
    await openReady(reader.model);
    expect(reader.model.syncs.size).toBe(0);
  });

  it("counts as a stream of the person", async () => {
    const { start, openReady, call, open } = await startServer({ limits: { streamsPerUser: 1, resumeMs: 50 } });
    const { syncId } = await start("gmail");
    const reader = await openReady();
    const refused = [await call("/sync-progress/stream"), await call(`/sync-progress/${syncId}/stream`)];
    expect(refused.map(({ status }) => status)).toEqual([429, 429]);
    expect((await call("/sync-progress/stream", { user: "acme/eve", method: "HEAD" })).status).toBe(200);
    reader.leave();
    await eventually(async () => expect((await open()).status).toBe(200));
  });

  it("is opened by no HEAD request, and costs nothing if nobody reads it", async () => {
    const { app, call, subscribers } = await startServer();
    const head = await call("/sync-progress/stream", { method: "HEAD" });
    expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const response = await app.request(FEED, { headers: { "x-user": "acme/ada" } });
    expect([response.status, subscribers()]).toEqual([200, 0]);
    await response.body?.cancel();
  });

  it("shares one subscription and the bytes of an event among all readers of a person, and leaves nothing behind", async () => {
    const { start, openReady, subscribers, streams } = await startServer();
    const { run, syncId } = await start("gmail");
    const all = await Promise.all(Array.from({ length: 20 }, () => openReady()));
    expect(subscribers()).toBe(1);
    const encode = vi.spyOn(TextEncoder.prototype, "encode");
    run.update({ status: "syncing", stage: "for everybody" });
    await eventually(() =>
      expect(all.every(({ model }) => model.syncs.get(syncId)?.stage === "for everybody")).toBe(true),
    );
    expect(encode.mock.calls.filter(([given]) => given?.includes("for everybody"))).toHaveLength(1);
    for (const reader of all) reader.leave();
    await eventually(() => expect([subscribers(), streams.size]).toEqual([0, 0]));
  });

  it("ends if the store cannot be read, says so to onError, and works for the next reader", async () => {
    const onError = vi.fn();
    const { service, open, openReady, subscribers } = await startServer({ onError });
    vi.spyOn(service, "subscribe").mockRejectedValueOnce(new Error("the store is down"));
    const reader = await open();
    await reader.closed;
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "the store is down" }));
    expect(reader.model.events).toEqual([]);
    expect(subscribers()).toBe(0);
    await openReady();
  });

  it("that is left before the state is there subscribes to nothing", async () => {
    const { service, open, subscribers, streams } = await startServer({ limits: { resumeMs: 1 } });
    const subscribe = service.subscribe.bind(service);
    const isReady = Promise.withResolvers<void>();
    vi.spyOn(service, "subscribe").mockImplementation(async (...given) => {
      await isReady.promise;
      return subscribe(...given);
    });
    const reader = await open();
    reader.leave();
    await eventually(() => expect(streams.size).toBe(0));
    // Longer than resumeMs, so that nobody waits for the subscription any more.
    await new Promise((resolve) => setTimeout(resolve, 20));
    isReady.resolve();
    await eventually(() => expect(service.subscribe).toHaveResolved());
    await eventually(() => expect(subscribers()).toBe(0));
  });
});
