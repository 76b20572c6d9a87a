import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { SyncCapability } from "../protocol/capabilities.js";
import { ALL_PATHS, DEFAULT_BASE_PATH, PATHS } from "../protocol/endpoints.js";
import { HEARTBEAT_INTERVAL_MS, RETRY_MS } from "../protocol/events.js";
import { encodeFailurePage } from "../protocol/failure.js";
import { encodeIntegrations } from "../protocol/integration.js";
import { encodeSnapshot, type SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { encodeSyncPage } from "../protocol/sync-page.js";
import { checkPhases } from "../protocol/sync-phase.js";
import { createFrameEncoder } from "./frame-encoder.js";
import { describeIntegration, type IntegrationDefinition } from "./integration-definition.js";
import { InvalidRequestError, readPage, readRetryBody, readStartBody } from "./request-input.js";
import type { Scope } from "./scope.js";
import { createSnapshotStream, type SnapshotStreamOptions } from "./snapshot-stream.js";
import type { CommandResult } from "./sync-commands.js";
import { inputOfRetry, requestOf, type SyncInput } from "./sync-request.js";
import { type RunSyncOptions, SyncAlreadyRunningError, type SyncService } from "./sync-service.js";
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

/** What these routes offer beside what the service does. */
const RETRY_CAPABILITIES: readonly SyncCapability[] = ["retry", "retry_failed"];

/**
 * The HTTP and SSE routes of the wire contract, as a Hono app: serve `app.fetch`, or mount it in another app.
 *
 * @example
 * const app = createSyncRoutes({ service, authenticate, integrations: [gmail] });
 * serve({ fetch: app.fetch, port: 3000 });
 */
export function createSyncRoutes(options: SyncRoutesOptions): Hono<Env> {
  const { service, integrations } = options;
  const app = new Hono<Env>().basePath(options.basePath ?? DEFAULT_BASE_PATH);
  for (const { phases } of integrations) checkPhases(phases ?? []);

  const definitionOf = (type: string) => integrations.find((definition) => definition.type === type);
  /** The snapshot with all that is offered for its sync; only a registered integration can be run once more. */
  const withRoutes = (snapshot: SyncSnapshot): SyncSnapshot =>
    definitionOf(snapshot.connectorType) === undefined
      ? snapshot
      : { ...snapshot, capabilities: [...(snapshot.capabilities ?? []), ...RETRY_CAPABILITIES] };
  const encode = (snapshot: SyncSnapshot) => encodeSnapshot(withRoutes(snapshot));
  const frames = createFrameEncoder(encode);

  if (options.cors !== undefined) {
    app.use("*", cors({ origin: options.cors.origin, credentials: true, exposeHeaders: ["retry-after"] }));
  }
  for (const path of ALL_PATHS) {
    app.use(path, async (context, next) => {
      const scope = await options.authenticate(context.req.raw);
      if (scope === null) return refuse(context, 401, "unauthorized", "Sign in to see this.");
      context.set("scope", scope);
      context.header("cache-control", "no-store");
      return next();
    });
  }

  app.get(PATHS.integrations, async (context) => {
    const scope = context.get("scope");
    const described = integrations.map((definition) => describeIntegration(definition, service, scope));
    return context.json(encodeIntegrations(await Promise.all(described)));
  });

  app.post(PATHS.startSync, async (context) => {
    const definition = definitionOf(context.req.param("type"));
    if (definition === undefined) return refuse(context, 404, "not_found", "There is no such integration.");
    const { fullSync, since } = await readStartBody(context.req.raw);
    return start(context, definition, { fullSync, since, failedOf: null });
  });

  app.get(PATHS.syncs, async (context) => {
    const active = context.req.query("active") === "true" ? { active: true } : {};
    const page = await service.list(context.get("scope"), active, readPage(context.req.query()));
    const syncs = page.records.map(({ snapshot }) => withRoutes(snapshot));
    return context.json(encodeSyncPage({ syncs, nextCursor: page.nextCursor }));
  });

  app.get(PATHS.snapshot, async (context) => {
    const record = await service.get(context.get("scope"), context.req.param("syncId"));
    if (record === null) return unknownSync(context);
    return context.json({ success: true, progress: encode(record.snapshot) });
  });

  app.get(PATHS.stream, async (context) => {
    const retryMs = (options.retryMs ?? RETRY_MS) * (1 + (Math.random() * 2 - 1) * RETRY_SPREAD);
    const stream = await openStream(service, context.get("scope"), context.req.param("syncId"), {
      heartbeatMs: options.heartbeatMs ?? HEARTBEAT_INTERVAL_MS,
      retryMs,
      frames,
    });
    return stream === null ? unknownSync(context) : context.body(stream, 200, STREAM_HEADERS);
  });

  app.post(PATHS.cancel, async (context) =>
    respondToCommand(context, await service.cancel(context.get("scope"), context.req.param("syncId")), "cancelled"),
  );
  app.post(PATHS.pause, async (context) =>
    respondToCommand(context, await service.pause(context.get("scope"), context.req.param("syncId")), "paused"),
  );
  app.post(PATHS.resume, async (context) =>
    respondToCommand(context, await service.resume(context.get("scope"), context.req.param("syncId")), "resumed"),
  );

  app.post(PATHS.retry, async (context) => {
    const scope = context.get("scope");
    const syncId = context.req.param("syncId");
    const { onlyFailed } = await readRetryBody(context.req.raw);
    const record = await service.get(scope, syncId);
    if (record === null) return unknownSync(context);
    const definition = definitionOf(record.snapshot.connectorType);
    if (definition === undefined) return refuse(context, 404, "not_found", "There is no such integration.");
    if (!isTerminalStatus(record.snapshot.status)) {
      return context.json(
        { success: false, error: "This sync is still running.", code: "running", sync_id: syncId },
        409,
      );
    }
    return start(context, definition, inputOfRetry(record, onlyFailed), onlyFailed ? {} : { resume: syncId });
  });

  app.get(PATHS.failures, async (context) => {
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

  function respondToCommand(context: Context<Env>, result: CommandResult, verb: string) {
    if (result === null) return unknownSync(context);
    const progress = encode(result.snapshot);
    if (result.isDone) return context.json(progress);
    const error = `A sync that is ${result.snapshot.status} cannot be ${verb}.`;
    return context.json({ success: false, error, code: "wrong_state", progress }, 409);
  }

  async function start(
    context: Context<Env>,
    definition: IntegrationDefinition,
    input: SyncInput,
    options: RunSyncOptions = {},
  ) {
    const scope = context.get("scope");
    const request = await requestOf(service, scope, input);
    try {
      const { syncId } = await service.run(scope, (run) => definition.sync(run, request), {
        ...options,
        connectorType: definition.type,
        phases: definition.phases ?? [],
        input,
      });
      return context.json({ success: true, sync_id: syncId }, 202);
    } catch (error) {
      if (!(error instanceof SyncAlreadyRunningError)) throw error;
      const { message, syncId } = error;
      return context.json({ success: false, error: message, code: "already_running", sync_id: syncId }, 409);
    }
  }
}

/** Opens the stream of a sync; `null` if the scope has no such sync. */
async function openStream(
  service: SyncService,
  scope: Scope,
  syncId: string,
  given: Omit<SnapshotStreamOptions, "subscribe">,
): Promise<ReadableStream<Uint8Array> | null> {
  let notify: (snapshot: SyncSnapshot) => void = () => {};
  const subscription = await service.subscribe(scope, { syncId }, (update) => {
    if (update.type === "snapshot") notify(update.snapshot);
  });
  const [latest] = subscription?.latest ?? [];
  if (subscription === null || latest === undefined) return null;
  return createSnapshotStream({
    ...given,
    subscribe: (listener) => {
      notify = listener;
      return { latest: subscription.latest[0] ?? latest, unsubscribe: subscription.unsubscribe };
    },
  });
}

/** A foreign sync is answered as one that does not exist, so that ids tell nothing. */
function unknownSync(context: Context<Env>) {
  return refuse(context, 404, "not_found", "This sync is not known.");
}

function refuse(context: Context<Env>, status: 400 | 401 | 404 | 500, code: string, error: string) {
  return context.json({ success: false, error, code }, status);
}
