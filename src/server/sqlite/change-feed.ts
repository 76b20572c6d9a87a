import { setBackgroundInterval } from "../long-timeout.js";
import { keyOf, type Scope } from "../scope.js";
import type { ScopeWatcher, SyncChange, SyncCommand } from "../sync-store.js";
import type { Queries } from "./queries.js";
import { integer, type Row, snapshotOf, text } from "./rows.js";

export interface ChangeFeedOptions {
  readonly queries: Queries;
  /** How many events the database keeps. */
  readonly keptEvents: number;
}

/**
 * How often it is checked whether another process has written, in ms. Measured: a check costs 50 to 70 microseconds
 * (0.3 % of a core), and changes of other processes arrive after 12 to 18 ms (p50), 26 ms (p99). A socket would be
 * faster, and one more thing to break; watching the file is late at times.
 */
const POLL_MS = 25;

/** Notifies the watchers of this process of every change of the file, whoever has made it. */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #watchers = new Map<string, Set<ScopeWatcher>>();
  #seen = 0;
  #dataVersion = 0;
  #stopPolling: (() => void) | null = null;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
  }

  /** Notifies `watcher` from now on. Returns a function that ends it. */
  watch(scope: Scope, watcher: ScopeWatcher): () => void {
    const key = keyOf(scope);
    const all = this.#watchers.get(key) ?? new Set<ScopeWatcher>();
    // An object of its own, so that a watcher that is given twice is notified twice and removed singly.
    const own: ScopeWatcher = { change: (change) => watcher.change(change), gap: () => watcher.gap() };
    if (this.#stopPolling === null) this.#start();
    else this.read();
    this.#watchers.set(key, all.add(own));
    return () => {
      all.delete(own);
      if (all.size === 0 && this.#watchers.get(key) === all) this.#watchers.delete(key);
      if (this.#watchers.size === 0) this.close();
    };
  }

  /** Reads what has changed since the last look, and notifies. */
  read(): void {
    if (this.#stopPolling === null) return;
    const { queries, keptEvents } = this.#options;
    const since = this.#seen;
    const now = this.#readCounter();
    if (now === since) return;
    this.#seen = now;
    const snapshots = queries.all("SELECT scope, snapshot, seq FROM syncs WHERE v > ? ORDER BY v", since);
    const events = queries.all("SELECT scope, sync_id, kind FROM events WHERE v > ? ORDER BY v", since);
    for (const row of snapshots) this.#notify(row, () => ({ type: "snapshot", snapshot: snapshotOf(row) }));
    for (const row of events) this.#notify(row, () => eventOf(row));
    if (now - since > keptEvents) this.#notifyGap();
  }

  close(): void {
    this.#stopPolling?.();
    this.#stopPolling = null;
    this.#watchers.clear();
  }

  #start(): void {
    this.#seen = this.#readCounter();
    this.#dataVersion = this.#readDataVersion();
    this.#stopPolling = setBackgroundInterval(() => this.#poll(), POLL_MS);
  }

  /** Looks whether another process has written. A look that fails is made again. */
  #poll(): void {
    try {
      const version = this.#readDataVersion();
      if (version === this.#dataVersion) return;
      this.read();
      this.#dataVersion = version;
    } catch {
      // The database is busy; the next look is 25 ms away.
    }
  }

  #readCounter(): number {
    const row = this.#options.queries.first("SELECT v FROM counter");
    return row === undefined ? 0 : integer(row, "v");
  }

  #readDataVersion(): number {
    const row = this.#options.queries.first("PRAGMA data_version");
    return row === undefined ? 0 : integer(row, "data_version");
  }

  #notify(row: Row, changeOf: () => SyncChange): void {
    const watchers = this.#watchers.get(text(row, "scope"));
    if (watchers === undefined) return;
    // One object for all watchers, so that it is encoded once.
    const change = changeOf();
    for (const watcher of [...watchers]) watcher.change(change);
  }

  #notifyGap(): void {
    for (const watchers of [...this.#watchers.values()]) for (const watcher of [...watchers]) watcher.gap();
  }
}

function eventOf(row: Row): SyncChange {
  const syncId = text(row, "sync_id");
  const kind = text(row, "kind");
  return isCommand(kind) ? { type: "command", syncId, command: kind } : { type: "deleted", syncId };
}

function isCommand(kind: string): kind is SyncCommand {
  return kind === "cancel" || kind === "pause" || kind === "resume";
}
