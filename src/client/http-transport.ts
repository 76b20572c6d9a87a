import type { SyncCapability } from "../protocol/capabilities.js";
import { decodeSnapshotEvent, decodeSnapshotResponse } from "../protocol/decode-snapshot.js";
import { type Decoded, decodeJson } from "../protocol/decoding.js";
import { CUT_HEADER } from "../protocol/download.js";
import { createEndpoints, DEFAULT_BASE_PATH } from "../protocol/endpoints.js";
import { HEARTBEAT_EVENT, SNAPSHOT_EVENTS } from "../protocol/events.js";
import { decodeFailurePage } from "../protocol/failure.js";
import { READY_EVENT, REMOVED_EVENT } from "../protocol/feed.js";
import { decodeIntegrations } from "../protocol/integration.js";
import { decodeStartResponse } from "../protocol/responses.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { decodeSyncPage } from "../protocol/sync-page.js";
import { checkDuration } from "./check-duration.js";
import { DEFAULT_POLICY } from "./connection-policy.js";
import { type CreateEventSource, listenToEventSource, listenToEvents, nativeEventSource } from "./event-source.js";
import { decodeMapped, type MapSnapshot, mapMessage } from "./map-snapshot.js";
import { statusAndPhaseOf } from "./snapshot-text.js";
import {
  type RequestContext,
  requestResponse,
  requestText,
  type SyncRequest,
  SyncRequestError,
  type TextResponse,
} from "./sync-request.js";
import type { FeedSink, SyncTransport } from "./sync-transport.js";

/** How an HTTP backend is reached. */
export interface HttpTransportOptions {
  /** Where the sync API lives: an absolute http(s) URL or a path that starts with "/". Default `"/api"`. */
  readonly baseUrl?: string | undefined;
  /** Makes the requests. Default the platform's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Opens the streams. Default the platform's `EventSource`; give one that can send headers if those are needed. */
  readonly createEventSource?: CreateEventSource | undefined;
  /** Whether cookies are sent, as in `fetch`; `"include"` for another origin. Default `"same-origin"`. */
  readonly credentials?: RequestCredentials | undefined;
  /**
   * Called when the server responds with 401 or 403, once for all syncs. May renew the credentials: when it resolves,
   * every sync is tried once more; when it rejects or is not given, they stop with the error `unauthorized`.
   */
  readonly onUnauthorized?: (() => Promise<void> | void) | undefined;
  /**
   * How many streams may be open at once; further syncs are polled. Default 4: over HTTP/1.1 browsers allow six
   * connections to a host, for all tabs and requests together. `Infinity` if all of your users come by HTTP/2.
   */
  readonly maxStreams?: number | undefined;
  /** Whether the stream of all syncs is used if the backend has one. Default true. */
  readonly feed?: boolean | undefined;
  /** ms that a request may take. Default 10,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Adapts snapshots of another shape, in streams and responses. */
  readonly mapSnapshot?: MapSnapshot | undefined;
  /** What the backend offers, if its snapshots do not say (older backends). Default none. */
  readonly capabilities?: readonly SyncCapability[] | undefined;
}

const FEED_EVENTS = [HEARTBEAT_EVENT, READY_EVENT, REMOVED_EVENT, ...SNAPSHOT_EVENTS];

const DEFAULT_MAX_STREAMS = 4;
/** How long a renewal that was rejected stands for those that are needed after it, in ms: by the feed, the list, each sync. */
const REFUSED_MS = 1_000;

/**
 * The wire contract over HTTP: server-sent events by EventSource, and requests by `fetch`.
 *
 * @throws TypeError when `baseUrl` is neither an absolute http(s) URL nor a path that starts with "/", or a number is
 * out of range.
 */
