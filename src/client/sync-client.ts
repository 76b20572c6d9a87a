import { decodeStartAnswer } from "../protocol/answers.js";
import { decodeSnapshotAnswer } from "../protocol/decode-snapshot.js";
import type { Decoded } from "../protocol/decoding.js";
import { createEndpoints, type Endpoints, type SyncAction } from "../protocol/endpoints.js";
import { decodeFailurePage, type FailurePage } from "../protocol/failure.js";
import { decodeIntegrations, type Integration } from "../protocol/integration.js";
import type { SyncDiagnostic } from "./diagnostic.js";
import { type CreateEventSource, nativeEventSource } from "./event-source.js";
import { listenToPage } from "./page-signals.js";
import { type RequestContext, requestText, type SyncRequest, SyncRequestError } from "./sync-request.js";
import type { SyncView } from "./sync-view.js";
import { Watch } from "./watch.js";
import { connectionTimes, DEFAULT_POLICY, type WatchPolicy } from "./watch-policy.js";
import type { SnapshotAnswer } from "./watch-state.js";
import { watchView } from "./watch-view.js";

/** How a {@link SyncClient} reaches its server. */
export interface SyncClientOptions {
  /** Where the sync API lives: an absolute http(s) URL or a path that starts with "/". Default `"/api"`. */
  readonly baseUrl?: string;
  /** Whether cookies are sent, as in `fetch`; `"include"` for another origin. Default `"same-origin"`. */
  readonly credentials?: RequestCredentials;
  /** Makes the requests. Default the platform's `fetch`. */
  readonly fetch?: typeof fetch;
  /** Opens the streams. Default the platform's `EventSource`; give one that can send headers where those are needed. */
  readonly createEventSource?: CreateEventSource;
  /**
   * Called when the server answers 401 or 403. May renew the credentials: when it resolves, every watch tries once
   * more; when it rejects or is not given, the watches stop and tell `unauthorized`. Called once for all watches.
   */
  readonly onUnauthorized?: () => Promise<void> | void;
  /** Told what each watch decided about its connection, and why. */
  readonly onDiagnostic?: (diagnostic: SyncDiagnostic) => void;
  /** Longest waits between attempts, in ms. Default 1,000 doubling to 30,000, each with full jitter. */
  readonly retry?: { readonly baseMs?: number; readonly maxMs?: number };
  /** ms of silence after which a stream that sends heartbeats is taken for dead. Default 37,500. */
  readonly heartbeatTimeout?: number;
  /** ms without any change after which a running sync counts as stalled. Default 30,000. */
  readonly stallTimeout?: number;
  /**
   * ms a new stream may take to its first event before the snapshot endpoint is asked. Default 3,000. The other times of
   * the connection follow from it: how long the browser's own retry may go on, when a stream is tried again.
   */
  readonly openTimeout?: number;
  /** ms between requests while no stream can be had. Default 2,000. */
  readonly pollInterval?: number;
  /** ms a request may take. Default 10,000. */
  readonly requestTimeout?: number;
  /** The phases and their weights, for servers that send no percentage. */
  readonly phases?: WatchPolicy["phases"];
  /** ms a watch is kept after its last listener left, so that route changes open no new connection. Default 2,000. */
  readonly keepAlive?: number;
}

/** What a sync is started with. */
export interface StartSyncOptions {
  /** Sync everything again, not only what is new. */
  readonly fullSync?: boolean;
  /** Only what changed since then, ISO 8601. */
  readonly since?: string;
}

interface WatchEntry {
  readonly watch: Watch;
  listeners: number;
  expiry: ReturnType<typeof setTimeout> | null;
}

const DEFAULT_KEEP_ALIVE_MS = 2_000;

/**
 * Watches syncs and gives commands. One watch, and so one connection, for each sync id however many listeners it has.
 *
 * @example
 * const client = new SyncClient({ baseUrl: "/api" });
 * const syncId = await client.startSync("gmail");
 * const stop = client.subscribe(syncId, () => render(client.getView(syncId)));
 *
 * @throws TypeError when `baseUrl` is neither an absolute http(s) URL nor a path that starts with "/", or a duration
 * is not a positive number.
 */
export class SyncClient {
  readonly #endpoints: Endpoints;
  readonly #options: SyncClientOptions;
  readonly #policy: WatchPolicy;
  readonly #watches = new Map<string, WatchEntry>();
  readonly #changeListeners = new Set<() => void>();
  #stopListeningToPage: (() => void) | null = null;
  #authorization: Promise<boolean> | null = null;

  constructor(options: SyncClientOptions = {}) {
    this.#endpoints = createEndpoints(options.baseUrl ?? "/api");
    this.#options = options;
    this.#policy = readPolicy(options);
  }

