/** The statuses with which a request is refused. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 408 | 409 | 413 | 429 | 503;

/** A request is refused; the message is sent to whoever made it. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: RefusalStatus,
    /** For programs: a word such as `"bad_request"`. */
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** A limit was reached: the caller may try again after `retryAfterMs`. */
export function tooMany(message: string, retryAfterMs: number): Refusal {
  return new Refusal(429, "too_many_requests", message, retryAfter(retryAfterMs));
}

/** How long a caller waits for a server that restarts, in ms. Another process, if there is one, takes it at once. */
const RESTART_MS = 5_000;

/** The process is about to end: it takes nothing new. */
export function shuttingDown(): Refusal {
  const message = "The server is restarting. Please try again in a moment.";
  return new Refusal(503, "shutting_down", message, retryAfter(RESTART_MS));
}

/** How long a caller waits for running syncs that the store has lost to be added again, in ms. */
const RECOVERY_MS = 1_000;

/** Whether a sync exists is not certain now: "it does not exist" would be final. */
export function recovering(): Refusal {
  return new Refusal(
    503,
    "recovering",
    "The server is recovering. Please try again in a moment.",
    retryAfter(RECOVERY_MS),
  );
}

function retryAfter(ms: number): Readonly<Record<string, string>> {
  return { "retry-after": String(Math.max(1, Math.ceil(ms / 1_000))) };
}
