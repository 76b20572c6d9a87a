import type { ServerResponse } from "node:http";
import { encodeSnapshot } from "../../src/protocol/snapshot.js";
import { type PlayRequest, serveBackend } from "./serve-page.ts";
import { frameOf, sendAtRate, snapshotOf } from "./snapshot-frames.ts";

/**
 * The backend of the rendering benchmark, in a process of its own: serves the page, and sends a sync's events as fast
 * as the request says. It encodes nothing while it sends.
 */

const streams = new Map<string, ServerResponse>();
const ended = new Map<string, string>();

async function play({ subject: syncId, eventsPerSecond, durationMs }: PlayRequest): Promise<number> {
  const stream = streams.get(syncId);
  if (stream === undefined) throw new Error(`nobody reads ${syncId}`);
  const total = Math.round((eventsPerSecond * durationMs) / 1_000);
  const frames = Array.from({ length: total - 1 }, (_, index) =>
    Buffer.from(frameOf("progress", snapshotOf(syncId, index + 1, total))),
  );
  await sendAtRate(stream, frames, eventsPerSecond);
  const end = snapshotOf(syncId, total, total);
  ended.set(syncId, JSON.stringify({ success: true, progress: encodeSnapshot(end) }));
  stream.end(frameOf("complete", end));
  return total;
}

function respond({ pathname }: URL, response: ServerResponse): boolean {
  const [, syncId = "", last] = /^\/api\/sync-progress\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? [];
  if (syncId === "") return false;
  if (last === "stream") {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(frameOf("current_state", snapshotOf(syncId, 0, 1)));
    streams.set(syncId, response);
  } else {
    const running = JSON.stringify({ success: true, progress: encodeSnapshot(snapshotOf(syncId, 0, 1)) });
    response.writeHead(200, { "content-type": "application/json" }).end(ended.get(syncId) ?? running);
  }
  return true;
}

serveBackend({ respond, play });
