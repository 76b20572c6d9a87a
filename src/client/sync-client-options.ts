import type { SyncDiagnostic } from "./diagnostic.js";
import type { CreateEventSource } from "./event-source.js";
import { connectionTimes, DEFAULT_POLICY, type WatchPolicy } from "./watch-policy.js";

/** How a `SyncClient` reaches its server. */
export interface SyncClientOptions {
  /** Where the sync API lives: an absolute http(s) URL or a path that starts with "/". Default `"/api"`. */
  readonly baseUrl?: string;
  /** Whether cookies are sent, as in `fetch`; `"include"` for another origin. Default `"same-origin"`. */
  readonly credentials?: RequestCredentials;
  /** Makes the requests. Default the platform's `fetch`. */
  readonly fetch?: typeof fetch;
  /** Opens the streams. Default the platform's `EventSource`; give one that can send headers where those are needed. */
  readonly createEventSource?: CreateEventSource;
  /**
   * Called when the server answers 401 or 403. May renew the credentials: when it resolves, every watch tries once
   * more; when it rejects or is not given, the watches stop and tell `unauthorized`. Called once for all watches.
   */
  readonly onUnauthorized?: () => Promise<void> | void;
  /** Told what each watch decided about its connection, and why. */
  readonly onDiagnostic?: (diagnostic: SyncDiagnostic) => void;
  /** Longest waits between attempts, in ms. Default 1,000 doubling to 30,000, each with full jitter. */
  readonly retry?: { readonly baseMs?: number; readonly maxMs?: number };
  /** ms of silence after which a stream that sends heartbeats is taken for dead. Default 37,500. */
  readonly heartbeatTimeout?: number;
  /** ms without any change after which a running sync counts as stalled. Default 30,000. */
  readonly stallTimeout?: number;
  /**
   * ms a new stream may take to its first event before the snapshot endpoint is asked. Default 3,000. The other times of
   * the connection follow from it: how long the browser's own retry may go on, when a stream is tried again.
   */
  readonly openTimeout?: number;
  /** ms between requests while no stream can be had. Default 2,000. */
  readonly pollInterval?: number;
  /** ms a request may take. Default 10,000. */
  readonly requestTimeout?: number;
  /** The phases and their weights, for servers that send no percentage. */
  readonly phases?: WatchPolicy["phases"];
  /** ms a watch is kept after its last listener left, so that route changes open no new connection. Default 2,000. */
  readonly keepAlive?: number;
}

/** The times and limits that options set. @throws TypeError when a duration is not a positive number. */
export function readPolicy(options: SyncClientOptions): WatchPolicy {
  const { retry = {} } = options;
  const duration = (name: string, value: number | undefined, fallback: number) => {
    if (value === undefined) return fallback;
    if (Number.isFinite(value) && value > 0) return value;
    throw new TypeError(`SyncProgressError: ${name} must be a positive number of milliseconds, got ${String(value)}.`);
  };
  return {
    heartbeatTimeout: duration("heartbeatTimeout", options.heartbeatTimeout, DEFAULT_POLICY.heartbeatTimeout),
    stallTimeout: duration("stallTimeout", options.stallTimeout, DEFAULT_POLICY.stallTimeout),
    ...connectionTimes(duration("openTimeout", options.openTimeout, DEFAULT_POLICY.openTimeout)),
    requestTimeout: duration("requestTimeout", options.requestTimeout, DEFAULT_POLICY.requestTimeout),
    pollInterval: duration("pollInterval", options.pollInterval, DEFAULT_POLICY.pollInterval),
    retryBase: duration("retry.baseMs", retry.baseMs, DEFAULT_POLICY.retryBase),
    retryMax: duration("retry.maxMs", retry.maxMs, DEFAULT_POLICY.retryMax),
    phases: options.phases ?? DEFAULT_POLICY.phases,
  };
}
