/** The times and limits a connection goes by. */
export interface ConnectionPolicy {
  /** Silence after which a stream that sends heartbeats counts as dead; `null` for what follows from their interval. */
  readonly heartbeatTimeoutMs: number | null;
  /** Time without a change after which a running sync counts as stalled. Default 30,000. */
  readonly stallTimeoutMs: number;
  /** How long a new stream may take to its first event before the snapshot endpoint is requested. Default 3,000. */
  readonly openTimeoutMs: number;
  /** How long a request may take. Default 10,000. */
  readonly requestTimeoutMs: number;
  /** How often the snapshot endpoint is requested while there is no stream. Default 2,000. */
  readonly pollIntervalMs: number;
  /** Longest wait after the first failure; doubles with each further one. Default 1,000. */
  readonly retryBaseMs: number;
  /** Longest wait after any failure. Default 30,000. */
  readonly retryMaxMs: number;
  /** A stream that lived shorter than this counts as a failed opening. */
  readonly steadyAfterMs: number;
  /** Interruptions closer together than this make a stream that flaps. */
  readonly flappingMs: number;
  /** How long the browser's own retry may go on before the snapshot endpoint is requested. */
  readonly browserRetryPatienceMs: number;
  /** The first wait while polling before a stream is tried again; doubles up to the last. */
  readonly firstStreamTrialMs: number;
  readonly lastStreamTrialMs: number;
}

const DEFAULT_OPEN_TIMEOUT_MS = 3_000;

export const DEFAULT_POLICY: ConnectionPolicy = {
  heartbeatTimeoutMs: null,
  stallTimeoutMs: 30_000,
  ...connectionTimes(DEFAULT_OPEN_TIMEOUT_MS),
  requestTimeoutMs: 10_000,
  pollIntervalMs: 2_000,
  retryBaseMs: 1_000,
  retryMaxMs: 30_000,
};

/** Heartbeats of older backends, which do not say how often they come. */
const USUAL_HEARTBEAT_MS = 15_000;
/** Shorter silence is common in networks that work. */
const MIN_HEARTBEAT_TIMEOUT_MS = 10_000;

/** Silence after which a stream counts as dead whose heartbeats come at an interval: 2.5 of them. `null`: it does not say. */
export function heartbeatTimeout(intervalMs: number | null): number {
  return Math.max(MIN_HEARTBEAT_TIMEOUT_MS, (intervalMs ?? USUAL_HEARTBEAT_MS) * 2.5);
}

/** What follows from how long the network may take to bring a first event: 5 s, 1 s, 4 s, 15 s and 5 min for 3 s. */
export function connectionTimes(openTimeoutMs: number) {
  return {
    openTimeoutMs,
    steadyAfterMs: (openTimeoutMs * 5) / 3,
    flappingMs: openTimeoutMs / 3,
    browserRetryPatienceMs: (openTimeoutMs * 4) / 3,
    firstStreamTrialMs: openTimeoutMs * 5,
    lastStreamTrialMs: openTimeoutMs * 100,
  };
}

/** Openings in a row that may fail, while the snapshot endpoint responds, before polling takes over. */
export const MAX_FAILED_OPENINGS = 3;

/** Interruptions in quick succession before the browser's own retry is ended. */
export const MAX_RAPID_INTERRUPTIONS = 5;

/** A server's Retry-After is honoured up to this long; a person is waiting. */
export const MAX_RETRY_AFTER_MS = 300_000;

/**
 * Exponential backoff with full jitter: anything from 0 to a ceiling that doubles with every failure, so that clients
 * of a lost server do not come back in step. `random` is from [0, 1).
 */
export function backoff(failures: number, policy: ConnectionPolicy, random: number): number {
  const ceiling = Math.min(policy.retryMaxMs, policy.retryBaseMs * 2 ** Math.min(failures, 30));
  return Math.round(random * ceiling);
}
