import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { SyncCapability } from "../protocol/capabilities.js";
import { CUT_HEADER } from "../protocol/download.js";
import { ALL_PATHS, DEFAULT_BASE_PATH, PATHS } from "../protocol/endpoints.js";
import { HEARTBEAT_INTERVAL_MS, MAX_HEARTBEAT_INTERVAL_MS, RETRY_MS } from "../protocol/events.js";
import { encodeIntegrations } from "../protocol/integration.js";
import { encodeSnapshot, type SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { checkPhases } from "../protocol/sync-phase.js";
import { checkOrigins, refuseCrossSite } from "./http/cross-site.js";
import { addListRoutes } from "./http/list-routes.js";
import { Refusal, shuttingDown } from "./http/refusal.js";
import { readNotifyBody, readRetryBody, readStartBody } from "./http/request-input.js";
import { containFaults, respondToError } from "./http/respond-to-error.js";
import { type RouteEnv, unknownSync } from "./http/route-env.js";
import { checkPositive, resolveLimits, type SyncRouteLimits } from "./http/route-limits.js";
import { type Authenticate, endOfSignIn, signIn } from "./http/sign-in.js";
import { StartLimit } from "./http/start-limit.js";
import { addStreamRoutes } from "./http/stream-routes.js";
import { SyncStreams } from "./http/sync-streams.js";
import { describeIntegration, type EnqueuedIntegration, type IntegrationDefinition } from "./integration-definition.js";
import { isInstance } from "./is-instance.js";
import type { Scope } from "./scope.js";
import type { CommandResult } from "./sync-commands.js";
import { type RunSyncOptions, SyncAlreadyRunningError } from "./sync-creator.js";
import { inputOfRetry, requestOf, type SyncInput } from "./sync-request.js";
import type { SyncService } from "./sync-service.js";

/** Options of {@link createSyncRoutes}. */
export interface SyncRoutesOptions {
  readonly service: SyncService;
  /**
   * Returns the scope of the person who is signed in, with what they are called if it is to be shown beside the syncs that
   * they start, or `null` for nobody: the response is 401 then. If it throws or takes longer than 10 s, the response is 500.
   * With `expiresAt` streams end at that moment. `createJwtAuthenticator` of `react-sync-progress/server/jwt` is one.
   */
  readonly authenticate: Authenticate;
  /** What can be synced; each runs in this process (`sync`) or is given to a job engine (`enqueue`). */
  readonly integrations: readonly (IntegrationDefinition | EnqueuedIntegration)[];
  /**
   * Other origins whose pages may call, with cookies: `"https://app.example.com"`, never `"*"`. Default none: what changes
   * something and comes from a page of another origin is refused with 403.
   */
  readonly cors?: { readonly origin: string | string[] };
  /** What one person and one request may use. */
  readonly limits?: SyncRouteLimits;
  /** ms between heartbeats on a stream, less than the shortest timeout of any proxy on the way. Default 5,000. */
  readonly heartbeatMs?: number;
  /**
   * ms between checks whether the reader of a stream is still signed in: `authenticate` is called again with the request that
   * opened it. The stream ends when it returns `null` or another scope; while it throws or hangs, the stream goes on. Default
   * `heartbeatMs`; `Infinity` for none.
   */
  readonly reauthenticateMs?: number;
  /** ms that browsers are advised to wait before they reconnect, give or take 40 %. Default 2,000. */
  readonly retryMs?: number;
  /**
   * ms over which the open streams are ended, one after the other, when the service drains: their readers come back, to another
   * process if a proxy sends them there. `Infinity` if there is no other: they stay until the service is closed. Default 5,000.
   */
  readonly streamDrainMs?: number;
  /** The path in front of every route. Default `"/api"`. */
  readonly basePath?: string;
  /** Receives what went wrong inside, such as the reason of a response with 500. What it throws is ignored. */
  readonly onError?: (error: unknown) => void;
}

/** Longest advice to browsers, in ms: a person is waiting. */
const MAX_RETRY_MS = 3_600_000;

const STREAM_DRAIN_MS = 5_000;

/** What these routes offer beside what the service does. */
const RETRY_CAPABILITIES: readonly SyncCapability[] = ["retry", "retry_failed"];

/**
 * The HTTP and SSE routes of the wire contract, as a Hono app: serve `app.fetch`, or mount it in another app.
 *
 * @example
 * const app = createSyncRoutes({ service, authenticate, integrations: [gmail] });
 * serve({ fetch: app.fetch, port: 3000 });
 *
 * @throws TypeError when an option is not valid.
 */
export function createSyncRoutes(options: SyncRoutesOptions): Hono<RouteEnv> {
  const { service, integrations } = options;
  const app = new Hono<RouteEnv>().basePath(options.basePath ?? DEFAULT_BASE_PATH);
  for (const { phases } of integrations) checkPhases(phases ?? []);
  const origins = checkOrigins(options.cors?.origin ?? []);
  const limits = resolveLimits(options.limits);
  const startLimit = new StartLimit(limits.startsPerMinute);

  const report = async (error: unknown) => {
    try {
      // It may be an async function, whose rejection would end the process.
      await options.onError?.(error);
    } catch {
      // There is nobody left to report to.
    }
  };

  const definitionOf = (type: string) => integrations.find((definition) => definition.type === type);
  /** The snapshot with all that is offered for its sync; only a registered integration can be run once more. */
  const withRoutes = (snapshot: SyncSnapshot): SyncSnapshot =>
    definitionOf(snapshot.connectorType) === undefined
      ? snapshot
      : { ...snapshot, capabilities: [...(snapshot.capabilities ?? []), ...RETRY_CAPABILITIES] };
  const encode = (snapshot: SyncSnapshot) => encodeSnapshot(withRoutes(snapshot));

  const heartbeatMs = options.heartbeatMs ?? HEARTBEAT_INTERVAL_MS;
  const retryMs = options.retryMs ?? RETRY_MS;
  const reauthenticateMs = options.reauthenticateMs ?? heartbeatMs;
  checkPositive("heartbeatMs", heartbeatMs, MAX_HEARTBEAT_INTERVAL_MS);
  checkPositive("retryMs", retryMs, MAX_RETRY_MS);
  checkPositive("reauthenticateMs", reauthenticateMs);
  const streamDrainMs = options.streamDrainMs ?? STREAM_DRAIN_MS;
  checkPositive("streamDrainMs", streamDrainMs);
  const streams = new SyncStreams({
    service,
    toWire: encode,
    authenticate: options.authenticate,
    limits,
    heartbeatMs,
    reauthenticateMs,
    retryMs,
    onError: report,
  });
  service.onShutdown((state) => (state === "draining" ? streams.drain(streamDrainMs) : streams.close()));

  if (origins.length > 0) {
    app.use(
      "*",
      cors({
        origin: [...origins],
        credentials: true,
        exposeHeaders: ["retry-after", "content-disposition", CUT_HEADER],
      }),
    );
  }
  for (const path of ALL_PATHS) {
    app.use(path, containFaults(report), refuseCrossSite(origins), async (context, next) => {
      const person = await signIn(options.authenticate, context.req.raw);
      if (person === null) throw new Refusal(401, "unauthorized", "Sign in to see this.");
      const { tenantId, userId, displayName } = person;
      context.set("scope", { tenantId, userId });
      context.set("startedBy", displayName);
      context.set("signInEndsAt", endOfSignIn(person));
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
    if (definition === undefined) throw unknownIntegration();
    checkTakesSyncs();
    startLimit.take(context.get("scope"));
    const { fullSync, since } = await readStartBody(context.req.raw, limits);
    return start(context, definition, { fullSync, since, failedOf: null });
  });

  // Before the snapshot of one sync: "stream" would be taken for an id.
  addStreamRoutes(app, streams);
  addListRoutes(app, service, withRoutes);

  app.get(PATHS.snapshot, async (context) => {
    const record = await service.get(context.get("scope"), context.req.param("syncId"));
    if (record === null) throw unknownSync();
    return context.json({ success: true, progress: encode(record.snapshot) });
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
    checkTakesSyncs();
    startLimit.take(scope);
    const { onlyFailed } = await readRetryBody(context.req.raw, limits);
    const record = await service.get(scope, syncId);
    if (record === null) throw unknownSync();
    const definition = definitionOf(record.snapshot.connectorType);
    if (definition === undefined) throw unknownIntegration();
    if (!isTerminalStatus(record.snapshot.status)) {
      return context.json(
        { success: false, error: "This sync is still running.", code: "running", sync_id: syncId },
        409,
      );
    }
    return start(context, definition, inputOfRetry(record, onlyFailed), onlyFailed ? {} : { resume: syncId });
  });

  app.put(PATHS.notify, async (context) => {
    const { email } = await readNotifyBody(context.req.raw, limits);
    const result = await service.setNotifyEmail(context.get("scope"), context.req.param("syncId"), email);
    if (result === null) throw unknownSync();
    const progress = encode(result.snapshot);
    if (result.isDone) return context.json(progress);
    const isOffered = result.snapshot.notifyEmail !== null;
    const error = isOffered ? "This sync has ended already." : "No mail is offered for this sync.";
    return context.json({ success: false, error, code: isOffered ? "wrong_state" : "not_offered", progress }, 409);
  });

  app.notFound((context) =>
    respondToError(context, new Refusal(404, "not_found", "There is nothing at this address."), report),
  );
  app.onError((error, context) => respondToError(context, error, report));
  return app;

  /** Before anything is counted or read. */
  function checkTakesSyncs(): void {
    if (service.state !== "running") throw shuttingDown();
  }

  function respondToCommand(context: Context<RouteEnv>, result: CommandResult, verb: string) {
    if (result === null) throw unknownSync();
    const progress = encode(result.snapshot);
    if (result.isDone) return context.json(progress);
    const error = `A sync that is ${result.snapshot.status} cannot be ${verb}.`;
    return context.json({ success: false, error, code: "wrong_state", progress }, 409);
  }

  async function start(
    context: Context<RouteEnv>,
    definition: IntegrationDefinition | EnqueuedIntegration,
    input: SyncInput,
    resume: Pick<RunSyncOptions, "resume"> = {},
  ) {
    const scope = context.get("scope");
    const options: RunSyncOptions = {
      ...resume,
      connectorType: definition.type,
      phases: definition.phases ?? [],
      input,
      startedBy: context.get("startedBy"),
    };
    try {
      const { syncId } = await begin(definition, scope, input, options);
      return context.json({ success: true, sync_id: syncId }, 202);
    } catch (error) {
      if (!isInstance(error, SyncAlreadyRunningError, "SyncAlreadyRunningError")) throw error;
      const { message, syncId } = error;
      return context.json({ success: false, error: message, code: "already_running", sync_id: syncId }, 409);
    }
  }

  async function begin(
    definition: IntegrationDefinition | EnqueuedIntegration,
    scope: Scope,
    input: SyncInput,
    options: RunSyncOptions,
  ) {
    if ("enqueue" in definition) return service.enqueue(scope, (sync) => definition.enqueue(sync), options);
    const request = await requestOf(service, scope, input);
    return service.run(scope, (run) => definition.sync(run, request), options);
  }
}

function unknownIntegration(): Refusal {
  return new Refusal(404, "not_found", "There is no such integration.");
}
