import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { HEARTBEAT_INTERVAL_MS } from "../../../src/protocol/events.js";
import { readStream, type StreamReader } from "../../support/read-stream.js";
import { HOSTS, startSyncServer } from "../../support/sync-server.js";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A proxy that closes what has been silent for `idleMs`, as most do. */
async function startIdleProxy(target: string, idleMs: number): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(target).port), "127.0.0.1");
    upstream.setTimeout(idleMs, () => client.destroy());
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => other.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

describe.each(HOSTS)("a paused sync behind a proxy that closes silent connections, on the host %s", (host) => {
  const IDLE_MS = 2_000;

  async function readPausedSync(heartbeatMs: number): Promise<StreamReader> {
    const { url, call, start } = await startSyncServer({ heartbeatMs }, host);
    const { syncId } = await start();
    await call(`/sync-progress/${syncId}/pause`, { method: "POST" });
    const proxy = await startIdleProxy(url, IDLE_MS);
    const reader = await readStream(`${proxy}/api/sync-progress/${syncId}/stream`);
    cleanups.push(() => reader.leave());
    await vi.waitFor(() => expect(reader.events()).toEqual(["current_state"]));
    return reader;
  }

  it("is cut if the heartbeats are slower than that", async () => {
    const reader = await readPausedSync(60_000);
    await reader.closed;
    expect(reader.text()).not.toContain("heartbeat");
  });

  it("is not cut with heartbeats that are faster, as the default is for the 10 s that proxies commonly have", async () => {
    expect(HEARTBEAT_INTERVAL_MS).toBe(5_000);
    const reader = await readPausedSync(IDLE_MS / 10);
    let isClosed = false;
    void reader.closed.then(() => {
      isClosed = true;
    });
    // For longer than the proxy would wait, by the heartbeats themselves.
    await vi.waitFor(() => expect(reader.text().split("event: heartbeat").length).toBeGreaterThan(12), 10_000);
    expect(isClosed).toBe(false);
  });
});
