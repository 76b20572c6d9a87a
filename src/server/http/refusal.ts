/** The statuses with which a request is refused. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 408 | 409 | 413 | 429;

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
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return new Refusal(429, "too_many_requests", message, { "retry-after": String(seconds) });
}