  /**
   * Watches a sync until the answer is called. `listener` is told after every change; read {@link getView} then. A
   * listener that throws is reported and disturbs nothing else.
   */
  subscribe(syncId: string, listener: () => void): () => void {
    const entry = this.#entry(syncId);
    if (entry.expiry !== null) clearTimeout(entry.expiry);
    entry.expiry = null;
    entry.listeners += 1;
    const stopListening = entry.watch.addListener(listener);
    entry.watch.tell({ type: "start" });
    let isSubscribed = true;
    return () => {
      if (!isSubscribed) return;
      isSubscribed = false;
      stopListening();
      entry.listeners -= 1;
      if (entry.listeners > 0 || this.#watches.get(syncId) !== entry) return;
      entry.expiry = setTimeout(() => this.#drop(syncId), this.#options.keepAlive ?? DEFAULT_KEEP_ALIVE_MS);
    };
  }

  /** What is known of a sync; `undefined` while nobody watches it. The same object until something changes. */
  getView(syncId: string): SyncView | undefined {
    return this.#watches.get(syncId)?.watch.view;
  }

  /** Tells `listener` when a sync was started here or a watched one has ended: lists of syncs are then out of date. */
  subscribeToChanges(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Tries to reach the server now instead of after the wait that is under way. */
  reconnect(syncId: string): void {
    this.#watches.get(syncId)?.watch.tell({ type: "reconnect" });
  }

  /**
   * Starts a sync and answers its id; where one of that type runs already, answers the id of that one.
   *
   * @throws SyncRequestError when the server refuses or cannot be reached.
   */
  async startSync(integrationType: string, { fullSync, since }: StartSyncOptions = {}): Promise<string> {
    const body = {
      ...(fullSync === undefined ? {} : { full_sync: fullSync }),
      ...(since === undefined ? {} : { since }),
    };
    return this.#start(this.#endpoints.startSync(integrationType), body);
  }

  /** Asks for an end of the sync. @throws SyncRequestError when the server refuses or cannot be reached. */
  async cancel(syncId: string): Promise<void> {
    await this.#command(syncId, "cancel");
  }

  /** Asks the sync to hold. @throws SyncRequestError when the server refuses or cannot be reached. */
  async pause(syncId: string): Promise<void> {
    await this.#command(syncId, "pause");
  }

  /** Asks a paused sync to go on. @throws SyncRequestError when the server refuses or cannot be reached. */
  async resume(syncId: string): Promise<void> {
    await this.#command(syncId, "resume");
  }

  /**
   * Starts a new sync in place of a terminal one, of everything or of what failed, and answers its id.
   *
   * @throws SyncRequestError when the server refuses or cannot be reached.
   */
  async retry(syncId: string, options: { readonly only?: "failed" } = {}): Promise<string> {
    return this.#start(this.#endpoints.action(syncId, "retry"), options);
  }

  /** The integrations of the person signed in. @throws SyncRequestError when the server cannot tell. */
  async getIntegrations(signal?: AbortSignal): Promise<readonly Integration[]> {
    return this.#read(this.#endpoints.integrations(), decodeIntegrations, signal);
  }

  /** One page of the items that failed in a sync. @throws SyncRequestError when the server cannot tell. */
  async getFailures(
    syncId: string,
    page: { readonly cursor?: string; readonly limit?: number } = {},
    signal?: AbortSignal,
  ): Promise<FailurePage> {
    return this.#read(this.#endpoints.failures(syncId, page), decodeFailurePage, signal);
  }

  /** Ends every watch at once. The client can be used again afterwards. */
  close(): void {
    for (const syncId of [...this.#watches.keys()]) this.#drop(syncId);
  }

  #entry(syncId: string): WatchEntry {
    const known = this.#watches.get(syncId);
    if (known !== undefined) return known;
    const watch = new Watch(syncId, this.#policy, {
      openStream: () => this.#openStream(syncId),
      askSnapshot: (signal) => this.#askSnapshot(syncId, signal),
      authorize: () => this.#authorize(),
      onDecision: (state) => {
        if (state.decision?.reason === "terminal") this.#tellChange();
        if (this.#options.onDiagnostic === undefined || state.decision === null) return;
        const { connection } = watchView(state);
        const { failedOpenings, outages } = state;
        this.#diagnose({ at: Date.now(), syncId, ...state.decision, connection, failedOpenings, outages });
      },
      onListenerError: (error) => this.reportCallbackError(syncId, error),
    });
    const entry: WatchEntry = { watch, listeners: 0, expiry: null };
    this.#watches.set(syncId, entry);
    this.#stopListeningToPage ??= listenToPage((signal) => {
      for (const { watch } of this.#watches.values()) watch.tell({ type: signal });
    });
    return entry;
  }

  #drop(syncId: string): void {
    const entry = this.#watches.get(syncId);
    if (entry === undefined) return;
    if (entry.expiry !== null) clearTimeout(entry.expiry);
    entry.watch.dispose();
    this.#watches.delete(syncId);
    if (this.#watches.size > 0) return;
    this.#stopListeningToPage?.();
    this.#stopListeningToPage = null;
  }

  #openStream(syncId: string) {
    const create = this.#options.createEventSource ?? nativeEventSource();
    return create?.(this.#endpoints.stream(syncId), { withCredentials: this.#credentials === "include" }) ?? null;
  }

  async #askSnapshot(syncId: string, signal: AbortSignal): Promise<SnapshotAnswer> {
    try {
      const text = await requestText(this.#requestContext, this.#endpoints.snapshot(syncId), { signal });
      const decoded = decodeSnapshotAnswer(text);
      return decoded.ok
        ? { kind: "snapshot", snapshot: decoded.value }
        : { kind: "unreadable", problem: decoded.problem };
    } catch (error) {
      if (!(error instanceof SyncRequestError)) return { kind: "no-answer", message: String(error) };
      const { status, retryAfterMs, message } = error;
      return status === null ? { kind: "no-answer", message } : { kind: "refused", status, retryAfterMs, message };
    }
  }

  /** Many watches are refused together; the credentials are renewed once for all of them. */
  #authorize(): Promise<boolean> {
    const { onUnauthorized } = this.#options;
    if (onUnauthorized === undefined) return Promise.resolve(false);
    this.#authorization ??= (async () => onUnauthorized())()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        this.#authorization = null;
      });
    return this.#authorization;
  }

