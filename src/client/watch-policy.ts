import { DEFAULT_PHASES, type Phase } from "../protocol/phases.js";

/** The times and limits a watch goes by. All durations in ms. */
export interface WatchPolicy {
  /** Silence after which a stream that sends heartbeats is taken for dead. Default 37,500: 2.5 heartbeats. */
  readonly heartbeatTimeout: number;
  /** Time without any change after which a running sync counts as stalled. Default 30,000. */
  readonly stallTimeout: number;
  /** How long a new stream may take to its first event before the snapshot endpoint is asked. Default 3,000. */
  readonly openTimeout: number;
  /** How long the snapshot endpoint may take to answer. Default 10,000. */
  readonly requestTimeout: number;
  /** How often the snapshot endpoint is asked while no stream can be had. Default 2,000. */
  readonly pollInterval: number;
  /** Longest wait after the first failure; doubles with each further one. Default 1,000. */
  readonly retryBase: number;
  /** Longest wait after any failure. Default 30,000. */
  readonly retryMax: number;
  /** A stream that lived shorter than this counts as a failed opening. */
  readonly steadyAfter: number;
  /** Transport errors closer together than this are hurried. */
  readonly hurried: number;
  /** How long the browser's own retry may go on before the snapshot endpoint is asked whether the server is there. */
  readonly browserRetryPatience: number;
  /** The first wait while polling before a stream is tried again; doubles up to the last. */
  readonly firstStreamTrial: number;
  readonly lastStreamTrial: number;
  /** The phases of a sync, for servers that send no percentage. */
  readonly phases: readonly Phase[];
}

const DEFAULT_OPEN_TIMEOUT_MS = 3_000;

export const DEFAULT_POLICY: WatchPolicy = {
  heartbeatTimeout: 37_500,
  stallTimeout: 30_000,
  ...connectionTimes(DEFAULT_OPEN_TIMEOUT_MS),
  requestTimeout: 10_000,
  pollInterval: 2_000,
  retryBase: 1_000,
  retryMax: 30_000,
  phases: DEFAULT_PHASES,
};

/** What follows from how long the network is given to bring a first event: 5 s, 1 s, 4 s, 15 s and 5 min for 3 s. */
export function connectionTimes(openTimeout: number) {
  return {
    openTimeout,
    steadyAfter: (openTimeout * 5) / 3,
    hurried: openTimeout / 3,
    browserRetryPatience: (openTimeout * 4) / 3,
    firstStreamTrial: openTimeout * 5,
    lastStreamTrial: openTimeout * 100,
  };
}

/** Openings in a row that may fail, while the snapshot endpoint answers, before polling takes over. */
export const MAX_FAILED_OPENINGS = 3;

/** Hurried transport errors in a row before the browser's own retry is ended. */
export const MAX_HURRIED_ERRORS = 5;

/** A server's Retry-After is honoured up to this long; a person is waiting. */
export const MAX_RETRY_AFTER_MS = 300_000;

/**
 * Exponential backoff with full jitter: anything from 0 to a ceiling that doubles with every failure, so that clients
 * of a lost server do not come back in step. `random` is from [0, 1).
 */
export function backoff(failures: number, policy: WatchPolicy, random: number): number {
  const ceiling = Math.min(policy.retryMax, policy.retryBase * 2 ** Math.min(failures, 30));
  return Math.round(random * ceiling);
}
