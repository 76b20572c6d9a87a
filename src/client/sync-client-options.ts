import type { Phase } from "../protocol/phases.js";
import { checkDuration } from "./check-duration.js";
import { type ConnectionPolicy, connectionTimes, DEFAULT_POLICY } from "./connection-policy.js";
import type { SyncDiagnostic } from "./diagnostic.js";
import { type HttpTransportOptions, httpTransport } from "./http-transport.js";
import type { SyncTransport } from "./sync-transport.js";

/** Options of a `SyncClient`: how it reaches its backend, and its times. */
export interface SyncClientOptions extends HttpTransportOptions {
  /** How the backend is reached. Default `httpTransport` with the options of that, which can be given here instead. */
  readonly transport?: SyncTransport | undefined;
  /** Called with what each connection decided, and why: a subscriber of `client.syncs` from the start. */
  readonly onDiagnostic?: ((diagnostic: SyncDiagnostic) => void) | undefined;
  /** Longest waits between attempts, in ms. Default 1,000 doubling to 30,000, each with full jitter. */
  readonly retry?: { readonly baseMs?: number; readonly maxMs?: number } | undefined;
  /**
   * ms of silence after which a stream that sends heartbeats counts as dead. Default 2.5 heartbeats: of the interval that the
   * backend says, else of 15 s.
   */
  readonly heartbeatTimeoutMs?: number | undefined;
  /** ms without any change after which a running sync counts as stalled. Default 30,000. */
  readonly stallTimeoutMs?: number | undefined;
  /**
   * ms a new stream may take to its first event before the snapshot is requested. Default 3,000. The other times of the
   * connection follow from it: how long the browser's own retry may go on, when a stream is tried again.
   */
  readonly openTimeoutMs?: number | undefined;
  /** ms between requests while there is no stream. Default 2,000. */
  readonly pollIntervalMs?: number | undefined;
  /** The phases and their weights, for older backends that send neither a percentage nor phases. */
  readonly phases?: readonly Phase[] | undefined;
  /**
   * Whether the tabs of one person share one connection to a backend that has a feed. Default true, where the browser has
   * Web Locks and BroadcastChannel.
   */
  readonly shareTabs?: boolean | undefined;
  /** ms a sync is watched after its last listener left, so that route changes open no new connection. Default 2,000. */
  readonly keepAliveMs?: number | undefined;
}

const TRANSPORT_OPTIONS = [
  "baseUrl",
  "fetch",
  "createEventSource",
  "credentials",
  "onUnauthorized",
  "maxStreams",
  "mapSnapshot",
  "capabilities",
  "feed",
] as const satisfies readonly (keyof HttpTransportOptions)[];

/** The transport of a client. @throws TypeError when it contradicts other options or can do nothing. */
export function readTransport(options: SyncClientOptions): SyncTransport {
  const { transport } = options;
  if (transport === undefined) return httpTransport(options);
  const contradiction = TRANSPORT_OPTIONS.find((name) => options[name] !== undefined);
  if (contradiction !== undefined) {
    throw new TypeError(
      `SyncProgressError: ${contradiction} has no effect beside transport; give it to the transport instead.`,
    );
  }
  if (transport.openStream === undefined && transport.getSnapshot === undefined) {
    throw new TypeError("SyncProgressError: a transport must have openStream or getSnapshot.");
  }
  return transport;
}

/** The times that options set. @throws TypeError when a duration is not a positive number. */
export function readPolicy(options: SyncClientOptions, transport: SyncTransport): ConnectionPolicy {
  const { retry = {} } = options;
  const { heartbeatTimeoutMs } = options;
  const own = (name: "stallTimeoutMs" | "requestTimeoutMs") => checkDuration(name, options[name], DEFAULT_POLICY[name]);
  return {
    heartbeatTimeoutMs:
      heartbeatTimeoutMs === undefined ? null : checkDuration("heartbeatTimeoutMs", heartbeatTimeoutMs, 0),
    stallTimeoutMs: own("stallTimeoutMs"),
    ...connectionTimes(checkDuration("openTimeoutMs", options.openTimeoutMs, DEFAULT_POLICY.openTimeoutMs)),
    requestTimeoutMs: own("requestTimeoutMs"),
    pollIntervalMs: checkDuration(
      "pollIntervalMs",
      options.pollIntervalMs ?? transport.pollIntervalMs,
      DEFAULT_POLICY.pollIntervalMs,
    ),
    retryBaseMs: checkDuration("retry.baseMs", retry.baseMs, DEFAULT_POLICY.retryBaseMs),
    retryMaxMs: checkDuration("retry.maxMs", retry.maxMs, DEFAULT_POLICY.retryMaxMs),
  };
}
