import type { Context, Hono } from "hono";
import { PATHS } from "../../protocol/endpoints.js";
import { nodeResponseOf } from "./node-response.js";
import { type RouteEnv, unknownSync } from "./route-env.js";
import type { SyncStreams } from "./sync-streams.js";
import { viewerKeyOf } from "./viewer-key.js";

/** Proxies must neither hold back nor change an event stream. */
const STREAM_HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

/** Adds the feed and the stream of one sync. Hono gives HEAD to these handlers, and drops the body without a word. */
export function addStreamRoutes(app: Hono<RouteEnv>, streams: SyncStreams): void {
  app.get(PATHS.feed, async (context) => {
    const scope = context.get("scope");
    if (context.req.method === "HEAD") return respondWithStream(context, null);
    const lastEventId = context.req.header("last-event-id") ?? context.req.query("last_event_id") ?? null;
    const viewer = await viewerKeyOf(scope);
    const node = nodeResponseOf(context.env);
    const { signInEndsAt } = context.var;
    const body = streams.openFeed({ scope, signInEndsAt, lastEventId, viewer, request: context.req.raw, node });
    return respondWithStream(context, body);
  });

  app.get(PATHS.stream, async (context) => {
    const scope = context.get("scope");
    const syncId = context.req.param("syncId");
    if (!(await streams.has(scope, syncId))) throw unknownSync();
    if (context.req.method === "HEAD") return respondWithStream(context, null);
    const { signInEndsAt } = context.var;
    const node = nodeResponseOf(context.env);
    const body = streams.open({ scope, signInEndsAt, syncId, request: context.req.raw, node });
    return respondWithStream(context, body);
  });
}

/** The headers one by one: given with the body, they would give way to those that the response has already with CORS. */
function respondWithStream(context: Context<RouteEnv>, body: ReadableStream<Uint8Array> | null): Response {
  for (const [name, value] of Object.entries(STREAM_HEADERS)) context.header(name, value);
  return body === null ? context.body(null) : context.body(body);
}
