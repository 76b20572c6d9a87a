import { performance } from "node:perf_hooks";
import { onDeadline } from "./deadline.js";
import { decompress } from "./decompress.js";
import { type NetworkFailure, readFailure, TimeoutError } from "./network-failure.js";
import {
  type OpenResponse,
  type OutgoingRequest,
  type RequestLimits,
  type ResponseHead,
  sendRequest,
} from "./send-request.js";

/** A redirect that was followed. */
export interface Redirect {
  readonly status: number;
  readonly from: string;
  readonly to: string;
  /** A POST became a GET, as browsers do it: its body is lost. */
  readonly losesBody: boolean;
}

/** A request, and what came of it. Times are in ms on a monotonic clock. */
export interface Exchange {
  readonly method: string;
  /** The last URL, after all redirects. */
  readonly url: string;
  readonly redirects: readonly Redirect[];
  readonly sentAtMs: number;
  readonly durationMs: number;
  /** `null` if there was no response. */
  readonly head: ResponseHead | null;
  readonly body: string;
  /** `null` if there was a whole response. */
  readonly failure: NetworkFailure | null;
}

/** The begin of a response, or why there was none. */
export interface Opening {
  readonly url: string;
  readonly redirects: readonly Redirect[];
  readonly response: OpenResponse | null;
  readonly failure: NetworkFailure | null;
}

const MAX_REDIRECTS = 5;
const MAX_BODY_BYTES = 2_000_000;

/** Sends a request, follows redirects as a browser would, and reads the response to its end. Never rejects. */
export async function exchange(request: OutgoingRequest, limits: RequestLimits): Promise<Exchange> {
  const sentAtMs = performance.now();
  const { url, redirects, response, failure } = await openFollowing(request, limits);
  const body = response === null ? { text: "", failure } : await readBody(response, limits.timeoutMs);
  return {
    method: request.method,
    url,
    redirects,
    sentAtMs,
    durationMs: performance.now() - sentAtMs,
    head: response?.head ?? null,
    body: body.text,
    failure: body.failure,
  };
}

/** Sends a request and follows redirects. Cookies and headers of the identity are not sent to another origin. Never rejects. */
export async function openFollowing(first: OutgoingRequest, limits: RequestLimits): Promise<Opening> {
  const redirects: Redirect[] = [];
  let request = first;
  try {
    for (;;) {
      const response = await sendRequest(request, limits);
      const next = redirectOf(request, response.head);
      if (next === null || redirects.length >= MAX_REDIRECTS) {
        return { url: request.url, redirects, response, failure: null };
      }
      response.close();
      const losesBody = next.method !== request.method;
      redirects.push({ status: response.head.status, from: request.url, to: next.url, losesBody });
      request = next;
    }
  } catch (error) {
    return { url: request.url, redirects, response: null, failure: readFailure(error) };
  }
}

function redirectOf(request: OutgoingRequest, { status, headers }: ResponseHead): OutgoingRequest | null {
  const location = headers["location"];
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return null;
  if (!URL.canParse(location, request.url)) return null;
  const url = new URL(location, request.url);
  const isSameOrigin = url.origin === new URL(request.url).origin;
  const kept = Object.entries(request.headers).filter(([name]) => isSameOrigin || name.startsWith("accept"));
  const becomesGet = request.method === "POST" && status <= 303;
  return {
    method: becomesGet ? "GET" : request.method,
    url: url.href,
    headers: Object.fromEntries(kept),
    ...(becomesGet || request.body === undefined ? {} : { body: request.body }),
  };
}

/** Reads the rest of a response, at most 2 MB of it, and closes the connection. */
export async function readBody(
  response: OpenResponse,
  timeoutMs: number,
): Promise<{ readonly text: string; readonly failure: NetworkFailure | null }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const body = decompress(response.message);
  const cancelDeadline = onDeadline(timeoutMs, () => body.destroy(new TimeoutError("the response does not end")));
  let failure: NetworkFailure | null = null;
  try {
    for await (const chunk of body) {
      const buffer = Buffer.from(chunk);
      chunks.push(buffer);
      bytes += buffer.length;
      if (bytes > MAX_BODY_BYTES) break;
    }
  } catch (error) {
    failure = readFailure(error);
  }
  cancelDeadline();
  response.close();
  return { text: Buffer.concat(chunks).toString("utf8"), failure };
}
