import { keyOf, type Scope } from "./scope.js";
import type { StoreCalls } from "./store-calls.js";
import type { ScopeWatcher, SyncChange, SyncStore } from "./sync-store.js";

/** What of a scope is followed: one sync, or all. */
export type SyncSubject = { readonly syncId: string } | "all";

interface SharedWatch {
  readonly members: HubMembers;
  /** Resolves when the store notifies. */
  readonly ready: Promise<() => void>;
}

/** Shares one watch of the store among everybody in this process who follows a scope. */
export class ScopeHub {
  readonly #store: SyncStore;
  readonly #calls: StoreCalls;
  readonly #onError: (error: unknown) => void;
  readonly #watches = new Map<string, SharedWatch>();

  constructor(store: SyncStore, calls: StoreCalls, onError: (error: unknown) => void) {
    this.#store = store;
    this.#calls = calls;
    this.#onError = onError;
  }

  /**
   * Notifies `member` of every change of a sync, or of all of the scope, from the moment it resolves; what the member throws
   * is reported. Returns a function that ends it. Rejects when the store cannot watch.
   */
  async join(scope: Scope, subject: SyncSubject, member: ScopeWatcher): Promise<() => void> {
    const key = keyOf(scope);
    const watch = this.#watches.get(key) ?? this.#open(key, scope);
    watch.members.add(subject, member);
    const leave = () => {
      if (watch.members.delete(subject, member) && watch.members.isEmpty) this.#close(key, watch);
    };
    try {
      await watch.ready;
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  /** Ends all watches. */
  close(): void {
    for (const [key, watch] of [...this.#watches]) this.#close(key, watch);
  }

  #open(key: string, scope: Scope): SharedWatch {
    const members = new HubMembers(this.#onError);
    const watcher: ScopeWatcher = {
      change: (change) => members.notify(change),
      gap: () => members.notifyGap(),
    };
    const ready = this.#calls.once((signal) => {
      const opened = this.#store.watch(scope, watcher, signal);
      // A watch that is there too late is nobody's.
      opened.then((stop) => signal.aborted && stop()).catch(() => {});
      return opened;
    });
    const watch: SharedWatch = { members, ready };
    this.#watches.set(key, watch);
    ready.catch(() => {
      if (this.#watches.get(key) === watch) this.#watches.delete(key);
    });
    return watch;
  }

  #close(key: string, watch: SharedWatch): void {
    watch.members.clear();
    if (this.#watches.get(key) === watch) this.#watches.delete(key);
    watch.ready.then((stop) => stop()).catch(() => {});
  }
}

/** The followers of a scope by what they follow, so that a change costs the same however many syncs there are. */
class HubMembers {
  readonly #onError: (error: unknown) => void;
  readonly #ofAll = new Set<ScopeWatcher>();
  readonly #ofSync = new Map<string, Set<ScopeWatcher>>();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  get isEmpty(): boolean {
    return this.#ofAll.size === 0 && this.#ofSync.size === 0;
  }

  add(subject: SyncSubject, member: ScopeWatcher): void {
    if (subject === "all") {
      this.#ofAll.add(member);
      return;
    }
    const members = this.#ofSync.get(subject.syncId) ?? new Set();
    this.#ofSync.set(subject.syncId, members.add(member));
  }

  /** Returns whether it was there. */
  delete(subject: SyncSubject, member: ScopeWatcher): boolean {
    if (subject === "all") return this.#ofAll.delete(member);
    const members = this.#ofSync.get(subject.syncId);
    const wasThere = members?.delete(member) === true;
    if (members?.size === 0) this.#ofSync.delete(subject.syncId);
    return wasThere;
  }

  clear(): void {
    this.#ofAll.clear();
    for (const members of this.#ofSync.values()) members.clear();
    this.#ofSync.clear();
  }

  notify(change: SyncChange): void {
    const syncId = change.type === "snapshot" ? change.snapshot.syncId : change.syncId;
    this.#each(this.#ofSync.get(syncId), (member) => member.change(change));
    this.#each(this.#ofAll, (member) => member.change(change));
  }

  notifyGap(): void {
    for (const members of [...this.#ofSync.values(), this.#ofAll]) this.#each(members, (member) => member.gap());
  }

  #each(members: ReadonlySet<ScopeWatcher> | undefined, act: (member: ScopeWatcher) => void): void {
    if (members === undefined) return;
    for (const member of [...members]) {
      try {
        if (members.has(member)) act(member);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
