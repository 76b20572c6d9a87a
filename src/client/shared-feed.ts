import { decodeReady, encodeReady, READY_EVENT, REMOVED_EVENT } from "../protocol/feed.js";
import { syncIdOf } from "./snapshot-text.js";
import type { FeedSink } from "./sync-transport.js";

type OpenFeed = (sink: FeedSink) => () => void;
type FeedEvent = readonly [name: string, data: string];

/** What the tabs say to each other. */
type TabMessage =
  /** A follower has come, and wants all there is. */
  | { readonly type: "join"; readonly tab: string }
  /** The leader's response to one that has joined. `events` end with `ready` if the stream is. */
  | { readonly type: "state"; readonly tab: string; readonly isOpen: boolean; readonly events: readonly FeedEvent[] }
  /** There is another leader: whoever follows joins again. */
  | { readonly type: "leader" }
  | { readonly type: "open" }
  | { readonly type: "interrupted" }
  | { readonly type: "event"; readonly event: FeedEvent }
  | { readonly type: "ping" }
  | { readonly type: "pong" };

/** How often a follower that is shown asks whether the leader lives, in ms. */
const PING_MS = 250;
const JITTER_MS = 50;
/** How long the leader may be silent, in ms: the next one leads within a second. */
const PATIENCE_MS = 750;
/** The most events that are kept for those who join later. */
const MAX_KEPT = 2_000;

/** Whether this is a page in a browser that has what sharing takes. */
export function canShareTabs(): boolean {
  return (
    typeof document !== "undefined" &&
    typeof BroadcastChannel === "function" &&
    typeof navigator.locks?.request === "function"
  );
}

/**
 * A feed whose connection is shared by all tabs that give it the same name. The tab that holds a Web Lock of that name
 * leads: it has the connection, and relays what comes by it over a BroadcastChannel. When it closes or crashes the browser
 * gives the lock to another; when it hangs or is frozen, another takes it.
 */
export function shareFeed(openFeed: OpenFeed, name: string): OpenFeed {
  return (sink) => {
    const tab = new Tab(openFeed, `react-sync-progress:${name}`, sink);
    return () => tab.close();
  };
}

/**
 * Says to all tabs whose syncs this one sees, and calls `onOther` when another sees those of somebody else: a person may
 * have signed out there, and another in. Returns a function that stops.
 */
export function announceViewer(name: string, viewer: string, onOther: () => void): () => void {
  const channel = new BroadcastChannel(`react-sync-progress:${name}`);
  channel.onmessage = ({ data }: MessageEvent<string>) => {
    if (data !== viewer) onOther();
  };
  channel.postMessage(viewer);
  return () => channel.close();
}

class Tab {
  readonly #openFeed: OpenFeed;
  readonly #name: string;
  readonly #sink: FeedSink;
  readonly #id = crypto.randomUUID();
  readonly #channel: BroadcastChannel;
  readonly #closed = new AbortController();
  /** Gives up the request of the lock that is under way. */
  #request = new AbortController();
  readonly #pinging: ReturnType<typeof setInterval>;
  #leadership: Leadership | null = null;
  /** It has what the leader had when it joined, so that what follows makes sense. */
  #hasState = false;
  #heardAt = Date.now();
  #pingedAt = Date.now();

  constructor(openFeed: OpenFeed, name: string, sink: FeedSink) {
    this.#openFeed = openFeed;
    this.#name = name;
    this.#sink = sink;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<TabMessage>) => this.#onMessage(data);
    // A tab that is one of many must not take over at the same moment as all others.
    this.#pinging = setInterval(() => this.#ping(), PING_MS + Math.random() * JITTER_MS);
    this.#follow();
  }

  close(): void {
    this.#closed.abort();
    this.#request.abort();
    clearInterval(this.#pinging);
    this.#leadership?.end();
    this.#channel.close();
  }

  /** Follows from now on, and leads as soon as the lock is free. */
  #follow(): void {
    this.#hasState = false;
    this.#heardAt = Date.now();
    this.#post({ type: "join", tab: this.#id });
    void this.#lead({ signal: this.#request.signal });
  }

  /** Leads as long as this tab has the lock; follows after that. */
  async #lead(how: LockOptions): Promise<void> {
    const request = this.#request;
    try {
      await navigator.locks.request(this.#name, how, () => this.#holdLock());
    } catch {
      // Given up, or another tab has taken the lock because this one seemed to hang.
    }
    if (request.signal.aborted) return;
    this.#leadership?.end();
    this.#leadership = null;
    this.#follow();
  }

