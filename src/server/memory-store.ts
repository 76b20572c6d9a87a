import type { SyncFailure } from "../protocol/failure.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { isSameScope } from "./scope.js";
import {
  InvalidCursorError,
  type PageRequest,
  type SyncFilter,
  type SyncRecord,
  type SyncStore,
} from "./sync-store.js";

/** How much a memory store keeps. */
export interface MemoryStoreOptions {
  /** How many ended syncs are kept at most; the oldest go first. Default 10,000. */
  readonly maxEnded?: number;
  /** How many failed items are kept for one sync; the count goes on beyond it. Default 10,000. */
  readonly maxFailures?: number;
}

interface Entry {
  record: SyncRecord;
  /** Order of creation: what cursors are made of. */
  readonly number: number;
  readonly failures: SyncFailure[];
  readonly listeners: Set<(snapshot: SyncSnapshot) => void>;
}

/** Keeps syncs in this process's memory: nothing outlives it, and no other process sees them. */
export function createMemoryStore({ maxEnded = 10_000, maxFailures = 10_000 }: MemoryStoreOptions = {}): SyncStore {
  // A Map keeps the order of insertion, so the newest entries are its last.
  const entries = new Map<string, Entry>();
  let lastNumber = 0;
  let endedCount = 0;

  const hasEnded = (entry: Entry) => isTerminalStatus(entry.record.snapshot.status);

  function forget(syncId: string): void {
    if (entries.delete(syncId)) endedCount -= 1;
  }

  function forgetSurplus(): void {
    if (endedCount <= maxEnded) return;
    for (const [syncId, entry] of entries) {
      if (endedCount <= maxEnded) return;
      if (hasEnded(entry)) forget(syncId);
    }
  }

  return {
    async create(record) {
      for (const entry of entries.values()) {
        const isSame =
          isSameScope(entry.record.scope, record.scope) &&
          entry.record.snapshot.connectorType === record.snapshot.connectorType;
        if (isSame && !hasEnded(entry)) {
          return { isCreated: false, runningSyncId: entry.record.snapshot.syncId };
        }
      }
      lastNumber += 1;
      entries.set(record.snapshot.syncId, { record, number: lastNumber, failures: [], listeners: new Set() });
      return { isCreated: true };
    },

    async get(syncId) {
      return entries.get(syncId)?.record ?? null;
    },

    async save(snapshot) {
      const entry = entries.get(snapshot.syncId);
      if (entry === undefined || hasEnded(entry)) return false;
      if ((entry.record.snapshot.seq ?? 0) >= (snapshot.seq ?? 0)) return false;
      entry.record = { ...entry.record, snapshot };
      for (const listener of [...entry.listeners]) listener(snapshot);
      if (hasEnded(entry)) {
        endedCount += 1;
        forgetSurplus();
      }
      return true;
    },

    async list(scope, filter, page) {
      const before = readCursor(page, Number.POSITIVE_INFINITY);
      const matching = [...entries.values()]
        .reverse()
        .filter(
          (entry) => entry.number < before && isSameScope(entry.record.scope, scope) && matches(entry.record, filter),
        );
      const shown = matching.slice(0, page.limit);
      return {
        records: shown.map((entry) => entry.record),
        nextCursor: matching.length > shown.length ? String(shown.at(-1)?.number) : null,
      };
    },

    async addFailures(syncId, failures) {
      const entry = entries.get(syncId);
      if (entry === undefined) return;
      entry.failures.push(...failures.slice(0, Math.max(0, maxFailures - entry.failures.length)));
    },

    async listFailures(syncId, page) {
      const all = entries.get(syncId)?.failures ?? [];
      const from = readCursor(page, 0);
      const until = from + page.limit;
      return { failures: all.slice(from, until), nextCursor: until < all.length ? String(until) : null };
    },

    subscribe(syncId, listener) {
      const entry = entries.get(syncId);
      entry?.listeners.add(listener);
      return () => entry?.listeners.delete(listener);
    },

    async listRunning() {
      return [...entries.values()].filter((entry) => !hasEnded(entry)).map((entry) => entry.record);
    },

    async deleteEndedBefore(time) {
      const countBefore = entries.size;
      for (const [syncId, entry] of entries) {
        const { completedAt } = entry.record.snapshot;
        if (hasEnded(entry) && completedAt !== null && completedAt < time) forget(syncId);
      }
      return countBefore - entries.size;
    },
  };
}

function readCursor({ cursor }: PageRequest, fallback: number): number {
  if (cursor === undefined) return fallback;
  if (!/^\d{1,15}$/.test(cursor)) throw new InvalidCursorError(cursor);
  return Number(cursor);
}

function matches({ snapshot }: SyncRecord, { connectorType, active, status }: SyncFilter): boolean {
  if (connectorType !== undefined && snapshot.connectorType !== connectorType) return false;
  if (status !== undefined && snapshot.status !== status) return false;
  return active !== true || !isTerminalStatus(snapshot.status);
}
