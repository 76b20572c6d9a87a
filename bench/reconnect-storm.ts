import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { EventSource } from "eventsource";
import { SyncClient } from "react-sync-progress/headless";

/**
 * 500 watches lose one server and get it back: when do they return? Prints a histogram for a server that advises each
 * reader its own time to wait, as ours does, and for one that advises none. `npm run bench:storm`
 */

const WATCHES = 500;
const BIN_MS = 200;
const AWAY_MS = 1_000;

interface Outcome {
  readonly returns: readonly number[];
  readonly requests: number;
}

async function loseServer(retryLine: () => string): Promise<Outcome> {
  const sockets = new Set<Socket>();
  let requests = 0;
  let backAt = Number.POSITIVE_INFINITY;
  const returns: number[] = [];
  const respond = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", (data) => {
      requests += 1;
      const path = data.toString().split(" ", 2)[1] ?? "";
      const syncId = path.split("/")[2];
      const snapshot = JSON.stringify({
        sync_id: syncId,
        status: "syncing",
        total_items: 10,
        processed_items: 1,
        seq: requests,
      });
      if (!path.endsWith("/stream")) {
        socket.end(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${snapshot.length}\r\nconnection: close\r\n\r\n${snapshot}`,
        );
        return;
      }
      if (performance.now() >= backAt) returns.push(performance.now() - backAt);
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n${retryLine()}event: current_state\ndata: ${snapshot}\n\n`,
      );
    });
  };
  let server = createServer(respond).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = new SyncClient({
    baseUrl: `http://127.0.0.1:${port}`,
    createEventSource: (url) => new EventSource(url),
  });
  const ids = Array.from({ length: WATCHES }, (_, index) => `sync-${index}`);
  for (const id of ids) client.subscribe(id, () => {});
  const areLive = () => ids.every((id) => client.getView(id)?.connection === "live");
  while (!areLive()) await new Promise((resolve) => setTimeout(resolve, 20));

  server.close();
  for (const socket of sockets) socket.resetAndDestroy();
  sockets.clear();
  await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
  requests = 0;
  server = createServer(respond).listen(port, "127.0.0.1");
  await once(server, "listening");
  backAt = performance.now();
  while (!areLive()) await new Promise((resolve) => setTimeout(resolve, 20));
  client.close();
  server.close();
  for (const socket of sockets) socket.destroy();
  return { returns, requests };
}

function print(title: string, { returns, requests }: Outcome): void {
  process.stdout.write(
    `\n${title}: ${WATCHES} watches, server away for ${AWAY_MS} ms, ${requests} requests after it came back\n`,
  );
  const bins = new Map<number, number>();
  for (const ms of returns) bins.set(Math.floor(ms / BIN_MS), (bins.get(Math.floor(ms / BIN_MS)) ?? 0) + 1);
  const last = Math.max(...bins.keys());
  for (let bin = 0; bin <= last; bin += 1) {
    const count = bins.get(bin) ?? 0;
    process.stdout.write(
      `${String(bin * BIN_MS).padStart(5)} ms ${String(count).padStart(4)} ${"#".repeat(Math.ceil(count / 5))}\n`,
    );
  }
}

print(
  "retry advised to each reader, 2,000 ms give or take 40 %",
  await loseServer(() => `retry: ${Math.round(2_000 * (0.6 + Math.random() * 0.8))}\n\n`),
);
print("no retry advised", await loseServer(() => ""));
process.exit(0);
