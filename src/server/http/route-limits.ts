/** What one person and one request may use of a server. `Infinity` is no limit. */
export interface SyncRouteLimits {
  /** Streams that one person may have open in this process; a further one is refused with 429. Default 100. */
  readonly streamsPerUser?: number;
  /** Syncs that one person may start or retry within a minute, in this process; a further one gets 429. Default 60. */
  readonly startsPerMinute?: number;
  /** Bytes of a request's body; a longer one is refused with 413. Default 16,384. */
  readonly bodyBytes?: number;
  /** ms that a request's body may take to arrive, then it is refused with 408. Default 10,000. */
  readonly bodyTimeoutMs?: number;
  /** ms after which a reader of a stream that takes nothing is disconnected. Default 30,000. */
  readonly stallTimeoutMs?: number;
  /**
   * ms that the changes of a person's syncs are followed after the last reader of their feed has left, so that one who comes
   * back gets only what has changed. Default 30,000.
   */
  readonly resumeMs?: number;
}

const DEFAULT_LIMITS: Required<SyncRouteLimits> = {
  streamsPerUser: 100,
  startsPerMinute: 60,
  bodyBytes: 16_384,
  bodyTimeoutMs: 10_000,
  stallTimeoutMs: 30_000,
  resumeMs: 30_000,
};

/**
 * The limits with their defaults.
 *
 * @throws TypeError when one is not a number above 0.
 */
export function resolveLimits(given: SyncRouteLimits = {}): Required<SyncRouteLimits> {
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) checkPositive(`limits.${name}`, value);
  return limits;
}

/**
 * Checks a number of the options.
 *
 * @throws TypeError when it is not a number above 0, or above `max`.
 */
export function checkPositive(name: string, value: unknown, max = Number.POSITIVE_INFINITY): void {
  if (typeof value === "number" && value > 0 && value <= max) return;
  const range = max === Number.POSITIVE_INFINITY ? "above 0" : `above 0 and at most ${max}`;
  throw new TypeError(`SyncProgressError: ${name} must be a number ${range}, got ${String(value)}.`);
}
