import type { SyncCapability } from "../protocol/capabilities.js";
import type { DownloadFormat, DownloadList, SyncDownload } from "../protocol/download.js";
import type { FailureQuery, SyncListQuery } from "../protocol/endpoints.js";
import type { FailurePage } from "../protocol/failure.js";
import type { Integration } from "../protocol/integration.js";
import { DEFAULT_PHASES } from "../protocol/phases.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { SyncPage } from "../protocol/sync-page.js";
import { checkDuration } from "./check-duration.js";
import { FeedSwitch } from "./feed-switch.js";
import { FrameScheduler } from "./frame-scheduler.js";
import { listenToPage } from "./page-signals.js";
import { PendingRequests } from "./pending-requests.js";
import { StreamLimit } from "./stream-limit.js";
import { readPolicy, readTransport, type SyncClientOptions } from "./sync-client-options.js";
import type { SyncCollection } from "./sync-collection.js";
import { SyncEvents } from "./sync-events.js";
import { SyncRequestError, toRequestError } from "./sync-request.js";
import type { NotifyOptions, RunningSyncCommand, StartSyncOptions, SyncTransport } from "./sync-transport.js";
import type { SyncCommandName, SyncCommandState, SyncView } from "./sync-view.js";
import { Watch, type WatchEnvironment } from "./watch.js";

/** What other modules of ours need of a client, and applications do not. */
interface Internals {
  reportError(syncId: string, error: unknown): void;
  followFeed(onSnapshot: (snapshot: SyncSnapshot) => void): () => void;
}

/** Not by a static block of the class, which bundlers keep even where nobody uses the class. */
const internalsOf = new WeakMap<SyncClient, Internals>();

interface WatchEntry {
  readonly watch: Watch;
  isConnected: boolean;
  listeners: number;
  expiry: ReturnType<typeof setTimeout> | null;
}

const DEFAULT_KEEP_ALIVE_MS = 2_000;

/**
 * Watches syncs and gives commands. Each sync has one watch, and so one connection, however many listeners it has.
 *
 * @example
 * const client = new SyncClient({ baseUrl: "/api" });
 * const syncId = await client.startSync("gmail");
 * const unsubscribe = client.subscribe(syncId, () => render(client.getView(syncId)));
 *
 * @throws TypeError when `baseUrl` is neither an absolute http(s) URL nor a path that starts with "/", a duration is not
 * a positive number, or `transport` contradicts other options.
 */
export class SyncClient {
  /** All syncs that are watched now, and what happens to them. */
  readonly syncs: SyncCollection;
  readonly #transport: SyncTransport;
  readonly #keepAliveMs: number;
  readonly #watches = new Map<string, WatchEntry>();
  readonly #events = new SyncEvents((syncId) => this.getView(syncId));
  readonly #streams: StreamLimit;
  readonly #commands = new PendingRequests<void>();
  readonly #retries = new PendingRequests<string>();
  readonly #feed: FeedSwitch;
  readonly #environment: Omit<WatchEnvironment, "onDecision" | "onMessage" | "onChange" | "onError">;
  #stopListeningToPage: (() => void) | null = null;