export function httpTransport(options: HttpTransportOptions = {}): SyncTransport {
  const endpoints = createEndpoints(options.baseUrl ?? DEFAULT_BASE_PATH);
  const { mapSnapshot, onUnauthorized, maxStreams = DEFAULT_MAX_STREAMS } = options;
  if (!(maxStreams >= 0)) {
    throw new TypeError(`SyncProgressError: maxStreams must be a number of at least 0, got ${String(maxStreams)}.`);
  }
  const context: RequestContext = {
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    credentials: options.credentials ?? "same-origin",
    timeoutMs: checkDuration("requestTimeoutMs", options.requestTimeoutMs, DEFAULT_POLICY.requestTimeoutMs),
  };
  let authorization: Promise<boolean> | null = null;
  /** When the credentials could not be renewed the last time, by the monotonic clock. */
  let refusedAt = Number.NEGATIVE_INFINITY;

  /** Many requests are refused together, or one after the other; the credentials are renewed once for all of them. */
  function reauthorize(): Promise<boolean> {
    if (onUnauthorized === undefined || performance.now() - refusedAt < REFUSED_MS) return Promise.resolve(false);
    authorization ??= (async () => onUnauthorized())()
      .then(
        () => true,
        () => {
          refusedAt = performance.now();
          return false;
        },
      )
      .finally(() => {
        authorization = null;
      });
    return authorization;
  }

  /** Makes a request; if the credentials have expired, renews them and tries once more. */
  async function request(url: string, init: SyncRequest): Promise<TextResponse> {
    try {
      return await requestResponse(context, url, init);
    } catch (error) {
      const isUnauthorized = error instanceof SyncRequestError && (error.status === 401 || error.status === 403);
      if (!isUnauthorized || !(await reauthorize())) throw error;
      return requestResponse(context, url, init);
    }
  }

  async function read<T>(url: string, decode: (text: string) => Decoded<T>, signal?: AbortSignal): Promise<T> {
    return unwrap(url, decode((await request(url, { signal })).text));
  }

  async function start(url: string, body: unknown): Promise<string> {
    try {
      return unwrap(url, decodeStartResponse((await request(url, { method: "POST", body })).text));
    } catch (error) {
      // 409: one is running, and the response says which.
      const running =
        error instanceof SyncRequestError && error.status === 409 ? decodeStartResponse(error.body) : null;
      if (running?.ok) return running.value;
      throw error;
    }
  }

  /** Changes a sync, and returns the state that this led to if the response has one. */
  async function change(syncId: string, url: string, init: SyncRequest): Promise<SyncSnapshot | null> {
    const decoded = decodeResponse((await request(url, init)).text, syncId);
    return decoded.ok ? decoded.value : null;
  }

  function decodeResponse(text: string, syncId: string): Decoded<SyncSnapshot> {
    if (mapSnapshot === undefined) return decodeSnapshotResponse(text);
    const json = decodeJson(text);
    return json.ok ? decodeMapped(json.value, syncId, mapSnapshot) : json;
  }

  /** Opens the event source of a URL. @throws TypeError when the platform has none. */
  function createSource(url: string) {
    const create = options.createEventSource ?? nativeEventSource();
    if (create === undefined) throw new TypeError("There is no EventSource on this platform.");
    return create(url, { withCredentials: context.credentials === "include" });
  }

  return {
    maxStreams,
    name: endpoints.feed(),
    ...(options.capabilities === undefined ? {} : { capabilities: options.capabilities }),
    reauthorize,

    openStream(syncId, sink) {
      let latest = "";
      return listenToEventSource(createSource(endpoints.stream(syncId)), {
        ...sink,
        onEvent(data) {
          if (mapSnapshot === undefined) {
            const before = latest;
            latest = statusAndPhaseOf(data);
            return sink.onSnapshot({ isUrgent: latest !== before, decode: () => decodeSnapshotEvent(data) });
          }
          const message = mapMessage(data, syncId, mapSnapshot);
          if (message === null) sink.onHeartbeat();
          else sink.onSnapshot(message);
        },
      });
    },

    // A feed of another shape would have to say which sync each event is about.
    ...(mapSnapshot === undefined &&
      options.feed !== false && {
        openFeed: (sink: FeedSink) =>
          listenToEvents(createSource(endpoints.feed()), FEED_EVENTS, {
            ...sink,
            onEvent: (name, data) => sink.onEvent(name, typeof data === "string" ? data : ""),
          }),
      }),

    // Without a renewal of the credentials: that is part of what the connection decides.
    async getSnapshot(syncId, signal) {
      const url = endpoints.snapshot(syncId);
      return unwrap(url, decodeResponse(await requestText(context, url, { signal }), syncId));
    },

    command: (syncId, command) => change(syncId, endpoints.action(syncId, command), { method: "POST" }),
    setNotify: (syncId, notify) => change(syncId, endpoints.notify(syncId), { method: "PUT", body: notify }),

    startSync: (integrationType, { fullSync, since }) =>
      start(endpoints.startSync(integrationType), {
        ...(fullSync === undefined ? {} : { full_sync: fullSync }),
        ...(since === undefined ? {} : { since }),
      }),

    retry: (syncId, retryOptions) => start(endpoints.action(syncId, "retry"), retryOptions),
    listSyncs: (query, signal) => read(endpoints.syncs(query), decodeSyncPage, signal),
    getIntegrations: (signal) => read(endpoints.integrations(), decodeIntegrations, signal),
    getFailures: (syncId, query, signal) => read(endpoints.failures(syncId, query), decodeFailurePage, signal),

    async download(syncId, list, format, signal) {
      const { text, headers } = await request(endpoints.download(syncId, list, format), { signal });
      const fileName = /filename="([^"]+)"/.exec(headers.get("content-disposition") ?? "")?.[1];
      return { text, isCut: headers.get(CUT_HEADER) === "true", fileName: fileName ?? `${list}.${format}` };
    },
  };
}

function unwrap<T>(url: string, decoded: Decoded<T>): T {
  if (decoded.ok) return decoded.value;
  const message = `The response of ${url} cannot be used: ${decoded.problem.message}.`;
  throw new SyncRequestError(message, { kind: "invalid-response" });
}
