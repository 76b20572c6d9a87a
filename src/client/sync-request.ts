import { decodeErrorMessage } from "../protocol/responses.js";

/** What is there to say of a request that failed. */
export interface SyncRequestErrorDetails {
  /** Default `"refused"` with a `status`, else `"unreachable"`. */
  readonly kind?: SyncRequestError["kind"];
  /** The HTTP status; `null` if there was no response. */
  readonly status?: number | null;
  /** ms after which the server wants the next attempt; `null` if it does not say. */
  readonly retryAfterMs?: number | null;
  /** The text of the response. */
  readonly body?: string;
  /** The server's own sentence for the person. */
  readonly safeMessage?: string | null;
}

/** A request to the backend failed. `message` is for the developer; for the person there may be `safeMessage`. */
export class SyncRequestError extends Error {
  override readonly name = "SyncRequestError";
  /**
   * `refused`: the server said no. `unreachable`: there was no response. `invalid-response`: the response could not be
   * decoded. `unsupported`: the backend or transport does not offer it, so nothing was requested.
   */
  readonly kind: "refused" | "unreachable" | "invalid-response" | "unsupported";
  /** HTTP status; `null` if there was no response. */
  readonly status: number | null;
  /** How long the server wants the client to wait (Retry-After), in ms; `null` if it does not say. */
  readonly retryAfterMs: number | null;
  /** The text of the response; empty if there was none. */
  readonly body: string;
  /** The server's own sentence, safe to show to the person; `null` if it sent none. */
  readonly safeMessage: string | null;

  constructor(message: string, details: SyncRequestErrorDetails = {}) {
    super(message);
    const { status = null, retryAfterMs = null, body = "", safeMessage = null } = details;
    this.kind = details.kind ?? (status === null ? "unreachable" : "refused");
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.body = body;
    this.safeMessage = safeMessage;
  }
}

/** How requests are made. */
export interface RequestContext {
  readonly fetch: typeof fetch;
  readonly credentials: RequestCredentials;
  /** ms until a request without a response is given up. */
  readonly timeoutMs: number;
}

/** A request to the sync API. */
export interface SyncRequest {
  readonly method?: "GET" | "POST" | "PUT";
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** A response that was read to its end. */
export interface TextResponse {
  readonly text: string;
  readonly headers: Headers;
}

/** Makes a request and returns the text of the response, like {@link requestResponse}. */
export async function requestText(context: RequestContext, url: string, request?: SyncRequest): Promise<string> {
  return (await requestResponse(context, url, request)).text;
}

/**
 * Makes a request and returns the response.
 *
 * @throws SyncRequestError when the server refuses, does not respond in time, or cannot be reached.
 */
export async function requestResponse(
  context: RequestContext,
  url: string,
  request: SyncRequest = {},
): Promise<TextResponse> {
  const { method = "GET", body } = request;
  const timeout = AbortSignal.timeout(context.timeoutMs);
  const init: RequestInit = {
    method,
    credentials: context.credentials,
    headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
    // A cached response would be out of date.
    cache: "no-store",
    signal: request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]),
  };
  if (body !== undefined) init.body = JSON.stringify(body);
  const title = `${method} ${url}`;
  try {
    const response = await context.fetch(url, init);
    return { text: await readResponse(title, response), headers: response.headers };
  } catch (error) {
    if (error instanceof SyncRequestError) throw error;
    const why = timeout.aborted ? `no response within ${context.timeoutMs} ms` : describeError(error);
    throw new SyncRequestError(`${title} failed: ${why}.`);
  }
}

/** The text of a successful response. @throws SyncRequestError with status and Retry-After of any other. */
export async function readResponse(title: string, response: Response): Promise<string> {
  const text = await response.text();
  if (response.ok) return text;
  const { status } = response;
  const safeMessage = decodeErrorMessage(text);
  throw new SyncRequestError(safeMessage ?? `${title} failed with status ${status}.`, {
    status,
    retryAfterMs: parseRetryAfter(response.headers.get("retry-after"), Date.now()),
    body: text,
    safeMessage,
  });
}

/** ms to wait from a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3); `null` if it is neither. */
export function parseRetryAfter(value: string | null, now: number): number | null {
  if (value === null || value.trim() === "") return null;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1_000;
  // An HTTP date begins with a weekday; Date.parse() would make a date of "1.5" as well.
  const date = /^\s*[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** What a rejected request rejected with, as a `SyncRequestError`. */
export function toRequestError(reason: unknown): SyncRequestError {
  return reason instanceof SyncRequestError ? reason : new SyncRequestError(describeError(reason));
}

export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
