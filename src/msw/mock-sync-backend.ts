import { type HttpHandler, http } from "msw";
import { ALL_PATHS, createEndpoints, DEFAULT_BASE_PATH, PATHS } from "../protocol/endpoints.js";
import { decodeErrorMessage, decodeStartResponse } from "../protocol/responses.js";
import { createSyncService } from "../server/create-sync-service.js";
import type { IntegrationDefinition } from "../server/integration-definition.js";
import { createSyncRoutes } from "../server/sync-routes.js";
import type { SyncService } from "../server/sync-service.js";
import { createFaultGate } from "./apply-faults.js";
import { mockIntegrations, mockItemName } from "./mock-integrations.js";
import { type Scenario, type ScenarioName, type ScenarioTools, scenarios } from "./scenarios.js";
import { createSeededRandom } from "./seeded-random.js";
import { createSyncDriver, type SyncDriver } from "./sync-driver.js";

/** Options of {@link createMockSyncBackend}. */
export interface MockSyncBackendOptions {
  /** The course that every sync takes: one of the named ones, your own, or `"manual"` to drive it by hand. */
  readonly scenario?: ScenarioName | Scenario | "manual";
  /** How much faster than in real life: 10 is ten times as fast, `Infinity` waits for nothing. Default 1. */
  readonly speed?: number;
  /** The same seed plays the same course. Default 1. */
  readonly seed?: number;
  /** Where the mocked API lives, as given to the client. Default `"/api"`. */
  readonly baseUrl?: string;
  /** ms between heartbeats, not shortened by `speed`. Default 5,000. */
  readonly heartbeatMs?: number;
  /** Whether people are offered a mail at the end of a sync; none is sent. Default `false`. */
  readonly offersEmail?: boolean;
}

/** A whole sync backend inside MSW. */
export interface MockSyncBackend {
  /** To be given to `setupWorker` or `setupServer`. */
  readonly handlers: HttpHandler[];
  /** The real progress service behind it. */
  readonly service: SyncService;
  /** Drives the syncs of the scenario `"manual"`, and the network of any. */
  readonly driver: SyncDriver;
  /** Starts a sync, as a click on a card would, and returns its id. Default type `"gmail"`. */
  startSync(integrationType?: string): Promise<string>;
  /** Ends all that runs. */
  close(): Promise<void>;
}

/** Tests start as many syncs as they like. */
const NO_LIMITS = { streamsPerUser: Number.POSITIVE_INFINITY, startsPerMinute: Number.POSITIVE_INFINITY };
const MOCK_PERSON = { tenantId: "mock", userId: "mock", displayName: "Ada Lovelace" };
/** Only its path counts; it stands for the page's own origin. */
const ANY_ORIGIN = "http://mock.invalid";

/**
 * The real server routes over a memory store as MSW handlers, with syncs that play a scenario. Native `EventSource`s
 * receive the mocked stream event by event.
 *
 * @example
 * const backend = createMockSyncBackend({ scenario: "partialFailure", speed: 10 });
 * const server = setupServer(...backend.handlers);
 * server.listen();
 *
 * @throws TypeError when `speed` is not a positive number.
 */
export function createMockSyncBackend(options: MockSyncBackendOptions = {}): MockSyncBackend {
  const { scenario: chosen = "happyPath", speed = 1, seed = 1, baseUrl = DEFAULT_BASE_PATH } = options;
  if (!(speed > 0)) throw new TypeError(`SyncProgressError: speed must be a positive number, got ${String(speed)}.`);

  const scenario = typeof chosen === "string" ? (chosen === "manual" ? null : scenarios[chosen]) : chosen;
  const gate = createFaultGate(scenario !== null && "faults" in scenario ? (scenario.faults ?? {}) : {});
  const driven = createSyncDriver(mockItemName, gate);
  // A scenario may be silent for as long as it likes.
  const service = createSyncService({
    timeouts: { idleMs: 24 * 60 * 60 * 1_000 },
    ...(options.offersEmail === true ? { notices: { email: {} } } : {}),
  });

  const playAs =
    (integrationType: string): IntegrationDefinition["sync"] =>
    (run, { onlyFailed }) => {
      if (scenario === null) return driven.play(run);
      const tools: ScenarioTools = {
        integrationType,
        wait: (ms) => wait(ms === Number.POSITIVE_INFINITY ? ms : ms / speed, run.signal),
        random: createSeededRandom(seed),
        itemName: mockItemName,
        only: onlyFailed?.map(({ item }) => item) ?? null,
      };
      return scenario.play(run, tools);
    };

  const base = new URL(baseUrl, ANY_ORIGIN);
  const basePath = base.pathname.replace(/\/+$/, "");
  const routes = createSyncRoutes({
    service,
    authenticate: () => MOCK_PERSON,
    integrations: mockIntegrations.map((integration) => ({ ...integration, sync: playAs(integration.type) })),
    basePath: basePath || "/",
    limits: NO_LIMITS,
    ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
  });

  const prefix = base.origin === ANY_ORIGIN ? `*${basePath}` : `${base.origin}${basePath}`;
  const endpoints = createEndpoints(`${base.origin}${basePath}`);
  return {
    handlers: [
      ...[PATHS.feed, PATHS.snapshot, PATHS.stream].map((path) =>
        http.get(`${prefix}${path}`, async ({ request }) => gate.pass(await routes.fetch(request))),
      ),
      http.get(`${prefix}${PATHS.syncs}`, async ({ request }) => gate.passList(await routes.fetch(request))),
      ...ALL_PATHS.map((path) => http.all(`${prefix}${path}`, ({ request }) => routes.fetch(asOwnPage(request)))),
    ],
    service,
    driver: driven.driver,
    async startSync(integrationType = "gmail") {
      const response = await routes.fetch(new Request(endpoints.startSync(integrationType), { method: "POST" }));
      const text = await response.text();
      const started = decodeStartResponse(text);
      if (started.ok) return started.value;
      const reason = decodeErrorMessage(text) ?? response.status;
      throw new Error(`SyncProgressError: the mock cannot start ${integrationType}: ${reason}`);
    },
    close: () => service.close(),
  };
}

/** Every page may call the mock, whatever origin it plays. */
function asOwnPage(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.delete("origin");
  headers.delete("sec-fetch-site");
  return new Request(request, { headers });
}

/** Waits, or ends at once when the sync is stopped. Time too short to be seen takes a turn of the event loop. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
