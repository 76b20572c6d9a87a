import type { SyncAction } from "../protocol/endpoints.js";
import type { FailurePage } from "../protocol/failure.js";
import type { Integration } from "../protocol/integration.js";
import type { SyncDiagnostic } from "./diagnostic.js";
import { listenToPage } from "./page-signals.js";
import { type StartSyncOptions, SyncApi } from "./sync-api.js";
import { readPolicy, type SyncClientOptions } from "./sync-client-options.js";
import type { SyncView } from "./sync-view.js";
import { Watch } from "./watch.js";
import type { WatchPolicy } from "./watch-policy.js";
import { watchView } from "./watch-view.js";

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
  readonly #api: SyncApi;
  readonly #options: SyncClientOptions;
  readonly #policy: WatchPolicy;
  readonly #watches = new Map<string, WatchEntry>();
  readonly #changeListeners = new Set<() => void>();
  #stopListeningToPage: (() => void) | null = null;

  constructor(options: SyncClientOptions = {}) {
    this.#options = options;
    this.#policy = readPolicy(options);
    this.#api = new SyncApi(options, this.#policy.requestTimeout);
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
  async startSync(integrationType: string, options: StartSyncOptions = {}): Promise<string> {
    return this.#started(await this.#api.startSync(integrationType, options));
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
    return this.#started(await this.#api.retry(syncId, options));
  }

  /** The integrations of the person signed in. @throws SyncRequestError when the server cannot tell. */
  async getIntegrations(signal?: AbortSignal): Promise<readonly Integration[]> {
    return this.#api.getIntegrations(signal);
  }

  /** One page of the items that failed in a sync. @throws SyncRequestError when the server cannot tell. */
  async getFailures(
    syncId: string,
    page: { readonly cursor?: string; readonly limit?: number } = {},
    signal?: AbortSignal,
  ): Promise<FailurePage> {
    return this.#api.getFailures(syncId, page, signal);
  }

  /** Ends every watch at once. The client can be used again afterwards. */
  close(): void {
    for (const syncId of [...this.#watches.keys()]) this.#drop(syncId);
  }

  #entry(syncId: string): WatchEntry {
    const known = this.#watches.get(syncId);
    if (known !== undefined) return known;
    const watch = new Watch(syncId, this.#policy, {
      openStream: () => this.#api.openStream(syncId),
      askSnapshot: (signal) => this.#api.askSnapshot(syncId, signal),
      authorize: () => this.#api.authorize(),
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

  #started(syncId: string): string {
    this.#tellChange();
    return syncId;
  }

  async #command(syncId: string, action: SyncAction): Promise<void> {
    const snapshot = await this.#api.command(syncId, action);
    if (snapshot !== null) this.#watches.get(syncId)?.watch.tell({ type: "command-snapshot", snapshot });
  }

  #tellChange(): void {
    for (const listener of [...this.#changeListeners]) listener();
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
