import { syncIdOf } from "../client/snapshot-text.js";
import type { SyncClient } from "../client/sync-client.js";
import type { SyncEvent } from "../client/sync-collection.js";
import type { SyncView } from "../client/sync-view.js";

/** `message`: what the server said; `decision`: what the connection made of it; `change`: what became of a sync. */
export type LogKind = "message" | "decision" | "change";

/** A line of the log. */
export interface LogEntry {
  readonly id: number;
  /** Local clock, ms since the epoch. */
  readonly at: number;
  readonly kind: LogKind;
  /** `null`: it is about all syncs. */
  readonly syncId: string | null;
  readonly title: string;
  readonly detail: string | null;
}

/** A sync, and how much of what came was shown. */
export interface LoggedSync {
  readonly view: SyncView;
  /** Messages with a snapshot of it since the log was attached. */
  readonly messages: number;
  /** How often its view was replaced, and so its displays rendered at most. */
  readonly updates: number;
  /** Whether a hook or component watches it now. */
  readonly isWatched: boolean;
}

/** The log at one moment; replaced when anything in it changes. */
export interface LogState {
  readonly isRecording: boolean;
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
  /** How many older entries were dropped. */
  readonly dropped: number;
  readonly syncs: readonly LoggedSync[];
}

interface Counters {
  view: SyncView;
  messages: number;
  updates: number;
  isWatched: boolean;
}

const MAX_ENTRIES = 500;
/** Syncs that nobody watches any more are dropped beyond this number. */
const MAX_SYNCS = 100;
const PUBLISH_MS = 100;

/** Follows the syncs of a client, and keeps the latest of what happened. */
export class DevtoolsLog {
  readonly #listeners = new Set<() => void>();
  readonly #syncs = new Map<string, Counters>();
  #entries: LogEntry[] = [];
  #count = 0;
  #isRecording = true;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #state: LogState = { isRecording: true, entries: [], dropped: 0, syncs: [] };

  /** Follows a client from now on. Returns a function that ends that. */
  attach(client: SyncClient): () => void {
    for (const view of client.syncs.getAll()) this.#syncs.set(view.syncId, aSync(view));
    const unsubscribe = client.syncs.subscribe((event) => this.#take(event), { messages: true });
    this.#publishSoon();
    return () => {
      unsubscribe();
      this.#syncs.clear();
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): LogState => this.#state;

  /** Whether new entries are kept; the syncs are followed in any case. */
  setRecording(isRecording: boolean): void {
    this.#isRecording = isRecording;
    this.#publish();
  }

  clear(): void {
    this.#entries = [];
    this.#count = 0;
    this.#publish();
  }

  #take(event: SyncEvent): void {
    switch (event.type) {
      case "message": {
        const syncId = event.syncId ?? syncIdOf(event.data);
        const sync = this.#syncs.get(syncId ?? "");
        if (sync !== undefined && syncIdOf(event.data) !== null) sync.messages += 1;
        this.#add("message", syncId, event.name, event.data, event.at);
        break;
      }
      case "decision": {
        const { syncId, reason, detail, connection, failedOpenings, outages } = event;
        const counts = [
          ...(detail === null ? [] : [detail]),
          ...(failedOpenings > 0 ? [`${failedOpenings} streams in a row were no use`] : []),
          ...(outages > 0 ? [`${outages} requests in a row failed`] : []),
        ];
        this.#add("decision", syncId, `${reason}: ${connection}`, counts.join("\n") || null, event.at);
        break;
      }
      case "added":
        this.#syncs.set(event.view.syncId, aSync(event.view));
        this.#add("change", event.view.syncId, "watched from now on");
        break;
      case "updated":
      case "ended":
        this.#replace(event.view);
        if (event.type === "ended") this.#add("change", event.view.syncId, `ended: ${event.view.status}`);
        break;
      case "removed": {
        const sync = this.#syncs.get(event.syncId);
        if (sync !== undefined) sync.isWatched = false;
        this.#add("change", event.syncId, "not watched any more");
        this.#dropUnwatched();
        break;
      }
      case "started":
        this.#add("change", event.syncId, `started: ${event.integrationType ?? "a retry"}`);
        break;
      default:
        event satisfies never;
    }
    this.#publishSoon();
  }

  #replace(view: SyncView): void {
    const sync = this.#syncs.get(view.syncId);
    if (sync === undefined) return;
    sync.view = view;
    sync.updates += 1;
  }

  #add(kind: LogKind, syncId: string | null, title: string, detail: string | null = null, at = Date.now()): void {
    if (!this.#isRecording) return;
    this.#count += 1;
    this.#entries.push({ id: this.#count, at, kind, syncId, title, detail });
    // Not at every entry, since they may come by the thousand.
    if (this.#entries.length > 2 * MAX_ENTRIES) this.#entries = this.#entries.slice(-MAX_ENTRIES);
  }

  #dropUnwatched(): void {
    for (const [syncId, { isWatched }] of this.#syncs) {
      if (this.#syncs.size <= MAX_SYNCS) return;
      if (!isWatched) this.#syncs.delete(syncId);
    }
  }

  #publishSoon(): void {
    this.#timer ??= setTimeout(() => this.#publish(), PUBLISH_MS);
  }

  #publish(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const entries = this.#entries.slice(-MAX_ENTRIES);
    this.#state = {
      isRecording: this.#isRecording,
      entries,
      dropped: this.#count - entries.length,
      syncs: [...this.#syncs.values()].map((sync) => ({ ...sync })),
    };
    for (const listener of [...this.#listeners]) listener();
  }
}

function aSync(view: SyncView): Counters {
  return { view, messages: 0, updates: 0, isWatched: true };
}
