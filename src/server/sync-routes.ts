import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { HEARTBEAT_INTERVAL_MS, RETRY_MS } from "../protocol/events.js";
import { encodeFailurePage, type SyncFailure } from "../protocol/failure.js";
import { encodeIntegrations } from "../protocol/integration.js";
import { encodeSnapshot, type SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { describeIntegration, type IntegrationDefinition, type SyncRequestContext } from "./integration-definition.js";
import { InvalidRequestError, readPage, readRetryBody, readStartBody } from "./request-input.js";
import type { Scope } from "./scope.js";
import { createSnapshotStream } from "./snapshot-stream.js";
import { type CommandResult, SyncAlreadyRunningError, type SyncService } from "./sync-service.js";
import { InvalidCursorError } from "./sync-store.js";

/** Options of {@link createSyncRoutes}. */
export interface SyncRoutesOptions {
  readonly service: SyncService;
  /** Who asks: the scope of the person signed in, or `null` for nobody, which is answered with 401. */
  readonly authenticate: (request: Request) => Scope | null | Promise<Scope | null>;
  readonly integrations: readonly IntegrationDefinition[];
  /** Other origins whose pages may call, with cookies. Default none. */
  readonly cors?: { readonly origin: string | string[] };
  /** ms between heartbeats on a stream. Default 15,000. */
  readonly heartbeatMs?: number;
  /** ms that browsers are told to wait before they reconnect, give or take 40 %. Default 2,000. */
  readonly retryMs?: number;
  /** The path in front of every route. Default `"/api"`. */
  readonly basePath?: string;
  /** Told of an error that was answered with 500. */
  readonly onError?: (error: unknown) => void;
}

type Env = { Variables: { scope: Scope } };

/** Readers of a lost server are told different times, so that they do not all come back in the same moment. */
const RETRY_SPREAD = 0.4;

/** Proxies must neither hold back nor change an event stream. */
const STREAM_HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

/** How many failed items a retry of only those may name. */
const MAX_RETRIED_FAILURES = 10_000;

/**
 * The HTTP and SSE routes of the wire contract, as a Hono app: serve `app.fetch`, or mount it in another app.
 *
 * @example
 * const app = createSyncRoutes({ service, authenticate, integrations: [gmail] });
 * serve({ fetch: app.fetch, port: 3000 });
 */
export function createSyncRoutes(options: SyncRoutesOptions): Hono<Env> {
  const { service, integrations } = options;
  const app = new Hono<Env>().basePath(options.basePath ?? "/api");

  if (options.cors !== undefined) {
    app.use("*", cors({ origin: options.cors.origin, credentials: true, exposeHeaders: ["retry-after"] }));
  }
  for (const path of ["/integrations", "/integrations/*", "/sync-progress", "/sync-progress/*"]) {
    app.use(path, async (context, next) => {
      const scope = await options.authenticate(context.req.raw);
      if (scope === null) return refuse(context, 401, "unauthorized", "Sign in to see this.");
      context.set("scope", scope);
      context.header("cache-control", "no-store");
      return next();
    });
  }

  app.get("/integrations", async (context) => {
    const scope = context.get("scope");
    const described = integrations.map((definition) => describeIntegration(definition, service, scope));
    return context.json(encodeIntegrations(await Promise.all(described)));
  });

  app.post("/integrations/:type/sync", async (context) => {
    const definition = integrations.find(({ type }) => type === context.req.param("type"));
    if (definition === undefined) return refuse(context, 404, "not_found", "There is no such integration.");
    const { fullSync, since } = await readStartBody(context.req.raw);
    return start(context, definition, { fullSync, since, onlyFailed: null });
  });

  app.get("/sync-progress", async (context) => {
    const active = context.req.query("active") === "true" ? { active: true } : {};
    const page = await service.list(context.get("scope"), active, readPage(context.req.query()));
    return context.json({
      success: true,
      syncs: page.records.map(({ snapshot }) => encodeSnapshot(snapshot)),
      next_cursor: page.nextCursor,
    });
  });

  app.get("/sync-progress/:syncId", async (context) => {
    const record = await service.get(context.get("scope"), context.req.param("syncId"));
    if (record === null) return unknownSync(context);
    return context.json({ success: true, progress: encodeSnapshot(record.snapshot) });
  });

  app.get("/sync-progress/:syncId/stream", async (context) => {
    const scope = context.get("scope");
    const syncId = context.req.param("syncId");
    const record = await service.get(scope, syncId);
    if (record === null) return unknownSync(context);
    const retryMs = (options.retryMs ?? RETRY_MS) * (1 + (Math.random() * 2 - 1) * RETRY_SPREAD);
    const stream = await openStream(service, scope, record.snapshot, {
      heartbeatMs: options.heartbeatMs ?? HEARTBEAT_INTERVAL_MS,
      retryMs,
    });
    return context.body(stream, 200, STREAM_HEADERS);
  });

  app.post("/sync-progress/:syncId/cancel", async (context) =>
    answerCommand(context, await service.cancel(context.get("scope"), context.req.param("syncId")), "cancelled"),
  );
  app.post("/sync-progress/:syncId/pause", async (context) =>
    answerCommand(context, await service.pause(context.get("scope"), context.req.param("syncId")), "paused"),
  );
  app.post("/sync-progress/:syncId/resume", async (context) =>
    answerCommand(context, await service.resume(context.get("scope"), context.req.param("syncId")), "resumed"),
  );

  app.post("/sync-progress/:syncId/retry", async (context) => {
    const scope = context.get("scope");
    const syncId = context.req.param("syncId");
    const { onlyFailed } = await readRetryBody(context.req.raw);
    const record = await service.get(scope, syncId);
    if (record === null) return unknownSync(context);
    const definition = integrations.find(({ type }) => type === record.snapshot.connectorType);
    if (definition === undefined) return refuse(context, 404, "not_found", "There is no such integration.");
    if (!isTerminalStatus(record.snapshot.status)) {
      return context.json(
        { success: false, error: "This sync is still running.", code: "running", sync_id: syncId },
        409,
      );
    }
    const failures = onlyFailed ? await service.listFailures(scope, syncId, { limit: MAX_RETRIED_FAILURES }) : null;
    return start(context, definition, { fullSync: false, since: null, onlyFailed: failures?.failures ?? null });
  });

  app.get("/sync-progress/:syncId/failures", async (context) => {
    const page = readPage(context.req.query());
    const failures = await service.listFailures(context.get("scope"), context.req.param("syncId"), page);
    return failures === null ? unknownSync(context) : context.json(encodeFailurePage(failures));
  });

  app.notFound((context) => refuse(context, 404, "not_found", "There is nothing at this address."));
  app.onError((error, context) => {
    if (error instanceof InvalidRequestError || error instanceof InvalidCursorError) {
      return refuse(context, 400, "bad_request", error.message);
    }
    options.onError?.(error);
    return refuse(context, 500, "internal", "Something went wrong on the server.");
  });
  return app;

  async function start(
    context: Context<Env>,
    definition: IntegrationDefinition,
    request: { fullSync: boolean; since: number | null; onlyFailed: readonly SyncFailure[] | null },
  ) {
    const scope = context.get("scope");
    const syncRequest: SyncRequestContext = { scope, ...request };
    try {
      const { syncId } = await service.run(scope, (run) => definition.sync(run, syncRequest), {
        connectorType: definition.type,
      });
      return context.json({ success: true, sync_id: syncId }, 202);
    } catch (error) {
      if (!(error instanceof SyncAlreadyRunningError)) throw error;
      const { message, syncId } = error;
      return context.json({ success: false, error: message, code: "already_running", sync_id: syncId }, 409);
    }
  }
}

/** Opens a stream that misses nothing between the look at the sync and the subscription to it. */
async function openStream(
  service: SyncService,
  scope: Scope,
  known: SyncSnapshot,
  times: { readonly heartbeatMs: number; readonly retryMs: number },
): Promise<ReadableStream<Uint8Array>> {
  let latest = known;
  let tell = (snapshot: SyncSnapshot) => {
    latest = snapshot;
  };
  const unsubscribe = service.subscribe(known.syncId, (snapshot) => tell(snapshot));
  try {
    const record = await service.get(scope, known.syncId);
    if (record !== null && (record.snapshot.seq ?? 0) > (latest.seq ?? 0)) latest = record.snapshot;
  } catch (error) {
    unsubscribe();
    throw error;
  }
  return createSnapshotStream({
    ...times,
    subscribe: (listener) => {
      tell = listener;
      return { latest, unsubscribe };
    },
  });
}

function answerCommand(context: Context<Env>, result: CommandResult, verb: string) {
  if (result === null) return unknownSync(context);
  const progress = encodeSnapshot(result.snapshot);
  if (result.isDone) return context.json(progress);
  const error = `A sync that is ${result.snapshot.status} cannot be ${verb}.`;
  return context.json({ success: false, error, code: "wrong_state", progress }, 409);
}

/** A foreign sync is answered as one that does not exist, so that ids tell nothing. */
function unknownSync(context: Context<Env>) {
  return refuse(context, 404, "not_found", "This sync is not known.");
}

function refuse(context: Context<Env>, status: 400 | 401 | 404 | 500, code: string, error: string) {
  return context.json({ success: false, error, code }, status);
}
