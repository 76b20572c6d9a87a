import { createServer } from "node:http";
import { createGzip } from "node:zlib";
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import type { SyncRoutesOptions } from "../../src/server/sync-routes.js";
import { toNodeHandler } from "../../src/server-node.js";
import { eventually } from "../support/eventually.js";
import { readStream } from "../support/read-stream.js";
import { FRAMEWORKS, listen } from "./frameworks.js";
import { aNodeClient, aSyncApp, follow } from "./mounted-syncs.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

describe.each(Object.keys(FRAMEWORKS))("the routes in %s", (name) => {
  async function mount(path = "/api", options: Partial<SyncRoutesOptions> = {}) {
    const app = aSyncApp({ basePath: path, ...options });
    const server = await FRAMEWORKS[name]?.(app.routes, path);
    if (server === undefined) throw new Error("There is no such framework.");
    const client = aNodeClient(`${server.url}${path}`);
    cleanups.push(
      () => client.close(),
      () => server.close(),
    );
    return { ...app, url: server.url, client };
  }

  it.each(["/api", "/v1/jobs"])("show a sync live, from its start to its end, below %s", async (path) => {
    const { client, lastWork, service } = await mount(path);
    const syncId = await client.startSync("gmail", { fullSync: true });
    const { view, views, unsubscribe } = follow(client, syncId);
    await eventually(() => expect(view()?.connection).toBe("live"));
    const { run, context, finish } = lastWork();
    expect(context.fullSync).toBe(true);
    run.update({ status: "syncing", stage: "Fetching emails...", totalItems: 2 });
    run.advance({ item: "Welcome" });
    await eventually(() => expect(view()?.snapshot).toMatchObject({ processedItems: 1, currentItem: "Welcome" }));
    run.fail({ item: "Invoice 42", reason: "Too large" });
    finish();
    await eventually(() => expect(view()).toMatchObject({ status: "complete", connection: "closed" }));
    expect(views.some(({ connection }) => connection === "polling")).toBe(false);
    unsubscribe();
    client.close();
    await eventually(() => expect(service.stats().subscribers).toBe(0));
  });

  it("take commands, with a body and without", async () => {
    const { client, lastWork } = await mount();
    const syncId = await client.startSync("gmail");
    const { view } = follow(client, syncId);
    await eventually(() => expect(view()?.connection).toBe("live"));
    await client.setNotify(syncId, { email: true });
    await eventually(() => expect(view()?.snapshot?.notifyEmail).toBe(true));
    lastWork().run.fail({ item: "Invoice 42", reason: "Too large" });
    await client.cancel(syncId);
    await eventually(() => expect(view()?.status).toBe("cancelled"));
    lastWork().finish();
    const retried = await client.retry(syncId, { only: "failed" });
    await eventually(() => expect(lastWork().run.syncId).toBe(retried));
    expect(lastWork().context.onlyFailed).toMatchObject([{ item: "Invoice 42" }]);
    lastWork().finish();
  });

  it("refuse a body that is too long, and one that is no JSON", async () => {
    const { url } = await mount();
    const start = (body: string) =>
      fetch(`${url}/api/integrations/gmail/sync`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
    expect((await start(JSON.stringify({ since: "x".repeat(20_000) }))).status).toBe(413);
    expect((await start("{")).status).toBe(400);
    expect((await start(JSON.stringify({ full_sync: "yes" }))).status).toBe(400);
  });

  it("notice when a reader leaves", async () => {
    const { client, url, service } = await mount();
    const syncId = await client.startSync("gmail");
    for (const path of [`/sync-progress/${syncId}/stream`, "/sync-progress/stream"]) {
      const readers = await Promise.all([1, 2].map(() => readStream(`${url}/api${path}`)));
      await eventually(() =>
        expect(readers.map((reader) => reader.events()[0])).toEqual(Array(2).fill("current_state")),
      );
      expect(readers[0]?.headers).toMatchObject({
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      });
      for (const reader of readers) reader.leave();
      await eventually(() => expect(service.stats().subscribers).toBe(0));
    }
  });

  it("queue nothing for a reader who stops to read, and disconnect them", async () => {
    const { client, url, service, lastWork } = await mount("/api", { limits: { stallTimeoutMs: 200, resumeMs: 1 } });
    const syncId = await client.startSync("gmail");
    const reader = await readStream(`${url}/api/sync-progress/${syncId}/stream`);
    await eventually(() => expect(reader.events()).toEqual(["current_state"]));
    reader.pause();
    const filler = setInterval(() => {
      for (let count = 0; count < 50; count += 1)
        lastWork().run.update({ stage: `${Math.random()}`.padEnd(1_000, "x") });
    }, 1);
    cleanups.push(() => clearInterval(filler));
    await eventually(() => expect(service.stats().subscribers).toBe(0));
  });

  it("leave other paths to others", async () => {
    const { url } = await mount();
    const path = name === "Node's http" ? "/" : "/api/hello";
    expect(await (await fetch(url + path)).text()).toBe("Hello");
    expect((await fetch(`${url}/api/unknown`)).status).toBe(404);
  });
});

describe("middleware in front", () => {
  async function serve(prepare: (app: express.Express) => void) {
    const { routes, ...app } = aSyncApp();
    const server = express();
    prepare(server);
    server.use("/api", toNodeHandler(routes));
    const { url, close } = await listen(createServer(server));
    cleanups.push(close);
    return { ...app, url };
  }

  it.each([
    ["as text", express.text({ type: "*/*" })],
    ["as bytes", express.raw({ type: "*/*" })],
    ["as JSON", express.json({ type: "*/*" })],
  ])("may have read the body %s", async (_, parser) => {
    const { url, lastWork } = await serve((server) => server.use(parser));
    const body = JSON.stringify({ full_sync: true });
    await fetch(`${url}/api/integrations/gmail/sync`, { method: "POST", body });
    await eventually(() => expect(lastWork().context.fullSync).toBe(true));
    lastWork().finish();
  });

  it("may compress the stream, if it has flush: every event goes out at once", async () => {
    const { url, lastWork } = await serve((server) =>
      server.use((request, response, next) => {
        if (!request.path.endsWith("/stream")) return next();
        const gzip = createGzip();
        const { write, end } = response;
        gzip.on("data", (chunk) => write.call(response, chunk, "utf8"));
        gzip.on("end", () => end.call(response, undefined, "utf8"));
        response.setHeader("content-encoding", "gzip");
        Object.assign(response, {
          write: (chunk: Uint8Array) => gzip.write(chunk),
          end: (chunk?: Uint8Array) => gzip.end(chunk),
          flush: () => gzip.flush(),
        });
        next();
      }),
    );
    const started = await fetch(`${url}/api/integrations/gmail/sync`, { method: "POST" });
    const { sync_id: syncId } = await started.json();
    const response = await fetch(`${url}/api/sync-progress/${syncId}/stream`);
    expect(response.headers.get("content-encoding")).toBe("gzip");
    let text = "";
    const reading = (async () => {
      const decoder = new TextDecoder();
      if (response.body !== null) for await (const chunk of response.body) text += decoder.decode(chunk);
    })();
    for (const stage of ["Fetching emails...", "Reading..."]) {
      lastWork().run.update({ stage });
      await eventually(() => expect(text).toContain(stage));
    }
    lastWork().finish();
    await reading;
    expect(text).toContain("event: complete");
  });
});
