import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { SyncPage } from "../protocol/sync-page.js";
import { probingConnection } from "./connection-state.js";
import type { Feed, FeedEnvironment } from "./feed.js";
import type { PageSignal } from "./page-signals.js";
import type { SyncView } from "./sync-view.js";
import type { Watch } from "./watch.js";

/** The surroundings of a {@link FeedSwitch}. */
export interface FeedSwitchEnvironment extends Omit<FeedEnvironment, "viewer" | "openFeed" | "onUnwatched" | "onGone"> {
  /** Whether the feed is shared with the other tabs of the person. */
  readonly shareTabs: boolean;
}

type State =
  /** Not known yet, and nothing is under way to find out. */
  | { readonly kind: "unknown" }
  /** The list is requested, or the code is loaded. */
  | { readonly kind: "asking" }
  | { readonly kind: "none" }
  | { readonly kind: "open"; readonly feed: Feed };

/** How long the list may take before streams are closed for it, in ms. */
const ASK_PATIENCE_MS = 1_000;
/** How long after a list that could not be loaded it is requested again, in ms. */
const ASK_AGAIN_MS = 15_000;

/**
 * Puts the watches of a client on a feed as soon as it is known that the backend has one. That is learned from the list of
 * syncs, never by opening it: older backends take its path for that of a sync, and never respond. The list in turn is
 * requested only from a backend whose snapshots have `capabilities`, since older ones have no list either.
 */
export class FeedSwitch {
  readonly #environment: FeedSwitchEnvironment;
  readonly #watches = new Map<string, Watch>();
  /** Those that have no connection yet, because a feed is likely. */
  readonly #waiting = new Set<Watch>();
  readonly #followers = new Set<{ readonly onSnapshot: (snapshot: SyncSnapshot) => void }>();
  #state: State;
  /** The backend had a feed when it was last requested. */
  #isLikely = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #cancel = new AbortController();

  constructor(environment: FeedSwitchEnvironment) {
    const { openFeed, listSyncs } = environment.transport;
    this.#environment = environment;
    this.#state = { kind: openFeed === undefined || listSyncs === undefined ? "none" : "unknown" };
  }

