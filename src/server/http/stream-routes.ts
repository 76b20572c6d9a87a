import type { Hono } from "hono";
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
    if (context.req.method === "HEAD") return context.body(null, 200, STREAM_HEADERS);
    const lastEventId = context.req.header("last-event-id") ?? context.req.query("last_event_id") ?? null;
    const viewer = await viewerKeyOf(scope);
    const node = nodeResponseOf(context.env);
    const { signInEndsAt } = context.var;
    const body = streams.openFeed({ scope, signInEndsAt, lastEventId, viewer, request: context.req.raw, node });
    return context.body(body, 200, STREAM_HEADERS);
  });

  app.get(PATHS.stream, async (context) => {
    const scope = context.get("scope");
    const syncId = context.req.param("syncId");
    if (!(await streams.has(scope, syncId))) throw unknownSync();
    if (context.req.method === "HEAD") return context.body(null, 200, STREAM_HEADERS);
    const { signInEndsAt } = context.var;
    const node = nodeResponseOf(context.env);
    const body = streams.open({ scope, signInEndsAt, syncId, request: context.req.raw, node });
    return context.body(body, 200, STREAM_HEADERS);
  });
}
