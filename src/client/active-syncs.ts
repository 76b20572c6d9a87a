import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { backoff, DEFAULT_POLICY } from "./connection-policy.js";
import { requestActiveList } from "./list-active.js";
import { listenTo } from "./listen-to.js";
import { ListenerSet } from "./listener-set.js";
import { StoredIds } from "./stored-ids.js";
import { followFeed, type SyncClient } from "./sync-client.js";
import type { SyncEvent } from "./sync-collection.js";
import { type SyncRequestError, toRequestError } from "./sync-request.js";
import type { SyncView } from "./sync-view.js";

/** What runs, and what has just ended. */
export interface ActiveSyncsState {
  /** What runs, the oldest first; then what has ended, the latest first. */
  readonly syncs: readonly SyncView[];
  /** The list of running syncs has not arrived yet. */
  readonly isLoading: boolean;
  /** Why the list could not be loaded; it is tried again. */
  readonly error: SyncRequestError | null;
}

/** How long a sync without failures stays after its end, in ms. */
const KEEP_ENDED_MS = 30_000;
/** How many syncs that have ended are kept. */
const MAX_ENDED = 50;
/** How often a backend without a feed is requested for syncs that were started elsewhere, in ms. */
const LIST_INTERVAL_MS = 15_000;

const NOTHING: ActiveSyncsState = { syncs: [], isLoading: true, error: null };

interface Held {
  release: () => void;
  /** It was running when it was first heard of: an old sync that somebody looks at is none of these. */
  wasRunning: boolean;
  expiry: ReturnType<typeof setTimeout> | null;
}

/**
 * Watches every sync of the person signed in, as long as it has a listener: those that the list has, that the feed
 * reports, that this client starts, and, for backends without a list, those that this tab has started before.
 */
export class ActiveSyncs {
  readonly #client: SyncClient;
  readonly #listeners: ListenerSet<[]>;
  /** What this tab has started, for backends without a list. */
  readonly #started = new StoredIds(() => sessionStorage, "react-sync-progress:started");
  /** Shared by all tabs: what was dismissed in one is gone in all. */
  readonly #dismissed = new StoredIds(() => localStorage, "react-sync-progress:dismissed");
  readonly #held = new Map<string, Held>();
  #listenerCount = 0;
  #stop: (() => void) | null = null;
  #status: Omit<ActiveSyncsState, "syncs"> = NOTHING;
  #state: ActiveSyncsState | null = NOTHING;
  #isNotifying = false;

  constructor(client: SyncClient) {
    this.#client = client;
    this.#listeners = new ListenerSet((error) => globalThis.reportError?.(error));
  }

  /** Calls `listener` after every change of the state. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void {
    const remove = this.#listeners.add(listener);
    this.#listenerCount += 1;
    if (this.#listenerCount === 1) this.#start();
    let isSubscribed = true;
    return () => {
      if (!isSubscribed) return;
      isSubscribed = false;
      remove();
      this.#listenerCount -= 1;
      if (this.#listenerCount === 0) this.#end();
    };
  }

  /** The same object until something changes. */
  getState(): ActiveSyncsState {
    this.#state ??= { syncs: this.#sorted(), ...this.#status };
    return this.#state;
  }

  /** Takes a sync that has ended off the list, in all tabs. */
  dismiss(syncId: string): void {
    if (this.#client.getView(syncId)?.isTerminal === false) return;
    this.#dismissed.add(syncId);
    this.#release(syncId);
  }

  #start(): void {
    const controller = new AbortController();
    const unsubscribe = this.#client.syncs.subscribe((event) => this.#onEvent(event));
    const onStorage = () => {
      for (const syncId of this.#dismissed.getAll()) this.#release(syncId);
    };
    const unlisten = typeof window === "undefined" ? null : listenTo(window, "storage", onStorage);
    const unfollow = followFeed(this.#client, (snapshot) => this.#onUnwatched(snapshot));
    this.#stop = () => {
      controller.abort();
      unlisten?.();
      unfollow();
      unsubscribe();
    };
    for (const { syncId, isTerminal } of this.#client.syncs.getAll()) if (!isTerminal) this.#hold(syncId, false);
    void this.#follow(controller.signal);
  }

  #end(): void {
    this.#stop?.();
    this.#stop = null;
    for (const syncId of [...this.#held.keys()]) this.#release(syncId);
    this.#status = NOTHING;
    this.#state = NOTHING;
  }

  /** Loads the list; again after a failure, and at intervals from a backend that does not report new syncs by itself. */
  async #follow(signal: AbortSignal): Promise<void> {
    // A first listener that leaves at once, as in React's StrictMode, requests nothing.
    await null;
    for (let failures = 0; !signal.aborted; ) {
      let pauseMs = LIST_INTERVAL_MS;
      try {
        if (await this.#load(signal)) return;
        failures = 0;
      } catch (reason) {
        if (signal.aborted) return;
        const error = toRequestError(reason);
        if (isUnsupported(error)) return this.#recall();
        this.#setStatus({ isLoading: false, error });
        pauseMs = Math.max(error.retryAfterMs ?? 0, backoff(failures, DEFAULT_POLICY, Math.random()));
        failures += 1;
      }
      await waitUntil(pauseMs, signal);
    }
  }

  /** Holds what the list has. Returns whether new syncs are reported without it. */
  async #load(signal: AbortSignal): Promise<boolean> {
    const listSyncs = this.#client.listSyncs.bind(this.#client);
    const { snapshots, hasFeed } = await requestActiveList(listSyncs, signal);
    if (signal.aborted) return true;
    for (const { syncId } of snapshots) this.#hold(syncId, true);
    this.#setStatus({ isLoading: false, error: null });
    return hasFeed;
  }

  /** There is no list: what this tab has started is what there is to go by. */
  #recall(): void {
    for (const syncId of this.#started.getAll()) this.#hold(syncId, true);
    this.#setStatus({ isLoading: false, error: null });
  }

  #onEvent(event: SyncEvent): void {
    switch (event.type) {
      case "started":
        this.#started.add(event.syncId);
        this.#hold(event.syncId, true);
        break;
      case "added":
        if (!event.view.isTerminal) this.#hold(event.view.syncId, false);
        break;
      case "updated":
        this.#onUpdated(event.view);
        break;
      case "ended":
        this.#onEnded(event.view);
        break;
      case "removed":
        this.#release(event.syncId);
        break;
      default:
    }
  }

  /** Holds a sync that the feed reports, if it runs or has failed without anybody looking. */
  #onUnwatched({ syncId, status, failedItems }: SyncSnapshot): void {
    if (!isTerminalStatus(status) || status === "error" || failedItems > 0) this.#hold(syncId, true);
  }

