import { execFile } from "node:child_process";
import { request as httpRequest } from "node:http";
import { promisify } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { HOSTS, readEvents, startSyncServer } from "../../support/sync-server.js";

describe.each(HOSTS)("a stream on the host %s", (host) => {
  it("tells the state first, then progress, then the end, and ends", async () => {
    const { call, start } = await startSyncServer({}, host);
    const { syncId, run, finish } = await start();
    const response = await call(`/sync-progress/${syncId}/stream`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    const { events, retries } = await readEvents(response, ({ event }) => {
      if (event === "current_state") run.update({ status: "syncing", stage: "Fetching...", totalItems: 2 });
      if (event === "started") run.update({ status: "parsing" });
      if (event === "progress") finish();
    });
    expect(events.map(({ event }) => event)).toEqual(["current_state", "started", "progress", "complete"]);
    const data = events.map((event) => JSON.parse(event.data));
    expect(events.map(({ id }) => Number(id))).toEqual(data.map(({ seq }) => seq));
    expect(data[1]).toMatchObject({ sync_id: syncId, status: "syncing", stage: "Fetching...", total_items: 2 });
    expect(data[3]).toMatchObject({ status: "complete", percent_complete: 100 });
    expect(data[3]).not.toHaveProperty("tenant_id");
    expect(data[3]).not.toHaveProperty("user_id");
    expect(retries).toHaveLength(1);
  });

  it("keeps its headers for pages of another origin", async () => {
    const origin = "https://app.example.com";
    const { call, start } = await startSyncServer({ cors: { origin } }, host);
    const { syncId } = await start();
    for (const path of [`/sync-progress/${syncId}/stream`, "/sync-progress/stream"]) {
      for (const method of ["GET", "HEAD"]) {
        const { headers, body } = await call(path, { method, headers: { origin } });
        expect(Object.fromEntries(headers)).toMatchObject({
          "access-control-allow-origin": origin,
          "content-type": "text/event-stream",
          "cache-control": "no-cache, no-transform",
          "x-accel-buffering": "no",
        });
        await body?.cancel();
      }
    }
  });

  it("can be followed with curl -N", async () => {
    const { url, start, call, service } = await startSyncServer({}, host);
    const { syncId, run, finish } = await start();
    const curl = promisify(execFile)("curl", [
      "-sN",
      "-H",
      "x-user: acme/ada",
      `${url}/api/sync-progress/${syncId}/stream`,
    ]);
    await vi.waitFor(() => expect(service.stats().subscribers).toBe(1));
    run.update({ status: "syncing", totalItems: 1 });
    await call("/integrations");
    run.update({ stage: "Fetching..." });
    await call("/integrations");
    finish();
    const names = [...(await curl).stdout.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    expect(names[0]).toBe("current_state");
    expect(names.at(-1)).toBe("complete");
    expect(names).toContain("progress");
  });

  it("of a sync that has ended is its state and the end", async () => {
    const { call, start } = await startSyncServer({}, host);
    const { syncId, finish } = await start();
    finish();
    await vi.waitFor(async () => {
      const { events } = await readEvents(await call(`/sync-progress/${syncId}/stream`));
      expect(events.map(({ event, data }) => [event, JSON.parse(data).status])).toEqual([
        ["current_state", "complete"],
      ]);
    });
  });

  it("sends heartbeats that a page can see", async () => {
    const { call, start } = await startSyncServer({ heartbeatMs: 20 }, host);
    const { syncId, finish } = await start();
    let beats = 0;
    const { events } = await readEvents(await call(`/sync-progress/${syncId}/stream`), ({ event }) => {
      if (event !== "heartbeat") return;
      beats += 1;
      if (beats === 3) finish();
    });
    expect(
      events.filter(({ event, data }) => event === "heartbeat" && data === '{"interval_ms":20}').length,
    ).toBeGreaterThanOrEqual(3);
  });

  it("tells readers different times to come back", async () => {
    const { call, start } = await startSyncServer({ retryMs: 1_000 }, host);
    const { syncId, finish } = await start();
    const reads = Array.from({ length: 20 }, async () => readEvents(await call(`/sync-progress/${syncId}/stream`)));
    finish();
    const retries = (await Promise.all(reads)).flatMap(({ retries }) => retries);
    expect(new Set(retries).size).toBeGreaterThan(10);
    expect(Math.min(...retries)).toBeGreaterThanOrEqual(600);
    expect(Math.max(...retries)).toBeLessThanOrEqual(1_400);
  });

  it("lets go of a reader that goes away", async () => {
    const { call, start, service } = await startSyncServer({}, host);
    const { syncId } = await start();
    const gone = new AbortController();
    await call(`/sync-progress/${syncId}/stream`, { signal: gone.signal });
    await vi.waitFor(() => expect(service.stats().subscribers).toBe(1));
    gone.abort();
    await vi.waitFor(() => expect(service.stats().subscribers).toBe(0));
  });

  it("gives a slow reader the newest state and the end, and not what came between", async () => {
    const { url, start, call } = await startSyncServer({}, host);
    const { syncId, run, finish } = await start();
    const slow = Promise.withResolvers<string>();
    const request = httpRequest(`${url}/api/sync-progress/${syncId}/stream`, { headers: { "x-user": "acme/ada" } });
    const isStalled = Promise.withResolvers<void>();
    request.on("response", (response) => {
      let text = "";
      response.once("data", (chunk) => {
        text += chunk;
        response.pause();
        isStalled.resolve();
      });
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => slow.resolve(text));
      isStalled.promise.then(async () => {
        // Far more than the sockets' buffers hold between the two.
        for (let count = 0; count < 20_000; count += 1) {
          run.update({ status: "syncing", stage: `${count} ${"x".repeat(400)}` });
          if (count % 500 === 0) await call("/integrations");
        }
        finish();
        await vi.waitFor(async () => {
          const { progress } = await (await call(`/sync-progress/${syncId}`)).json();
          expect(progress.status).toBe("complete");
        });
        response.resume();
      });
    });
    request.end();
    const text = await slow.promise;
    expect(text.match(/^event: progress$/gm)?.length).toBeLessThan(15_000);
    expect(text.trimEnd().split("\n\n").at(-1)).toMatch(/^id: \d+\nevent: complete\n/);
  });
});