  constructor(options: SyncClientOptions = {}) {
    const transport = readTransport(options);
    const policy = readPolicy(options, transport);
    this.#transport = transport;
    this.#keepAliveMs = checkDuration("keepAliveMs", options.keepAliveMs, DEFAULT_KEEP_ALIVE_MS);
    this.#streams = new StreamLimit(transport.maxStreams ?? Number.POSITIVE_INFINITY, () => this.#offerStream());
    this.#environment = {
      transport,
      policy,
      tracking: { stallTimeoutMs: policy.stallTimeoutMs, phases: options.phases ?? DEFAULT_PHASES },
      frames: new FrameScheduler(),
      streams: this.#streams,
    };
    this.syncs = {
      getAll: () => [...this.#watches.values()].map(({ watch }) => watch.view),
      subscribe: (listener, options) => this.#events.subscribe(listener, options),
    };
    this.#feed = new FeedSwitch({
      transport,
      policy,
      frames: this.#environment.frames,
      shareTabs: options.shareTabs ?? true,
      onDecision: ({ reason, detail }, connection) => this.#events.notifyDecision(null, reason, detail, connection),
      onMessage: (name, data) => this.#events.notifyMessage(null, name, data),
      onError: (error) => this.#events.notifyError(null, error),
    });
    internalsOf.set(this, {
      reportError: (syncId, error) => this.#events.notifyError(syncId, error),
      followFeed: (onSnapshot) => this.#feed.follow(onSnapshot),
    });
    const { onDiagnostic } = options;
    if (onDiagnostic !== undefined) {
      this.syncs.subscribe((event) => {
        if (event.type !== "decision") return;
        const { type: _, ...diagnostic } = event;
        onDiagnostic(diagnostic);
      });
    }
  }

  /**
   * Watches a sync. `listener` is called after every change of {@link getView}, at most once a frame while events pour in. A
   * listener that throws is reported and disturbs nothing else. Returns a function that unsubscribes.
   */
  subscribe(syncId: string, listener: () => void): () => void {
    const entry = this.#entry(syncId);
    if (entry.expiry !== null) clearTimeout(entry.expiry);
    entry.expiry = null;
    entry.listeners += 1;
    const removeListener = entry.watch.addListener(listener);
    if (!entry.isConnected) {
      entry.isConnected = true;
      this.#feed.add(entry.watch);
    }
    let isSubscribed = true;
    return () => {
      if (!isSubscribed) return;
      isSubscribed = false;
      removeListener();
      entry.listeners -= 1;
      if (entry.listeners > 0 || this.#watches.get(syncId) !== entry) return;
      entry.expiry = setTimeout(() => this.#remove(syncId), this.#keepAliveMs);
    };
  }

  /** The current view of a sync; `undefined` while nobody watches it. The same object until something changes. */
  getView(syncId: string): SyncView | undefined {
    return this.#watches.get(syncId)?.watch.view;
  }

  /** Tries to reach the server now instead of at the view's `retryAt`. */
  reconnect(syncId: string): void {
    if (!this.#feed.reconnect(syncId)) this.#watches.get(syncId)?.watch.dispatch({ type: "reconnect" });
  }

  /**
   * Starts a sync and resolves with its id; if one of that type is running, with the id of that one.
   *
   * @throws SyncRequestError when the server refuses or cannot be reached.
   */
  async startSync(integrationType: string, options: StartSyncOptions = {}): Promise<string> {
    const syncId = await this.#start(integrationType, options);
    this.#events.notify({ type: "started", syncId, integrationType });
    return syncId;
  }

  /**
   * Cancels the sync. The view's `command` shows that it is pending, or why it failed. While the same command is pending,
   * returns its promise.
   *
   * @throws SyncRequestError when the server refuses, cannot be reached, or does not offer it.
   */
  cancel(syncId: string): Promise<void> {
    return this.#command(syncId, "cancel");
  }

  /** Pauses the sync; otherwise like {@link cancel}. */
  pause(syncId: string): Promise<void> {
    return this.#command(syncId, "pause");
  }

  /** Resumes a paused sync; otherwise like {@link cancel}. */
  resume(syncId: string): Promise<void> {
    return this.#command(syncId, "resume");
  }

  /**
   * Starts a new sync in place of one that has ended, of everything or of what failed, and resolves with its id. If the
   * backend has no retry, a new sync of the same type is started. While the same retry is pending, returns its promise.
   *
   * @throws SyncRequestError when the server refuses, cannot be reached, or does not offer it.
   */
  retry(syncId: string, options: { readonly only?: "failed" } = {}): Promise<string> {
    const name = options.only === "failed" ? "retry_failed" : "retry";
    return this.#retries.join(syncId, name, () => this.#retry(syncId, name, options));
  }

  /** The syncs of the person signed in, newest first. @throws SyncRequestError when they cannot be loaded. */
  async listSyncs(query: SyncListQuery = {}, signal?: AbortSignal): Promise<SyncPage> {
    const page = await required("listSyncs", this.#transport.listSyncs).call(this.#transport, query, signal);
    this.#feed.onPage(page);
    return { ...page, hasFeed: page.hasFeed && this.#transport.openFeed !== undefined };
  }

  /** The integrations of the person signed in. @throws SyncRequestError when they cannot be loaded. */
  async getIntegrations(signal?: AbortSignal): Promise<readonly Integration[]> {
    return required("getIntegrations", this.#transport.getIntegrations).call(this.#transport, signal);
  }

  /** One page of the items that failed in a sync. @throws SyncRequestError when it cannot be loaded. */
  async getFailures(syncId: string, query: FailureQuery = {}, signal?: AbortSignal): Promise<FailurePage> {
    return required("getFailures", this.#transport.getFailures).call(this.#transport, syncId, query, signal);
  }

  /** The failed items or the log of a sync as a file. @throws SyncRequestError when it cannot be loaded. */
  async download(
    syncId: string,
    list: DownloadList,
    format: DownloadFormat,
    signal?: AbortSignal,
  ): Promise<SyncDownload> {
    return required("download", this.#transport.download).call(this.#transport, syncId, list, format, signal);
  }

  /**
   * Says whether the person wants a notice when the sync has ended; the snapshot's `notifyEmail` shows it.
   *
   * @throws SyncRequestError when the server refuses, cannot be reached, or does not offer it.
   */
  async setNotify(syncId: string, notify: NotifyOptions): Promise<void> {
    const snapshot = await required("setNotify", this.#transport.setNotify).call(this.#transport, syncId, notify);
    if (snapshot !== null) this.#watches.get(syncId)?.watch.dispatch({ type: "command-snapshot", snapshot });
  }

  /** Ends every watch at once. The client can be used again afterwards. */
  close(): void {
    const entries = [...this.#watches];
    // First, so that a stream that is given back is not taken by another that ends.
    this.#watches.clear();
    for (const [syncId, entry] of entries) this.#end(syncId, entry);
  }

  async #start(integrationType: string, options: StartSyncOptions): Promise<string> {
    const request = required("startSync", this.#transport.startSync);
    const syncId = await request.call(this.#transport, integrationType, options);
    this.#feed.expect(syncId);
    return syncId;
  }

  #command(syncId: string, name: RunningSyncCommand): Promise<void> {
    const request = async () => {
      const command = required("command", this.#transport.command);
      const snapshot = await command.call(this.#transport, syncId, name);
      if (snapshot !== null) this.#watches.get(syncId)?.watch.dispatch({ type: "command-snapshot", snapshot });
    };
    const capability = name === "cancel" ? "cancel" : "pause";
    return this.#commands.join(syncId, name, () => this.#request(syncId, name, capability, request));
  }

  async #retry(syncId: string, name: "retry" | "retry_failed", options: { readonly only?: "failed" }): Promise<string> {
    const snapshot = this.getView(syncId)?.snapshot ?? null;
    const integrationType = snapshot?.connectorType || null;
    const offered = snapshot?.capabilities ?? this.#transport.capabilities ?? [];
    const startsAgain = name === "retry" && integrationType !== null && !offered.includes("retry");
    const started = await this.#request(syncId, name, name, () => {
      if (startsAgain) return this.#start(integrationType, {});
      return required("retry", this.#transport.retry).call(this.#transport, syncId, options);
    });
    this.#events.notify({ type: "started", syncId: started, integrationType });
    return started;
  }

  /** Makes the request of a command, and lets every view of the sync see how it stands. */
  async #request<Result>(
    syncId: string,
    name: SyncCommandName,
    capability: SyncCapability,
    request: () => Promise<Result>,
  ): Promise<Result> {
    const before = this.getView(syncId);
    if (before !== undefined && before.snapshot !== null && !before.capabilities.includes(capability)) {
      const message = `The backend does not offer "${capability}" for the sync ${syncId}; an older one that does needs the option capabilities.`;
      throw new SyncRequestError(message, { kind: "unsupported" });
    }
    const pending: SyncCommandState = { name, status: "pending", error: null };
    const show = (command: SyncCommandState | null, expected?: SyncCommandState) => {
      const watch = this.#watches.get(syncId)?.watch;
      // A later command is what counts by then.
      if (expected === undefined || watch?.view.command === expected) watch?.dispatch({ type: "command", command });
    };
    show(pending);
    try {
      const result = await request();
      show(null, pending);
      return result;
    } catch (reason) {
      const error = toRequestError(reason);
      // A command that was overtaken by another status is nothing to try again.
      const isOvertaken = this.getView(syncId)?.status !== before?.status;
      show(isOvertaken ? null : { name, status: "failed", error }, pending);
      throw error;
    }
  }

  #entry(syncId: string): WatchEntry {
    const existing = this.#watches.get(syncId);
    if (existing !== undefined) return existing;
    const watch = new Watch(syncId, {
      ...this.#environment,
      onDecision: ({ reason, detail }, connection) => this.#events.notifyDecision(syncId, reason, detail, connection),
      onMessage: (name, data) => this.#events.notifyMessage(syncId, name, data),
      onChange: (view, before) => {
        this.#feed.onView(view);
        this.#events.notify({ type: view.isTerminal && !before.isTerminal ? "ended" : "updated", view });
      },
      onError: (error) => this.#events.notifyError(syncId, error),
    });
    const entry: WatchEntry = { watch, isConnected: false, listeners: 0, expiry: null };
    this.#watches.set(syncId, entry);
    this.#stopListeningToPage ??= listenToPage((type) => {
      this.#feed.dispatch(type);
      for (const { watch } of [...this.#watches.values()]) watch.dispatch({ type });
    });
    this.#events.notify({ type: "added", view: watch.view });
    return entry;
  }

  #remove(syncId: string): void {
    const entry = this.#watches.get(syncId);
    if (entry === undefined || !this.#watches.delete(syncId)) return;
    this.#end(syncId, entry);
  }

  #end(syncId: string, { watch, expiry }: WatchEntry): void {
    if (expiry !== null) clearTimeout(expiry);
    watch.dispose();
    this.#feed.remove(syncId);
    this.#events.notify({ type: "removed", syncId });
    if (this.#watches.size > 0) return;
    this.#stopListeningToPage?.();
    this.#stopListeningToPage = null;
  }

  /** A stream became available: the first sync that is polled for want of one may have it. */
  #offerStream(): void {
    for (const { watch } of this.#watches.values()) if (watch.takeStream()) return;
  }
}

/** Reports a callback of the application that threw; it changes nothing else. Not part of the public API. */
export function reportCallbackError(client: SyncClient, syncId: string, error: unknown): void {
  internalsOf.get(client)?.reportError(syncId, error);
}

/**
 * Calls `onSnapshot` with what the feed of a client says of syncs that nobody watches, now and from now on, and keeps the
 * feed open for that. Does nothing for a backend without a feed. Not part of the public API.
 */
export function followFeed(client: SyncClient, onSnapshot: (snapshot: SyncSnapshot) => void): () => void {
  return internalsOf.get(client)?.followFeed(onSnapshot) ?? (() => {});
}

function required<Method>(name: keyof SyncTransport, method: Method | undefined): Method {
  if (method !== undefined) return method;
  throw new SyncRequestError(`The transport has no ${name}.`, { kind: "unsupported" });
}
