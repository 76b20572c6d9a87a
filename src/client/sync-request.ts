import { decodeErrorMessage } from "../protocol/responses.js";

/** The server refused, or could not be reached. */
export class SyncRequestError extends Error {
  override readonly name = "SyncRequestError";
  /** HTTP status; `null` where no answer came. */
  readonly status: number | null;
  /** How long the server asks to wait (Retry-After), in ms; `null` where it does not say. */
  readonly retryAfterMs: number | null;
  /** The text of the answer; empty where none came. */
  readonly body: string;
  /** The server's own sentence, safe to show to the person; `null` without one. `message` is for the developer. */
  readonly safeMessage: string | null;

  constructor(
    message: string,
    { status = null, retryAfterMs = null, body = "", safeMessage = null }: SyncRequestErrorDetails = {},
  ) {
    super(message);
    this.safeMessage = safeMessage;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.body = body;
  }
}

/** What is known of a request that failed. */
export interface SyncRequestErrorDetails {
  /** The HTTP status; `null` where no answer came. */
  readonly status?: number | null;
  /** ms after which the server asks to be tried again; `null` where it does not say. */
  readonly retryAfterMs?: number | null;
  /** The answer's text. */
  readonly body?: string;
  /** The server's own sentence for the person. */
  readonly safeMessage?: string | null;
}

/** How requests are made. */
export interface RequestContext {
  readonly fetch: typeof fetch;
  readonly credentials: RequestCredentials;
  /** ms until a request without an answer is given up. */
  readonly timeoutMs: number;
}

/** A request to the sync API. */
export interface SyncRequest {
  readonly method?: "GET" | "POST";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Makes a request and answers the body's text.
 *
 * @throws SyncRequestError where the server refuses, does not answer in time, or cannot be reached.
 */
export async function requestText(context: RequestContext, url: string, request: SyncRequest = {}): Promise<string> {
  const timeout = AbortSignal.timeout(context.timeoutMs);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
  const init: RequestInit = {
    method: request.method ?? "GET",
    credentials: context.credentials,
    headers: {
      accept: "application/json",
      ...(request.body === undefined ? {} : { "content-type": "application/json" }),
    },
    // A cached answer would be an old truth.
    cache: "no-store",
    signal,
  };
  if (request.body !== undefined) init.body = JSON.stringify(request.body);
  let response: Response;
  let text: string;
  try {
    response = await context.fetch(url, init);
    text = await response.text();
  } catch (error) {
    const why = timeout.aborted ? `no answer within ${context.timeoutMs} ms` : describe(error);
    throw new SyncRequestError(`${init.method} ${url} failed: ${why}.`);
  }
  if (response.ok) return text;
  const safeMessage = decodeErrorMessage(text);
  throw new SyncRequestError(safeMessage ?? `${init.method} ${url} was answered with ${response.status}.`, {
    status: response.status,
    retryAfterMs: parseRetryAfter(response.headers.get("retry-after"), Date.now()),
    body: text,
    safeMessage,
  });
}

/** ms to wait from a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3); `null` where it is neither. */
export function parseRetryAfter(value: string | null, now: number): number | null {
  if (value === null || value.trim() === "") return null;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1_000;
  // An HTTP date begins with a weekday; Date.parse() would make a date of "1.5" as well.
  const date = /^\s*[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
