import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { keyOf, type Scope } from "../scope.js";
import { snapshotFromText } from "../stored-snapshot.js";
import type { ScopeWatcher, SyncChange, SyncCommand } from "../sync-store.js";
import type { RedisDriver } from "./redis-driver.js";
import type { RedisKeys } from "./redis-keys.js";
import { readMail } from "./redis-syncs.js";

interface Channel {
  readonly watchers: Set<ScopeWatcher>;
  /** The `seq` of each sync that watchers were notified of last: what this process has written comes twice. */
  readonly seqs: Map<string, number>;
  /** Resolves when Redis has confirmed the subscription. */
  readonly ready: Promise<() => void>;
}

/** How many syncs of a scope are remembered before those that ended are forgotten. */
const MAX_SEQS = 1_000;

/** Notifies the watchers of this process of every change of their scopes, whichever process has made it. */
export class RedisFeed {
  readonly #driver: RedisDriver;
  readonly #keys: RedisKeys;
  readonly #channels = new Map<string, Channel>();

  constructor(driver: RedisDriver, keys: RedisKeys) {
    this.#driver = driver;
    this.#keys = keys;
    driver.onReconnect(() => this.#notifyGap());
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

  close(): void {
    for (const [key, channel] of [...this.#channels]) this.#close(key, channel);
  }

  #open(key: string, scope: Scope): Channel {
    const watchers = new Set<ScopeWatcher>();
    const seqs = new Map<string, number>();
    const receive = (message: string) => {
      const change = readMessage(message, seqs);
      if (change !== null && this.#channels.get(key) === channel) deliver(channel, change);
    };
    const ready = this.#driver.subscribe(this.#keys.scope(scope).channel, receive);
    const channel: Channel = { watchers, seqs, ready };
    this.#channels.set(key, channel);
    return channel;
  }

  #close(key: string, channel: Channel): void {
    channel.watchers.clear();
    if (this.#channels.get(key) === channel) this.#channels.delete(key);
    channel.ready.then((unsubscribe) => unsubscribe()).catch(() => {});
  }

  #notifyGap(): void {
    for (const { watchers } of [...this.#channels.values()]) for (const watcher of [...watchers]) watcher.gap();
  }
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

/** `null` for a message that is none of ours, and for the state of a sync that is not newer than the last one. */
function readMessage(message: string, seqs: ReadonlyMap<string, number>): SyncChange | null {
  const colon = message.indexOf(":");
  const [kind, head, rest] = [message.charAt(0), message.slice(1, colon), message.slice(colon + 1)];
  if (kind === "d") return { type: "deleted", syncId: rest };
  if (kind === "c" && isSyncCommand(head)) return { type: "command", syncId: rest, command: head };
  const end = rest.lastIndexOf("\n");
  const seq = Number.parseInt(head, 10);
  // Before it is decoded: what this process has written is most of what it receives.
  if (kind !== "s" || (seqs.get(rest.slice(0, end)) ?? 0) >= seq) return null;
  try {
    return {
      type: "snapshot",
      snapshot: snapshotFromText(rest.slice(end + 1), { seq, notifyEmail: readMail(head.slice(-1)) }),
    };
  } catch {
    return null;
  }
}

function isSyncCommand(text: string): text is SyncCommand {
  return text === "cancel" || text === "pause" || text === "resume";
}