  async #start(url: string, body: unknown): Promise<string> {
    const syncId = unwrap(url, decodeStartAnswer(await this.#postStart(url, body)));
    this.#tellChange();
    return syncId;
  }

  async #postStart(url: string, body: unknown): Promise<string> {
    try {
      return await this.#request(url, { method: "POST", body });
    } catch (error) {
      // 409: it runs already, and the answer names the sync that does.
      if (error instanceof SyncRequestError && error.status === 409 && decodeStartAnswer(error.body).ok)
        return error.body;
      throw error;
    }
  }

  #tellChange(): void {
    for (const listener of [...this.#changeListeners]) listener();
  }

  async #command(syncId: string, action: SyncAction): Promise<void> {
    const text = await this.#request(this.#endpoints.action(syncId, action), { method: "POST" });
    const decoded = decodeSnapshotAnswer(text);
    if (decoded.ok) this.#watches.get(syncId)?.watch.tell({ type: "command-snapshot", snapshot: decoded.value });
  }

  async #read<T>(url: string, decode: (text: unknown) => Decoded<T>, signal?: AbortSignal): Promise<T> {
    return unwrap(url, decode(await this.#request(url, signal === undefined ? {} : { signal })));
  }

  /** Makes a request; where the credentials have expired, renews them and asks once more. */
  async #request(url: string, request: SyncRequest): Promise<string> {
    try {
      return await requestText(this.#requestContext, url, request);
    } catch (error) {
      const isUnauthorized = error instanceof SyncRequestError && (error.status === 401 || error.status === 403);
      if (!isUnauthorized || !(await this.#authorize())) throw error;
      return requestText(this.#requestContext, url, request);
    }
  }

  get #credentials(): RequestCredentials {
    return this.#options.credentials ?? "same-origin";
  }

  get #requestContext(): RequestContext {
    return {
      fetch: this.#options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      credentials: this.#credentials,
      timeoutMs: this.#policy.requestTimeout,
    };
  }

  /** Reports a callback of the application that threw; it changes nothing else. */
  reportCallbackError(syncId: string, error: unknown): void {
    const view = this.getView(syncId);
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#diagnose({
      at: Date.now(),
      syncId,
      reason: "callback-failed",
      detail,
      connection: view?.connection ?? "idle",
      failedOpenings: 0,
      outages: 0,
    });
    // The page's own error reporting must see it too, as it would an error in any other event handler.
    if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  }

  #diagnose(diagnostic: SyncDiagnostic): void {
    try {
      this.#options.onDiagnostic?.(diagnostic);
    } catch (error) {
      if (typeof globalThis.reportError === "function") globalThis.reportError(error);
    }
  }
}

function unwrap<T>(url: string, decoded: Decoded<T>): T {
  if (decoded.ok) return decoded.value;
  throw new SyncRequestError(`The answer of ${url} cannot be used: ${decoded.problem.message}.`);
}

function readPolicy(options: SyncClientOptions): WatchPolicy {
  const { retry = {} } = options;
  const duration = (name: string, value: number | undefined, fallback: number) => {
    if (value === undefined) return fallback;
    if (Number.isFinite(value) && value > 0) return value;
    throw new TypeError(`SyncProgressError: ${name} must be a positive number of milliseconds, got ${String(value)}.`);
  };
  return {
    heartbeatTimeout: duration("heartbeatTimeout", options.heartbeatTimeout, DEFAULT_POLICY.heartbeatTimeout),
    stallTimeout: duration("stallTimeout", options.stallTimeout, DEFAULT_POLICY.stallTimeout),
    ...connectionTimes(duration("openTimeout", options.openTimeout, DEFAULT_POLICY.openTimeout)),
    requestTimeout: duration("requestTimeout", options.requestTimeout, DEFAULT_POLICY.requestTimeout),
    pollInterval: duration("pollInterval", options.pollInterval, DEFAULT_POLICY.pollInterval),
    retryBase: duration("retry.baseMs", retry.baseMs, DEFAULT_POLICY.retryBase),
    retryMax: duration("retry.maxMs", retry.maxMs, DEFAULT_POLICY.retryMax),
    phases: options.phases ?? DEFAULT_POLICY.phases,
  };
}
