import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import type { Scope } from "./scope.js";
import type { ScopeHub, SyncSubject } from "./scope-hub.js";
import { pause, type StoreCalls } from "./store-calls.js";
import { checkIsComplete, type SyncChange, type SyncStore } from "./sync-store.js";

/** What a subscriber is notified of. */
export type SyncUpdate = Exclude<SyncChange, { readonly type: "command" }>;

/** A subscription to one sync, or to all of a scope. */
export interface SyncSubscription {
  /**
   * The newest state at this moment, of what the listener was notified of and before: of one sync its snapshot, of a
   * scope those that run and those that ended within the last ten minutes, newest first.
   */
  readonly latest: readonly SyncSnapshot[];
  unsubscribe(): void;
}

export interface SubscriptionOptions {
  readonly store: SyncStore;
  readonly calls: StoreCalls;
  readonly hub: ScopeHub;
  readonly scope: Scope;
  readonly subject: SyncSubject;
  readonly listener: (update: SyncUpdate) => void;
}

/** How long ended syncs count as recent, in ms. */
export const RECENT_MS = 10 * 60 * 1_000;
/** How many syncs of a scope that run are read at most. */
const MAX_RUNNING = 1_000;
/** How many of the newest syncs of a scope are looked at for those that have just ended. */
const MAX_RECENT = 200;

/**
 * How long a running sync may be missing in the store before it counts as deleted, in ms. A running sync is never
 * deleted: the store has lost its data, and the owner adds it again as soon as it notices.
 */
const MISSING_MS = 20_000;
const LOOK_AGAIN_MS = 500;

/**
 * Subscribes to one sync or to all of a scope, in one step: nothing is missed between the look at the state and the
 * first notification, none is older than the one before it, and a gap in the store's notifications is closed by
 * reading again. `null` if there is no such sync.
 */
export async function openSubscription(options: SubscriptionOptions): Promise<SyncSubscription | null> {
  const { calls, hub, scope, subject } = options;
  const syncs = new Map<string, SyncSnapshot>();
  /** Running syncs that the store does not have, and since when. */
  const missing = new Map<string, number>();
  /** What was deleted while the state was read: the list may still have it. */
  const deletedMeanwhile = new Set<string>();
  const ended = new AbortController();
  let isOpen = false;
  // One read at a time: of two, the older could be the last.
  let isReading = true;
  let isStale = false;

  function take(snapshot: SyncSnapshot): void {
    const before = syncs.get(snapshot.syncId);
    if (before !== undefined && (before.seq ?? 0) >= (snapshot.seq ?? 0)) return;
    syncs.set(snapshot.syncId, snapshot);
    missing.delete(snapshot.syncId);
    if (isOpen) options.listener({ type: "snapshot", snapshot });
  }

  function remove(syncId: string): void {
    missing.delete(syncId);
    if (isReading) deletedMeanwhile.add(syncId);
    // Of all syncs also those that have ended too long ago to be remembered here.
    if ((syncs.delete(syncId) || subject === "all") && isOpen) options.listener({ type: "deleted", syncId });
  }

  function miss(syncId: string): void {
    const since = missing.get(syncId) ?? performance.now();
    missing.set(syncId, since);
    if (performance.now() - since > MISSING_MS) remove(syncId);
  }

  /** Reads the state again, and deletes what is no longer there. */
  async function read(signal: AbortSignal): Promise<void> {
    deletedMeanwhile.clear();
    const present = new Map((await readSubject(options, signal)).map((snapshot) => [snapshot.syncId, snapshot]));
    // What comes after it was given up is older than what was read since.
    signal.throwIfAborted();
    for (const [syncId, snapshot] of syncs) {
      const hasEnded = isTerminalStatus(snapshot.status);
      if (present.has(syncId) || (hasEnded && subject !== "all")) continue;
      if (hasEnded && !isRecent(snapshot)) {
        syncs.delete(syncId);
        continue;
      }
      const record = await options.store.get(scope, syncId, signal);
      signal.throwIfAborted();
      if (record !== null) take(record.snapshot);
      else if (hasEnded) remove(syncId);
      else miss(syncId);
    }
    for (const snapshot of [...present.values()].reverse()) if (!deletedMeanwhile.has(snapshot.syncId)) take(snapshot);
  }

  async function heal(): Promise<void> {
    isStale = true;
    if (isReading) return;
    isReading = true;
    try {
      while (isStale || missing.size > 0) {
        if (!isStale) await pause(LOOK_AGAIN_MS, ended.signal);
        isStale = false;
        await calls.untilDone(read, ended.signal);
      }
    } catch {
      // Nobody subscribes any more.
    }
    isReading = false;
  }

  const leave = await hub.join(scope, subject, {
    change(change) {
      if (change.type === "snapshot") take(change.snapshot);
      else if (change.type === "deleted") remove(change.syncId);
    },
    gap: () => void heal(),
  });
  const unsubscribe = () => {
    ended.abort();
    leave();
  };
  try {
    await calls.once(async (signal) => {
      await read(signal);
      // A part must not be taken for the whole.
      if (subject === "all" || syncs.size === 0) await checkIsComplete(options.store, signal);
    });
  } catch (error) {
    unsubscribe();
    throw error;
  }
  isReading = false;
  if (isStale) void heal();
  if (subject !== "all" && syncs.size === 0) {
    unsubscribe();
    return null;
  }
  isOpen = true;
  return {
    get latest() {
      return [...syncs.values()].reverse();
    },
    unsubscribe,
  };
}

async function readSubject(
  { store, scope, subject }: SubscriptionOptions,
  signal: AbortSignal,
): Promise<readonly SyncSnapshot[]> {
  if (subject !== "all") {
    const record = await store.get(scope, subject.syncId, signal);
    return record === null ? [] : [record.snapshot];
  }
  const newest = await store.list(scope, {}, { limit: MAX_RECENT }, signal);
  // A sync that runs for long may be older than many that have ended.
  const running =
    newest.nextCursor === null
      ? []
      : (await store.list(scope, { active: true }, { limit: MAX_RUNNING }, signal)).records;
  const seen = new Set(newest.records.map(({ snapshot }) => snapshot.syncId));
  const recent = newest.records.filter(({ snapshot }) => !isTerminalStatus(snapshot.status) || isRecent(snapshot));
  return [...recent, ...running.filter((record) => !seen.has(record.snapshot.syncId))].map(({ snapshot }) => snapshot);
}

function isRecent({ completedAt }: SyncSnapshot): boolean {
  return (completedAt ?? 0) >= Date.now() - RECENT_MS;
}