  /** Connects a new watch, by the feed or by itself. */
  add(watch: Watch): void {
    this.#watches.set(watch.view.syncId, watch);
    if (this.#state.kind === "open") {
      this.#state.feed.attach(watch, false);
      return;
    }
    if (this.#state.kind === "unknown" && this.#isLikely) this.#ask();
    if (this.#state.kind === "asking" && this.#isLikely) this.#waiting.add(watch);
    else watch.dispatch({ type: "start" });
  }

  remove(syncId: string): void {
    const watch = this.#watches.get(syncId);
    if (watch === undefined) return;
    this.#watches.delete(syncId);
    this.#waiting.delete(watch);
    if (this.#state.kind === "open") this.#state.feed.detach(syncId);
    this.#closeIfUnused();
  }

  /** Calls `onSnapshot` with every sync that nobody watches, as it is now and whenever it changes. */
  follow(onSnapshot: (snapshot: SyncSnapshot) => void): () => void {
    const follower = { onSnapshot };
    this.#followers.add(follower);
    if (this.#state.kind === "open") {
      for (const snapshot of [...this.#state.feed.snapshots]) {
        if (!this.#watches.has(snapshot.syncId)) onSnapshot(snapshot);
      }
    }
    return () => {
      this.#followers.delete(follower);
      this.#closeIfUnused();
    };
  }

  /** Takes what a view says of the backend. */
  onView({ snapshot }: SyncView): void {
    const isModern = snapshot !== null && snapshot.capabilities !== null;
    if (isModern && this.#state.kind === "unknown" && Date.now() - this.#askedAt >= ASK_AGAIN_MS) this.#ask();
  }

  /** Takes what a list says of the backend. */
  onPage({ hasFeed, viewer }: SyncPage): void {
    if (this.#state.kind === "none" || !this.#isUsed()) return;
    if (!hasFeed) {
      this.#fallBack("none");
      return;
    }
    if (this.#state.kind === "open" && this.#state.feed.viewer !== viewer) this.#fallBack("unknown");
    if (this.#state.kind === "open") return;
    this.#cancel.abort();
    this.#cancel = new AbortController();
    this.#state = { kind: "asking" };
    this.#isLikely = true;
    const { signal } = this.#cancel;
    // Its code could not be loaded.
    this.#open(viewer, signal).catch(() => {
      if (!signal.aborted) this.#fallBack("none");
    });
  }

  expect(syncId: string): void {
    if (this.#state.kind === "open") this.#state.feed.expect(syncId);
  }

  /** Tries to reach the server now, if the sync comes by the feed; returns whether it does. */
  reconnect(syncId: string): boolean {
    if (this.#state.kind !== "open" || !this.#state.feed.isShared(syncId)) return false;
    this.#state.feed.dispatch({ type: "reconnect" });
    return true;
  }

  dispatch(type: PageSignal): void {
    if (this.#state.kind === "open") this.#state.feed.dispatch({ type });
  }

  #isUsed(): boolean {
    return this.#watches.size > 0 || this.#followers.size > 0;
  }

  #ask(): void {
    this.#state = { kind: "asking" };
    this.#askedAt = Date.now();
    const { signal } = this.#cancel;
    this.#requestPage(signal);
    const timer = setTimeout(() => this.#makeRoom(), ASK_PATIENCE_MS);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  /**
   * Closes the streams of single syncs until the list has arrived: those of several tabs that were opened together may have
   * taken all connections that the browser opens to the host, and the request waits for one of them.
   */
  #makeRoom(): void {
    if (this.#state.kind !== "asking") return;
    const connection = probingConnection(this.#environment.policy);
    for (const watch of [...this.#watches.values()]) {
      if (watch.view.isTerminal || this.#waiting.has(watch)) continue;
      this.#waiting.add(watch);
      watch.share(connection);
    }
  }

  #requestPage(signal: AbortSignal): void {
    const request = async () => {
      const page = await this.#environment.transport.listSyncs?.({ active: true, limit: 1 }, signal);
      if (page !== undefined && !signal.aborted) this.onPage(page);
    };
    request().catch(() => {
      if (!signal.aborted) this.#fallBack("unknown");
    });
  }

  async #open(viewer: string | null, signal: AbortSignal): Promise<void> {
    const { shareTabs, ...environment } = this.#environment;
    const { transport } = environment;
    const { Feed } = await import("./feed.js");
    let openFeed = transport.openFeed?.bind(transport);
    if (openFeed === undefined || signal.aborted) return;
    if (shareTabs && viewer !== null && transport.name !== undefined) {
      const { announceViewer, canShareTabs, shareFeed } = await import("./shared-feed.js");
      if (signal.aborted) return;
      if (canShareTabs()) {
        openFeed = shareFeed(openFeed, `${transport.name}#${viewer}`);
        const stop = announceViewer(transport.name, viewer, () => this.#requestPage(signal));
        signal.addEventListener("abort", stop);
      }
    }
    const feed = new Feed({
      ...environment,
      viewer,
      openFeed,
      onUnwatched: (snapshot) => {
        for (const { onSnapshot } of [...this.#followers]) onSnapshot(snapshot);
      },
      onGone: () => {
        if (this.#state.kind === "open" && this.#state.feed === feed) this.#fallBack("unknown");
      },
    });
    this.#state = { kind: "open", feed };
    feed.dispatch({ type: "start" });
    for (const watch of [...this.#watches.values()]) feed.attach(watch, !this.#waiting.delete(watch));
  }

  /** Gives each watch a connection of its own. */
  #fallBack(kind: "unknown" | "none"): void {
    const before = this.#state;
    this.#cancel.abort();
    this.#cancel = new AbortController();
    this.#state = { kind };
    if (before.kind === "open") before.feed.release();
    for (const watch of [...this.#waiting]) {
      watch.unshare();
      watch.dispatch({ type: "start" });
    }
    this.#waiting.clear();
    if (kind === "none" || !this.#isLikely || !this.#isUsed()) return;
    const pauseMs = Math.max(0, this.#askedAt + ASK_AGAIN_MS - Date.now());
    const timer = setTimeout(() => this.#state.kind === "unknown" && this.#ask(), pauseMs);
    this.#cancel.signal.addEventListener("abort", () => clearTimeout(timer));
  }

  #closeIfUnused(): void {
    if (this.#isUsed() || this.#state.kind === "none") return;
    this.#cancel.abort();
    this.#cancel = new AbortController();
    if (this.#state.kind === "open") this.#state.feed.dispose();
    this.#state = { kind: "unknown" };
  }
}
