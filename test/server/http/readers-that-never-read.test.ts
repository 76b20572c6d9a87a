import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { getDefaultHighWaterMark } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import type { ServiceEvent } from "../../../src/server/service-event.js";
import { createSyncRoutes } from "../../../src/server/sync-routes.js";
import { readStream } from "../../support/read-stream.js";
import { type RunningServer, serveFetch } from "../../support/serve-fetch.js";
import type { Host } from "../../support/sync-server.js";
import { aJob } from "../a-job.js";

const ADA = { tenantId: "acme", userId: "ada" };
const READERS = 100;
/** What Node takes before it says that it is full, and one event. */
const MOST_BYTES = getDefaultHighWaterMark(false) + 6_000;
/** The largest that a job can report: about 5 kB an event. */
const STAGE = "語".repeat(490);
const ITEM = "語".repeat(1_000);

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0).reverse()) await close();
});

async function startServer(host: Host, stallTimeoutMs: number) {
  const events: ServiceEvent[] = [];
  const service = createSyncService({ throttleMs: 1, observers: [{ onEvent: (event) => events.push(event) }] });
  const limits = { streamsPerUser: Number.POSITIVE_INFINITY, stallTimeoutMs };
  const routes = createSyncRoutes({ service, integrations: [], authenticate: () => ADA, limits, heartbeatMs: 100 });
  const server = await serveFetch(host === "node" ? routes.fetch : (request) => routes.fetch(request));
  closing.push(
    () => server.close(),
    () => service.close(),
  );
  const { job, started, finish } = aJob();
  const { syncId } = await service.run(ADA, job);
  const run = await started;
  let count = 0;
  const update = () => {
    count += 1;
    run.update({ stage: `${count} ${STAGE}`, currentItem: ITEM });
  };
  return { events, service, server, syncId, update, finish };
}

/** A connection that requests a stream and takes nothing of it. */
async function openSilently({ url }: RunningServer, path: string): Promise<Socket> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  closing.push(() => socket.destroy());
  socket.pause();
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  return socket;
}

describe("100 sockets that never read", () => {
  it.each([
    ["sync", "node"],
    ["feed", "fetch"],
  ] as const)("hold a bounded number of bytes each, and are closed: %s on the host %s", async (kind, host) => {
    // The host prints every reader that is disconnected.
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { events, service, server, syncId, update, finish } = await startServer(host, 1_500);
    const path = `/api/sync-progress/${kind === "sync" ? `${syncId}/` : ""}stream`;
    const healthy = await readStream(server.url + path);
    closing.push(() => healthy.leave());
    await Promise.all(Array.from({ length: READERS }, () => openSilently(server, path)));
    await vi.waitFor(() => expect(server.streams.size).toBe(READERS + 1));

    // The buffers of the kernel take some megabytes a socket; how many is its own affair.
    const full = () => [...server.streams].filter((socket) => socket.writableNeedDrain);
    const ofStreams = () => [...server.streams].map((socket) => socket.writableLength);
    let most = 0;
    while (server.streams.size > 1) {
      update();
      most = Math.max(most, ...ofStreams());
      await new Promise((resolve) => setTimeout(resolve, full().length > READERS / 2 ? 10 : 0));
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(MOST_BYTES);

    const closed = events.filter((event) => event.event === "stream-closed");
    expect(closed).toHaveLength(READERS);
    for (const event of closed) expect(event).toMatchObject({ kind, reason: "stalled" });
    finish();
    await vi.waitFor(() => expect(healthy.events().at(-1)).toBe("complete"));
    healthy.leave();
    await vi.waitFor(() => expect(service.stats().subscribers).toBeLessThanOrEqual(kind === "feed" ? 1 : 0));
    const sent = events.filter((event) => event.event === "events-sent");
    expect(sent.reduce((sum, { coalesced }) => sum + coalesced, 0)).toBeGreaterThan(READERS);
  });
});
