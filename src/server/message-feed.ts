import type { SyncSnapshot } from "../protocol/snapshot.js";
import { readChangeMessage } from "./change-message.js";
import { keyOf, type Scope } from "./scope.js";
import type { ScopeWatcher, SyncChange } from "./sync-store.js";

export interface MessageFeedOptions {
  /** Receives the messages of a scope from the moment it resolves, until the returned function is called. */
  readonly subscribe: (scope: Scope, receive: (message: string) => void) => Promise<() => void>;
  /** Reads a sync whose state was too long for a message. */
  readonly read: (scope: Scope, syncId: string) => Promise<SyncSnapshot | null>;
}

interface Channel {
  readonly watchers: Set<ScopeWatcher>;
  /** The `seq` of each sync that watchers were notified of last: what this process has written comes twice. */
  readonly seqs: Map<string, number>;
  /** Resolves when the subscription is confirmed. */
  readonly ready: Promise<() => void>;
}

/** How many syncs of a scope are remembered before those that changed longest ago are forgotten. */
const MAX_SEQS = 1_000;

/** Notifies the watchers of this process of every change of their scopes, whichever process has made it. */
export class MessageFeed {
  readonly #options: MessageFeedOptions;
  readonly #channels = new Map<string, Channel>();

  constructor(options: MessageFeedOptions) {
    this.#options = options;
  }

  /** Notifies `watcher` from the moment it resolves. Returns a function that ends it. */
  async watch(scope: Scope, watcher: ScopeWatcher): Promise<() => void> {
    const key = keyOf(scope);
    const channel = this.#channels.get(key) ?? this.#open(key, scope);
    // An object of its own, so that a watcher that is given twice is notified twice and removed singly.
    const own: ScopeWatcher = { change: (change) => watcher.change(change), gap: () => watcher.gap() };
    channel.watchers.add(own);
    const stop = () => {
      if (channel.watchers.delete(own) && channel.watchers.size === 0) this.#close(key, channel);
    };
    try {
      await channel.ready;
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  /** Notifies the watchers of this process at once of what it has written. */
  notify(scope: Scope, snapshot: SyncSnapshot): void {
    const channel = this.#channels.get(keyOf(scope));
    if (channel !== undefined) deliver(channel, { type: "snapshot", snapshot });
  }

  /** Messages may have been lost: everything has to be read again. */
  notifyGap(): void {
    for (const channel of [...this.#channels.values()]) notifyGap(channel);
  }

  close(): void {
    for (const [key, channel] of [...this.#channels]) this.#close(key, channel);
  }

  #open(key: string, scope: Scope): Channel {
    const watchers = new Set<ScopeWatcher>();
    const seqs = new Map<string, number>();
    const receive = (message: string) => {
      if (this.#channels.get(key) !== channel) return;
      const change = readChangeMessage(message, seqs);
      if (change?.type === "changed") void this.#read(scope, change.syncId, channel);
      else if (change !== null) deliver(channel, change);
    };
    const channel: Channel = { watchers, seqs, ready: this.#options.subscribe(scope, receive) };
    this.#channels.set(key, channel);
    return channel;
  }

  async #read(scope: Scope, syncId: string, channel: Channel): Promise<void> {
    try {
      const snapshot = await this.#options.read(scope, syncId);
      if (snapshot !== null) deliver(channel, { type: "snapshot", snapshot });
    } catch {
      notifyGap(channel);
    }
  }

  #close(key: string, channel: Channel): void {
    channel.watchers.clear();
    if (this.#channels.get(key) === channel) this.#channels.delete(key);
    channel.ready.then((unsubscribe) => unsubscribe()).catch(() => {});
  }
}

function notifyGap({ watchers }: Channel): void {
  for (const watcher of [...watchers]) watcher.gap();
}

function deliver({ watchers, seqs }: Channel, change: SyncChange): void {
  if (change.type === "snapshot") {
    const { syncId, seq } = change.snapshot;
    if ((seqs.get(syncId) ?? 0) >= (seq ?? 0)) return;
    seqs.delete(syncId);
    seqs.set(syncId, seq ?? 0);
    const [oldest] = seqs.keys();
    if (seqs.size > MAX_SEQS && oldest !== undefined) seqs.delete(oldest);
  } else if (change.type === "deleted") {
    seqs.delete(change.syncId);
  }
  for (const watcher of [...watchers]) watcher.change(change);
}
