import { type Identity, isCrossOrigin, type Target } from "../target.js";
import { ACCEPT_ENCODING } from "./decompress.js";
import type { OutgoingRequest } from "./send-request.js";

/** What a page requests. */
export interface PageRequest {
  readonly url: string;
  /** `stream`: by EventSource; `read` and `command`: by the client's `fetch`. */
  readonly kind: "stream" | "read" | "command";
  /** Default none. */
  readonly lastEventId?: string;
  /** The body of a command; default none. */
  readonly json?: unknown;
}

/** A request as a browser would send it for a page of `target.pageOrigin`. */
export function browserRequest(target: Target, identity: Identity, page: PageRequest): OutgoingRequest {
  const { kind, lastEventId, json } = page;
  const isCommand = kind === "command";
  return {
    method: isCommand ? "POST" : "GET",
    url: page.url,
    headers: {
      accept: kind === "stream" ? "text/event-stream" : "application/json",
      "accept-encoding": ACCEPT_ENCODING,
      "accept-language": "en",
      "user-agent": "react-sync-progress doctor",
      "cache-control": "no-cache",
      ...(isCrossOrigin(target) || isCommand ? { origin: target.pageOrigin } : {}),
      ...fetchMetadata(target, page.url),
      ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...identity.headers,
      ...(identity.cookie === null ? {} : { cookie: identity.cookie }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  };
}

/** The preflight that a browser would send before it, without cookies and headers of the page. */
export function preflightRequest(
  target: Target,
  url: string,
  method: string,
  headers: readonly string[],
): OutgoingRequest {
  return {
    method: "OPTIONS",
    url,
    headers: {
      accept: "*/*",
      "user-agent": "react-sync-progress doctor",
      origin: target.pageOrigin,
      "access-control-request-method": method,
      ...(headers.length === 0 ? {} : { "access-control-request-headers": [...headers].sort().join(",") }),
      ...fetchMetadata(target, url),
    },
  };
}

/** Browsers send these over HTTPS and to this machine only. */
function fetchMetadata(target: Target, url: string): Readonly<Record<string, string>> {
  const { protocol, hostname, origin } = new URL(url);
  const isLocal = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname) || hostname.endsWith(".localhost");
  if (protocol !== "https:" && !isLocal) return {};
  const isSameSite = new URL(target.pageOrigin).hostname === hostname;
  const site = target.pageOrigin === origin ? "same-origin" : isSameSite ? "same-site" : "cross-site";
  return { "sec-fetch-site": site, "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };
}