  /** Takes the lock from a leader that gives no sign of life. */
  #takeOver(): void {
    this.#request.abort();
    this.#request = new AbortController();
    void this.#lead({ steal: true });
  }

  async #holdLock(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const leadership = new Leadership(this.#openFeed, this.#sink, (message) => this.#post(message));
    this.#leadership = leadership;
    this.#post({ type: "leader" });
    try {
      leadership.start();
    } catch {
      // There are no streams here; the feed decides what to do instead.
      this.#sink.onClosed();
    }
    await leadership.ended;
  }

  #onMessage(message: TabMessage): void {
    if (this.#leadership !== null) {
      this.#leadership.onMessage(message);
      return;
    }
    if (message.type === "join" || message.type === "ping") return;
    this.#heardAt = Date.now();
    switch (message.type) {
      case "leader":
        this.#hasState = false;
        this.#post({ type: "join", tab: this.#id });
        break;
      case "state":
        // Of two that it has joined for, at the start and for a new leader, the second says nothing new.
        if (message.tab !== this.#id || this.#hasState) break;
        this.#hasState = true;
        if (message.isOpen) this.#sink.onOpen();
        for (const event of message.events) this.#sink.onEvent(...event);
        break;
      case "open":
        if (this.#hasState) this.#sink.onOpen();
        break;
      case "interrupted":
        if (this.#hasState) this.#sink.onInterrupted();
        break;
      case "event":
        if (this.#hasState) this.#sink.onEvent(...message.event);
        break;
      default:
    }
  }

  /** Asks for a sign of the leader, and takes its place if there has been none for too long. */
  #ping(): void {
    const now = Date.now();
    // Timers that were late say that this tab was asleep, and nothing of the leader.
    const wasAsleep = now - this.#pingedAt > PING_MS * 2;
    this.#pingedAt = now;
    if (this.#leadership !== null || (typeof document !== "undefined" && document.visibilityState === "hidden")) return;
    if (wasAsleep) this.#heardAt = now;
    if (now - this.#heardAt > PATIENCE_MS) {
      this.#takeOver();
      return;
    }
    this.#post({ type: "ping" });
  }

  #post(message: TabMessage): void {
    if (!this.#closed.signal.aborted) this.#channel.postMessage(message);
  }
}

/** What the tab does that has the connection. */
class Leadership {
  /** Resolves when it is over. */
  readonly ended: Promise<void>;
  readonly #openFeed: OpenFeed;
  readonly #sink: FeedSink;
  readonly #post: (message: TabMessage) => void;
  #end: () => void = () => {};
  #closeFeed: (() => void) | null = null;
  #isOver = false;
  #isOpen = false;
  /** A tab has joined. Until then nobody listens, and to post an event costs more than all else that is done with it. */
  #hasFollower = false;
  /** The latest event of each sync, and the last `ready`, for those who join later. */
  readonly #events = new Map<string, FeedEvent>();
  readonly #seen = new Set<string>();
  #ready: string | null = null;

  constructor(openFeed: OpenFeed, sink: FeedSink, post: (message: TabMessage) => void) {
    this.#openFeed = openFeed;
    this.#sink = sink;
    this.#post = post;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  start(): void {
    const close = this.#openFeed({
      onOpen: () => {
        this.#isOpen = true;
        this.#ready = null;
        this.#seen.clear();
        this.#relay({ type: "open" });
        this.#sink.onOpen();
      },
      onEvent: (...event) => {
        this.#keep(event);
        this.#relay({ type: "event", event });
        this.#sink.onEvent(...event);
      },
      onInterrupted: () => {
        this.#onLost();
        this.#sink.onInterrupted();
      },
      onClosed: () => {
        this.#onLost();
        this.#sink.onClosed();
      },
    });
    if (this.#isOver) close();
    else this.#closeFeed = close;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#closeFeed?.();
    this.#end();
  }

  onMessage(message: TabMessage): void {
    if (message.type === "ping") this.#post({ type: "pong" });
    if (message.type !== "join") return;
    this.#hasFollower = true;
    const events = [...this.#events.values()];
    if (this.#ready !== null) events.push([READY_EVENT, this.#ready]);
    this.#post({ type: "state", tab: message.tab, isOpen: this.#isOpen, events });
  }

  #onLost(): void {
    this.#isOpen = false;
    this.#ready = null;
    this.#relay({ type: "interrupted" });
  }

  /** Posts what only those use who have joined. */
  #relay(message: TabMessage): void {
    if (this.#hasFollower) this.#post(message);
  }

  #keep(event: FeedEvent): void {
    const [name, data] = event;
    if (name === READY_EVENT) {
      const ready = decodeReady(data);
      if (ready.isReset)
        for (const syncId of [...this.#events.keys()]) if (!this.#seen.has(syncId)) this.#events.delete(syncId);
      // For those who join it is the whole state.
      this.#ready = encodeReady({ ...ready, isReset: true });
      return;
    }
    const syncId = syncIdOf(data);
    if (syncId === null) return;
    this.#seen.add(syncId);
    if (name === REMOVED_EVENT) this.#events.delete(syncId);
    else this.#events.set(syncId, event);
    if (this.#events.size > MAX_KEPT) this.#events.delete(this.#events.keys().next().value ?? "");
  }
}
