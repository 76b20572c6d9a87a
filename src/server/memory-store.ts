import type { SyncFailure } from "../protocol/failure.js";
import { isTerminalStatus } from "../protocol/status.js";
import { pageOfFailures } from "./failure-page.js";
import { keyOf, type Scope } from "./scope.js";
import { StoppedLeases } from "./stopped-leases.js";
import { RESTORED_SEQ_GAP, type StoreLimits } from "./store-limits.js";
import { matchesFilter } from "./sync-filter.js";
import {
  type Claim,
  checkCheckpoint,
  type Notice,
  readCursor,
  type ScopeWatcher,
  type SyncChange,
  type SyncRecord,
  type SyncStore,
  type SyncWrite,
  type WriteResult,
} from "./sync-store.js";

/** Options of {@link createMemoryStore}. */
export type MemoryStoreOptions = StoreLimits;

interface Entry {
  record: SyncRecord;
  /** Order of creation: what cursors are made of. */
  readonly number: number;
  readonly failures: SyncFailure[];
  readonly log: string[];
  isLogCut: boolean;
  lastWriteId: string | null;
  lastOrder: number;
  /** Grows whenever the owner renews its lease. */
  beat: number;
}

interface StoredNotice extends Notice {
  readonly dueAt: number;
}

/** Keeps syncs in this process's memory: nothing outlives it, and no other process sees them. */
export function createMemoryStore(options: MemoryStoreOptions = {}): SyncStore {
  const { maxEnded = 200, maxFailures = 10_000, maxLogLines = 10_000 } = options;
  // Maps keep the order of insertion, so the newest entries of a scope are its last.
  const scopes = new Map<string, Map<string, Entry>>();
  /** Those that have not ended, so that looking for stopped leases costs as much as what runs, not as what is kept. */
  const running = new Set<Entry>();
  const watchers = new Map<string, Set<ScopeWatcher>>();
  const notices = new Map<string, StoredNotice>();
  const leases = new StoppedLeases();
  let lastNumber = 0;
  let isClosed = false;

  const find = (scope: Scope, syncId: string) => scopes.get(keyOf(scope))?.get(syncId);

  function notify(scope: Scope, change: SyncChange): void {
    for (const watcher of [...(watchers.get(keyOf(scope)) ?? [])]) watcher.change(change);
  }

  function remove(scope: Scope, syncId: string): void {
    const entries = scopes.get(keyOf(scope));
    if (entries?.delete(syncId) !== true) return;
    if (entries.size === 0) scopes.delete(keyOf(scope));
    notify(scope, { type: "deleted", syncId });
  }

  /** The running sync that is in the way of a new one. */
  function rivalOf({ scope, snapshot }: SyncRecord): Entry | undefined {
    const entries = [...(scopes.get(keyOf(scope))?.values() ?? [])];
    return entries.find((entry) => isRunning(entry) && entry.record.snapshot.connectorType === snapshot.connectorType);
  }

  function add(record: SyncRecord): void {
    lastNumber += 1;
    const entries = scopes.get(keyOf(record.scope)) ?? new Map<string, Entry>();
    scopes.set(keyOf(record.scope), entries);
    const entry: Entry = {
      record,
      number: lastNumber,
      failures: [],
      log: [],
      isLogCut: false,
      lastWriteId: null,
      lastOrder: 0,
      beat: 0,
    };
    entries.set(record.snapshot.syncId, entry);
    running.add(entry);
    notify(record.scope, { type: "snapshot", snapshot: record.snapshot });
  }

  /** Deletes a person's oldest ended syncs beyond the limits: their number, and that of all their failed items. */
  function removeSurplus(scope: Scope): void {
    const ended = [...(scopes.get(keyOf(scope))?.values() ?? [])].filter((entry) => !isRunning(entry));
    let failures = ended.reduce((sum, entry) => sum + entry.failures.length, 0);
    for (const [index, entry] of ended.entries()) {
      if (ended.length - index <= maxEnded && failures <= 2 * maxFailures) return;
      failures -= entry.failures.length;
      remove(scope, entry.record.snapshot.syncId);
    }
  }

  function store(entry: Entry, write: SyncWrite): void {
    const { record } = entry;
    const { notifyEmail, seq } = record.snapshot;
    const snapshot = { ...write.snapshot, notifyEmail, seq: (seq ?? 0) + 1 };
    const hasEnded = isTerminalStatus(snapshot.status);
    entry.lastWriteId = write.writeId;
    entry.lastOrder = write.order;
    entry.failures.splice(write.keptFailures ?? Number.POSITIVE_INFINITY);
    entry.failures.push(...(write.failures ?? []).slice(0, maxFailures - entry.failures.length));
    const lines = write.log ?? [];
    const kept = lines.slice(0, maxLogLines - entry.log.length);
    entry.isLogCut ||= kept.length < lines.length;
    entry.log.push(...kept);
    entry.record = {
      ...record,
      snapshot,
      claim: hasEnded ? null : record.claim,
      checkpoint: write.checkpoint ?? record.checkpoint,
    };
    if (hasEnded) {
      running.delete(entry);
      for (const { kind, payload, isOnRequest = false } of write.notices ?? []) {
        if (isOnRequest && notifyEmail !== true) continue;
        const id = JSON.stringify([keyOf(record.scope), snapshot.syncId, kind]);
        notices.set(id, { kind, payload, id, syncId: snapshot.syncId, tries: 0, dueAt: 0 });
      }
    }
    notify(record.scope, { type: "snapshot", snapshot });
    if (hasEnded) removeSurplus(record.scope);
  }

  /** Lets a call fail as one of a remote store would. */
  function enter(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (isClosed) throw new Error("The store is closed.");
  }

  return {
    async create(record, signal) {
      enter(signal);
      checkCheckpoint(record.checkpoint);
      const rival = rivalOf(record);
      if (rival !== undefined) return { isCreated: false, runningSyncId: rival.record.snapshot.syncId };
      const { syncId } = record.snapshot;
      if (find(record.scope, syncId) !== undefined) return { isCreated: false, runningSyncId: syncId };
      add({ ...record, snapshot: { ...record.snapshot, seq: 1 } });
      return { isCreated: true };
    },

    async get(scope, syncId, signal) {
      enter(signal);
      return find(scope, syncId)?.record ?? null;
    },

    async write(scope, write, signal) {
      enter(signal);
      checkCheckpoint(write.checkpoint);
      const entry = find(scope, write.snapshot.syncId);
      if (entry === undefined) return { is: "unknown" };
      if (entry.lastWriteId === write.writeId) return written(entry);
      if (!isRunning(entry)) return { is: "ended" };
      const isOwner = write.fence !== null && write.fence === entry.record.claim?.fence;
      if (!isOwner && !(write.fence === null && isTerminalStatus(write.snapshot.status))) return { is: "superseded" };
      if (!isOwner || write.order > entry.lastOrder) store(entry, write);
      return written(entry);
    },

    async setNotifyEmail(scope, syncId, isWanted, signal) {
      enter(signal);
      const entry = find(scope, syncId);
      if (entry === undefined) return null;
      const { snapshot } = entry.record;
      if (!isRunning(entry) || snapshot.notifyEmail === isWanted) return snapshot;
      const changed = { ...snapshot, notifyEmail: isWanted, seq: (snapshot.seq ?? 0) + 1 };
      entry.record = { ...entry.record, snapshot: changed };
      notify(scope, { type: "snapshot", snapshot: changed });
      return changed;
    },

    async restore(record, signal) {
      enter(signal);
      const rival = rivalOf(record);
      if (rival !== undefined || find(record.scope, record.snapshot.syncId) !== undefined) return false;
      add({ ...record, snapshot: { ...record.snapshot, seq: (record.snapshot.seq ?? 0) + RESTORED_SEQ_GAP } });
      return true;
    },

    async claim(scope, syncId, claim, signal) {
      enter(signal);
      const entry = find(scope, syncId);
      if (entry === undefined || !isRunning(entry)) return null;
      if ((entry.record.claim?.fence ?? 0) >= claim.fence) return null;
      handOver(entry, claim);
      return entry.record;
    },

    async list(scope, filter, page, signal) {
      enter(signal);
      const before = readCursor(page, Number.POSITIVE_INFINITY);
      const entries = [...(scopes.get(keyOf(scope))?.values() ?? [])].reverse();
      const matching = entries.filter((entry) => entry.number < before && matchesFilter(entry.record.snapshot, filter));
      const shown = matching.slice(0, page.limit);
      return {
        records: shown.map((entry) => entry.record),
        nextCursor: matching.length > shown.length ? String(shown.at(-1)?.number) : null,
      };
    },

    async listFailures(scope, syncId, page, signal) {
      enter(signal);
      const from = readCursor(page, 0);
      return pageOfFailures((find(scope, syncId)?.failures ?? []).slice(from), from, page);
    },

    async listLog(scope, syncId, page, signal) {
      enter(signal);
      const from = readCursor(page, 0);
      const until = from + page.limit;
      const { log = [], isLogCut = false } = find(scope, syncId) ?? {};
      return {
        lines: log.slice(from, until),
        nextCursor: until < log.length ? String(until) : null,
        isCut: isLogCut,
      };
    },

    async watch(scope, watcher, signal) {
      enter(signal);
      const key = keyOf(scope);
      const all = watchers.get(key) ?? new Set();
      watchers.set(key, all);
      // An object of its own, so that a watcher that is given twice is notified twice and removed singly.
      const own: ScopeWatcher = { change: (change) => watcher.change(change), gap: () => watcher.gap() };
      all.add(own);
      return () => {
        all.delete(own);
        if (all.size === 0 && watchers.get(key) === all) watchers.delete(key);
      };
    },

    async command(scope, syncId, command, signal) {
      enter(signal);
      if (find(scope, syncId) !== undefined) notify(scope, { type: "command", syncId, command });
    },

    async renew(ownerId, held, _leaseMs, signal) {
      enter(signal);
      return held.flatMap(({ scope, syncId }) => {
        const entry = find(scope, syncId);
        if (entry?.record.claim?.ownerId !== ownerId) return [syncId];
        entry.beat += 1;
        return [];
      });
    },

    async takeOver(ownerId, leaseMs, limit, signal) {
      enter(signal);
      const claimed = [...running].flatMap((entry) => {
        const { claim } = entry.record;
        return claim === null ? [] : [{ entry, claim, lease: { key: String(entry.number), value: leaseOf(entry) } }];
      });
      const stopped = new Set(
        leases.look(
          claimed.map(({ lease }) => lease),
          leaseMs,
        ),
      );
      const taken = claimed.filter(({ lease }) => stopped.has(lease.key)).slice(0, limit);
      return taken.map(({ entry, claim }) => {
        handOver(entry, { ownerId, fence: claim.fence + 1 });
        return entry.record;
      });
    },

    async claimNotices(kind, leaseMs, limit, signal) {
      enter(signal);
      const now = Date.now();
      const due = [...notices.values()].filter((notice) => notice.kind === kind && notice.dueAt <= now).slice(0, limit);
      return due.map(({ dueAt: _, ...notice }) => {
        const claimed = { ...notice, tries: notice.tries + 1 };
        notices.set(notice.id, { ...claimed, dueAt: now + leaseMs });
        return claimed;
      });
    },

    async settleNotice(id, result, signal) {
      enter(signal);
      const notice = notices.get(id);
      if (notice === undefined) return;
      if (result === "done") notices.delete(id);
      else notices.set(id, { ...notice, dueAt: result.dueAt });
    },

    async deleteEndedBefore(time, limit, signal) {
      enter(signal);
      const all = [...scopes.values()].flatMap((entries) => [...entries.values()]);
      const old = all.filter(({ record: { snapshot } }) => (snapshot.completedAt ?? time) < time).slice(0, limit);
      for (const { record } of old) remove(record.scope, record.snapshot.syncId);
      return old.length;
    },

    async close() {
      isClosed = true;
      for (const all of watchers.values()) all.clear();
      watchers.clear();
    },
  };
}

/** Changes whenever the owner renews, or another one takes the sync. */
function leaseOf({ record, beat }: Entry): string {
  return `${record.claim?.fence}:${beat}`;
}

function handOver(entry: Entry, claim: Claim): void {
  entry.record = { ...entry.record, claim };
  entry.lastOrder = 0;
}

function isRunning({ record }: Entry): boolean {
  return !isTerminalStatus(record.snapshot.status);
}

/** What the store has made of a write. */
function written({ record: { snapshot } }: Entry): WriteResult {
  return { is: "written", seq: snapshot.seq ?? 0, notifyEmail: snapshot.notifyEmail };
}
