import type { ServerResponse } from "node:http";
import { encodeReady, READY_EVENT } from "../../src/protocol/feed.js";
import { encodeSseFrame } from "../../src/protocol/sse-frame.js";
import { encodeSyncPage } from "../../src/protocol/sync-page.js";
import { type PlayRequest, serveBackend } from "../rendering/serve-page.ts";
import { frameOf, sendAtRate, snapshotOf } from "../rendering/snapshot-frames.ts";

/**
 * The backend of the growth benchmark, in a process of its own: `/api/N/` has a list and a feed of N running syncs, both
 * with the limits of our server. Their events are sent at a total rate that does not depend on N, each sync in turn.
 */

/** The most that the beginning of a feed, and a page of the list, have. */
const LIMIT = 200;
/** More than are done while the benchmark runs. */
const TOTAL_ITEMS = 1_000;

const feeds = new Map<number, ServerResponse>();

const idOf = (index: number) => `sync-${String(index).padStart(5, "0")}`;
const snapshotsFrom = (start: number, syncs: number) =>
  Array.from({ length: Math.max(0, Math.min(LIMIT, syncs - start)) }, (_, index) =>
    snapshotOf(idOf(start + index), 1, TOTAL_ITEMS),
  );

/** Sends events to the latest reader of the feed of so many syncs. */
async function play({ subject, eventsPerSecond, durationMs }: PlayRequest): Promise<number> {
  const syncs = Number(subject);
  const feed = feeds.get(syncs);
  if (feed === undefined) throw new Error(`nobody reads the feed of ${syncs} syncs`);
  const frames = Array.from({ length: Math.round((eventsPerSecond * durationMs) / 1_000) }, (_, index) =>
    Buffer.from(frameOf("progress", snapshotOf(idOf(index % syncs), 2 + Math.floor(index / syncs), TOTAL_ITEMS))),
  );
  await sendAtRate(feed, frames, eventsPerSecond);
  return frames.length;
}

function openFeed(response: ServerResponse, syncs: number): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  for (const snapshot of snapshotsFrom(0, syncs)) response.write(frameOf("current_state", snapshot));
  const data = encodeReady({ isReset: true, omitted: Math.max(0, syncs - LIMIT), viewer: `viewer-of-${syncs}` });
  response.write(encodeSseFrame({ event: READY_EVENT, data }));
  feeds.set(syncs, response);
}

function pageOf(query: URLSearchParams, syncs: number): string {
  const start = Number(query.get("cursor") ?? 0);
  const snapshots = snapshotsFrom(start, syncs).slice(0, Number(query.get("limit") ?? LIMIT));
  const end = start + snapshots.length;
  const nextCursor = end < syncs ? String(end) : null;
  return JSON.stringify(encodeSyncPage({ syncs: snapshots, nextCursor, hasFeed: true, viewer: `viewer-of-${syncs}` }));
}

function respond({ pathname, searchParams }: URL, response: ServerResponse): boolean {
  const [, syncs, stream] = /^\/api\/(\d+)\/sync-progress(\/stream)?$/.exec(pathname) ?? [];
  if (syncs === undefined) return false;
  if (stream !== undefined) openFeed(response, Number(syncs));
  else response.writeHead(200, { "content-type": "application/json" }).end(pageOf(searchParams, Number(syncs)));
  return true;
}

serveBackend({ respond, play });
