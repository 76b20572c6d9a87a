import { keyOf, type Scope } from "./scope.js";
import type { StoreCalls } from "./store-calls.js";
import type { ScopeWatcher, SyncStore } from "./sync-store.js";

interface SharedWatch {
  readonly members: Set<ScopeWatcher>;
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
   * Notifies `member` of every change of the scope from the moment it resolves; what the member throws is reported.
   * Returns a function that ends it. Rejects when the store cannot watch.
   */
  async join(scope: Scope, member: ScopeWatcher): Promise<() => void> {
    const key = keyOf(scope);
    const watch = this.#watches.get(key) ?? this.#open(key, scope);
    watch.members.add(member);
    const leave = () => {
      if (watch.members.delete(member) && watch.members.size === 0) this.#close(key, watch);
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
    const members = new Set<ScopeWatcher>();
    const notify = (act: (member: ScopeWatcher) => void) => {
      for (const member of [...members]) {
        try {
          if (members.has(member)) act(member);
        } catch (error) {
          this.#onError(error);
        }
      }
    };
    const watcher: ScopeWatcher = {
      change: (change) => notify((member) => member.change(change)),
      gap: () => notify((member) => member.gap()),
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