  #onUpdated({ syncId, snapshot, isTerminal, error }: SyncView): void {
    const held = this.#held.get(syncId);
    if (held === undefined) return;
    // Somebody else's, from a session that is over, or deleted.
    if (error?.kind === "not-found") {
      this.#started.remove(syncId);
      this.#release(syncId);
      return;
    }
    held.wasRunning ||= snapshot !== null && !isTerminal;
    this.#notify();
  }

  #onEnded(view: SyncView): void {
    const { syncId, snapshot } = view;
    this.#started.remove(syncId);
    const held = this.#held.get(syncId);
    if (held === undefined) return;
    if (!held.wasRunning) {
      this.#release(syncId);
      return;
    }
    const needsAttention = view.status === "error" || (snapshot?.failedItems ?? 0) > 0;
    if (!needsAttention) held.expiry ??= setTimeout(() => this.#release(syncId), KEEP_ENDED_MS);
    const ended = this.#sorted().filter(({ isTerminal }) => isTerminal);
    for (const old of ended.slice(MAX_ENDED)) this.#release(old.syncId);
    this.#notify();
  }

  #hold(syncId: string, wasRunning: boolean): void {
    const known = this.#held.get(syncId);
    if (known !== undefined) known.wasRunning ||= wasRunning;
    if (known !== undefined || this.#dismissed.getAll().includes(syncId)) return;
    // Set before, since to subscribe may report it as added.
    const held: Held = { release: () => {}, wasRunning, expiry: null };
    this.#held.set(syncId, held);
    held.release = this.#client.subscribe(syncId, ignore);
    this.#notify();
  }

  #release(syncId: string): void {
    const held = this.#held.get(syncId);
    if (held === undefined) return;
    this.#held.delete(syncId);
    if (held.expiry !== null) clearTimeout(held.expiry);
    held.release();
    this.#notify();
  }

  #setStatus(status: Omit<ActiveSyncsState, "syncs">): void {
    this.#status = status;
    this.#notify();
  }

  /** Notifies once for all that happens now. */
  #notify(): void {
    this.#state = null;
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    queueMicrotask(() => {
      this.#isNotifying = false;
      this.#listeners.notify();
    });
  }

  #sorted(): readonly SyncView[] {
    const views = [...this.#held.keys()].flatMap((syncId) => this.#client.getView(syncId) ?? []);
    const running = views.filter(({ isTerminal }) => !isTerminal);
    const ended = views.filter(({ isTerminal }) => isTerminal);
    running.sort((a, b) => (a.snapshot?.startedAt ?? Infinity) - (b.snapshot?.startedAt ?? Infinity) || 0);
    ended.sort((a, b) => (b.snapshot?.completedAt ?? 0) - (a.snapshot?.completedAt ?? 0));
    return [...running, ...ended];
  }
}

const byClient = new WeakMap<SyncClient, ActiveSyncs>();

/** The active syncs of a client: one for all that ask. */
export function activeSyncsOf(client: SyncClient): ActiveSyncs {
  let active = byClient.get(client);
  if (active === undefined) {
    active = new ActiveSyncs(client);
    byClient.set(client, active);
  }
  return active;
}

function ignore(): void {}

function isUnsupported({ kind, status }: SyncRequestError): boolean {
  return kind === "unsupported" || status === 404 || status === 405 || status === 501;
}

/** Resolves after a time in which the page is shown, or when the signal aborts. */
async function waitUntil(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  if (signal.aborted || typeof document === "undefined" || document.visibilityState !== "hidden") return;
  await new Promise<void>((resolve) => {
    const unlisten = listenTo(document, "visibilitychange", proceed);
    signal.addEventListener("abort", proceed);
    function proceed() {
      unlisten();
      resolve();
    }
  });
}
