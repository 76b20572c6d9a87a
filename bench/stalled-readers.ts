import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createAdaptorServer } from "@hono/node-server";
import { createSyncRoutes, createSyncService } from "react-sync-progress/server";

/**
 * What 1,000 readers cost who open a stream and never read, during a minute of updates of about 5 kB, ten a second: once if
 * they are never disconnected, and once as it is by default. Prints memory, the bytes that wait in the server, and how many
 * streams are open. The sockets are those of the file system, whose buffers in the kernel are small. `npm run bench:stalled`;
 * `STALLED_SECONDS` is how long the updates take.
 */

const READERS = 1_000;
const SECONDS = Number(process.env["STALLED_SECONDS"] ?? 60);
const LOOKS = 6;
const UPDATE_EVERY_MS = 100;
const TEXT = "語".repeat(1_000);

interface Measures {
  readonly rssMb: number;
  readonly heapMb: number;
  readonly waitingMb: number;
  readonly mostWaitingKb: number;
  readonly streams: number;
}

async function runServer(path: string, stallTimeoutMs: number): Promise<void> {
  const service = createSyncService();
  const limits = { streamsPerUser: Number.POSITIVE_INFINITY, stallTimeoutMs };
  const authenticate = () => ({ tenantId: "bench", userId: "ada" });
  const routes = createSyncRoutes({ service, integrations: [], authenticate, limits });
  const server = createAdaptorServer({ fetch: routes.fetch });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(path);
  await once(server, "listening");
  const { syncId } = await service.run({ tenantId: "bench", userId: "ada" }, async (run) => {
    for (let count = 0; ; count += 1) {
      run.update({ status: "syncing", stage: `${count} ${TEXT.slice(0, 490)}`, currentItem: TEXT });
      await wait(UPDATE_EVERY_MS, undefined, { signal: run.signal });
    }
  });
  process.on("message", async () => {
    globalThis.gc?.();
    await wait(50);
    const { rss, heapUsed } = process.memoryUsage();
    const waiting = [...sockets].map((socket) => socket.writableLength);
    const measures: Measures = {
      rssMb: rss / 1e6,
      heapMb: heapUsed / 1e6,
      waitingMb: waiting.reduce((sum, bytes) => sum + bytes, 0) / 1e6,
      mostWaitingKb: Math.max(0, ...waiting) / 1e3,
      streams: sockets.size,
    };
    process.send?.(measures);
  });
  process.send?.(`/api/sync-progress/${syncId}/stream`);
}

async function look(server: ChildProcess, title: string): Promise<void> {
  server.send("measure");
  const [{ rssMb, heapMb, waitingMb, mostWaitingKb, streams }] = (await once(server, "message")) as [Measures];
  process.stdout.write(
    `${title.padEnd(12)} rss ${rssMb.toFixed(0)} MB  heap ${heapMb.toFixed(1)} MB  waiting ${waitingMb.toFixed(1)} MB, at most ${mostWaitingKb.toFixed(0)} kB a socket  streams ${streams}\n`,
  );
}

async function compare(title: string, stallTimeoutMs: string): Promise<void> {
  process.stdout.write(`\n${title}\n`);
  const folder = mkdtempSync(join(tmpdir(), "sync-stalled-"));
  const path = join(folder, "server.sock");
  const server = fork(fileURLToPath(import.meta.url), [path, stallTimeoutMs], {
    execArgv: [...process.execArgv, "--expose-gc"],
  });
  const [stream] = (await once(server, "message")) as [string];
  await look(server, "no reader");
  const sockets: Socket[] = [];
  for (let count = 0; count < READERS; count += 1) {
    const socket = connect(path);
    socket.pause();
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write(`GET ${stream} HTTP/1.1\r\nhost: x\r\n\r\n`);
    sockets.push(socket);
    // The queue of connections that wait to be accepted is short.
    if (count % 100 === 99) await wait(100);
  }
  for (let seconds = 0; seconds <= SECONDS; seconds += SECONDS / LOOKS) {
    if (seconds > 0) await wait((SECONDS * 1_000) / LOOKS);
    await look(server, `${Math.round(seconds)} s`);
  }
  for (const socket of sockets) socket.destroy();
  await wait(1_000);
  await look(server, "all have left");
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

const [, , path, stallTimeoutMs] = process.argv;
if (path !== undefined) await runServer(path, Number(stallTimeoutMs));
else {
  await compare(`${READERS} readers that never read and are never disconnected`, "Infinity");
  await compare(`${READERS} readers that never read, disconnected after 30 s as by default`, "30000");
}
