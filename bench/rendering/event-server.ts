import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SNAPSHOT_EVENTS } from "../../src/protocol/events.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { encodeSseFrame } from "../../src/protocol/sse-frame.js";

/**
 * The backend of the rendering benchmark, in a process of its own: serves the page, and sends a sync's events as fast
 * as the request says. It encodes nothing while it sends.
 */

/** Asks for the page's files to be served, or for a sync to be played to whoever reads it. */
export type ServerRequest =
  | { readonly type: "serve"; readonly script: string; readonly html: string }
  | { readonly type: "play"; readonly syncId: string; readonly eventsPerSecond: number; readonly durationMs: number };

export type ServerReply =
  | { readonly type: "serving"; readonly url: string }
  | { readonly type: "played"; readonly events: number };

const TICK_MS = 4;

const streams = new Map<string, ServerResponse>();
const ended = new Map<string, string>();

function snapshotOf(syncId: string, processedItems: number, totalItems: number): SyncSnapshot {
  const isComplete = processedItems === totalItems;
  return {
    syncId,
    connectorType: "bench",
    status: isComplete ? "complete" : "syncing",
    stage: "Fetching messages...",
    phase: null,
    phases: [],
    totalItems,
    processedItems,
    failedItems: 0,
    currentItem: `Message ${processedItems} about the weather of this week.eml`,
    errorMessage: null,
    errorCode: null,
    percentComplete: null,
    capabilities: ["cancel", "pause"],
    notifyEmail: null,
    startedBy: null,
    seq: processedItems + 1,
    startedAt: START_TIME,
    updatedAt: START_TIME + processedItems,
    completedAt: isComplete ? START_TIME + processedItems : null,
  };
}
const START_TIME = Date.UTC(2026, 0, 1);

function frameOf(event: (typeof SNAPSHOT_EVENTS)[number], snapshot: SyncSnapshot): string {
  return encodeSseFrame({ event, id: snapshot.seq ?? 0, data: JSON.stringify(encodeSnapshot(snapshot)) });
}

async function play({ syncId, eventsPerSecond, durationMs }: ServerRequest & { type: "play" }): Promise<number> {
  const stream = streams.get(syncId);
  if (stream === undefined) throw new Error(`nobody reads ${syncId}`);
  const total = Math.round((eventsPerSecond * durationMs) / 1_000);
  const frames = Array.from({ length: total - 1 }, (_, index) =>
    Buffer.from(frameOf("progress", snapshotOf(syncId, index + 1, total))),
  );
  const end = snapshotOf(syncId, total, total);
  const startedAt = performance.now();
  let sent = 0;
  while (sent < frames.length) {
    const due = Math.min(frames.length, Math.floor(((performance.now() - startedAt) / 1_000) * eventsPerSecond));
    if (due > sent && !stream.write(Buffer.concat(frames.slice(sent, due)))) await once(stream, "drain");
    sent = Math.max(sent, due);
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  ended.set(syncId, JSON.stringify({ success: true, progress: encodeSnapshot(end) }));
  stream.end(frameOf("complete", end));
  return total;
}

async function serve({ script, html }: ServerRequest & { type: "serve" }): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const [, syncId = "", last] = /^\/api\/sync-progress\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? [];
    if (last === "stream") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(frameOf("current_state", snapshotOf(syncId, 0, 1)));
      streams.set(syncId, response);
    } else if (syncId !== "") {
      const running = JSON.stringify({ success: true, progress: encodeSnapshot(snapshotOf(syncId, 0, 1)) });
      response.writeHead(200, { "content-type": "application/json" }).end(ended.get(syncId) ?? running);
    } else if (pathname === "/page.js") {
      response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    } else {
      response.writeHead(200, { "content-type": "text/html" }).end(html);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

process.on("message", async (request: ServerRequest) => {
  const reply: ServerReply =
    request.type === "serve"
      ? { type: "serving", url: await serve(request) }
      : { type: "played", events: await play(request) };
  process.send?.(reply);
});
