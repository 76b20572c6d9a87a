import * as http from "node:http";
import * as https from "node:https";
import { onDeadline } from "./deadline.js";
import { TimeoutError } from "./network-failure.js";

/** A request as it is sent. */
export interface OutgoingRequest {
  readonly method: "GET" | "POST" | "OPTIONS";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Default none. */
  readonly body?: string;
}

/** Status line and headers of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case; several of one name are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
}

/** A response whose body has not been read. */
export interface OpenResponse {
  readonly head: ResponseHead;
  readonly message: http.IncomingMessage;
  /** Closes the connection. */
  close(): void;
}

/** How long a request may take, and what ends it. */
export interface RequestLimits {
  /** ms until the head of the response has to be there. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends one request over a connection of its own and resolves with the head of its response. Node's own client, and not
 * `fetch`: what is judged here is how bytes arrive, so nothing may decompress, follow or cache on the way.
 *
 * @throws the error of the connection, or a `TimeoutError`.
 */
export function sendRequest(request: OutgoingRequest, { timeoutMs, signal }: RequestLimits): Promise<OpenResponse> {
  const { Agent, request: send } = request.url.startsWith("https:") ? https : http;
  // Browsers keep connections alive, and servers may treat others differently.
  const agent = new Agent({ keepAlive: true });
  const close = () => agent.destroy();
  return new Promise((resolve, reject) => {
    const { method, headers, url, body = "" } = request;
    const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const sent = send(url, { method, headers: { ...headers, ...length }, agent, signal });
    const cancelDeadline = onDeadline(timeoutMs, () =>
      sent.destroy(new TimeoutError(`no response within ${timeoutMs} ms`)),
    );
    sent.on("response", (message) => {
      cancelDeadline();
      resolve({ head: readHead(message), message, close });
    });
    sent.on("error", (error) => {
      cancelDeadline();
      close();
      reject(error);
    });
    sent.end(body);
  });
}

function readHead(message: http.IncomingMessage): ResponseHead {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(message.headersDistinct)) headers[name] = values?.join(", ") ?? "";
  return { status: message.statusCode ?? 0, statusText: message.statusMessage ?? "", headers };
}
