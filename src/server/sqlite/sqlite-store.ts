import { decodeFailure } from "../../protocol/failure.js";
import { isTerminalStatus } from "../../protocol/status.js";
import { pageOfFailures } from "../failure-page.js";
import { keyOf } from "../scope.js";
import { StoppedLeases } from "../stopped-leases.js";
import { RESTORED_SEQ_GAP, type StoreLimits } from "../store-limits.js";
import { scopeOfKey } from "../stored-snapshot.js";
import { checkCheckpoint, readCursor, type SyncStore } from "../sync-store.js";
import { ChangeFeed } from "./change-feed.js";
import { openDatabase } from "./open-database.js";
import { Outbox } from "./outbox.js";
import { Queries } from "./queries.js";
import { integer, type Row, recordOf, text } from "./rows.js";
import { RESULT } from "./schema.js";
import { KEPT_EVENTS, SyncTable } from "./sync-table.js";
import { WriteBatch } from "./write-batch.js";

/** Options of {@link createSqliteStore}. */
export interface SqliteStoreOptions extends StoreLimits {
  /** The database file; it and its folder are made if there are none. Not on a network drive. */
  readonly path: string;
}

/**
 * Keeps syncs in a file, by the SQLite that is part of Node: they outlive the process, and all processes of one machine
 * that open the file see and command the same syncs.
 *
 * @throws Error on Node before 22.13, which has no `node:sqlite`.
 *
 * @example
 * const service = createSyncService({ store: createSqliteStore({ path: "data/syncs.db" }) });
 * await service.recover();
 */
export function createSqliteStore(options: SqliteStoreOptions): SyncStore {
  const { path, maxEnded = 1_000, maxFailures = 10_000, maxLogLines = 10_000 } = options;
  const database = openDatabase(path);
  const queries = new Queries(database);
  const outbox = new Outbox(queries);
  const syncs = new SyncTable(queries, outbox, { maxEnded, maxFailures, maxLogLines });
  const feed = new ChangeFeed({ queries, keptEvents: KEPT_EVENTS });
  const batch = new WriteBatch(database, () => feed.read());
  const leases = new StoppedLeases();
  let isClosed = false;

  /** Entries of a sync from a position on, as JSON texts. */
  function readEntries(table: "failures" | "log", column: string, sync: Row, from: number, limit: number) {
    const rows = queries.all(
      `SELECT ${column} FROM ${table} WHERE sync = ? AND position >= ? ORDER BY position LIMIT ?`,
      integer(sync, "number"),
      from,
      limit,
    );
    return rows.map((row): unknown => JSON.parse(text(row, column)));
  }

  /** Lets a read fail as one of a remote store would. */
  async function read<T>(signal: AbortSignal | undefined, query: () => T): Promise<T> {
    signal?.throwIfAborted();
    if (isClosed) throw new Error("The store is closed.");
    return query();
  }

  return {
    async create(record, signal) {
      checkCheckpoint(record.checkpoint);
      return batch.run(() => syncs.insert(record, 1), signal, true);
    },

    get: (scope, syncId, signal) =>
      read(signal, () => {
        const row = syncs.find(scope, syncId);
        return row === undefined ? null : recordOf(row, scope);
      }),

    async write(scope, given, signal) {
      checkCheckpoint(given.checkpoint);
      return batch.run(() => syncs.write(scope, given), signal, isTerminalStatus(given.snapshot.status));
    },

    setNotifyEmail: (scope, syncId, isWanted, signal) =>
      batch.run(() => syncs.setNotifyEmail(scope, syncId, isWanted), signal),

    restore: (record, signal) =>
      batch.run(() => syncs.insert(record, (record.snapshot.seq ?? 0) + RESTORED_SEQ_GAP).isCreated, signal),

    claim: (scope, syncId, claim, signal) =>
      batch.run(() => {
        const row = syncs.find(scope, syncId);
        if (row === undefined || integer(row, "is_running") === 0 || integer(row, "fence") >= claim.fence) return null;
        syncs.handOver(row, claim);
        return { ...recordOf(row, scope), claim };
      }, signal),

    list: (scope, { connectorType, active, status, results }, page, signal) =>
      read(signal, () => {
        const wanted = results === undefined ? null : `,${results.join()},`;
        const rows = queries.all(
          `SELECT * FROM syncs WHERE scope = ? AND number < ? AND coalesce(connector_type = ?, 1)
             AND coalesce(status = ?, 1) AND is_running >= ?
             AND (? IS NULL OR instr(?, ',' || ${RESULT} || ',')) ORDER BY number DESC LIMIT ?`,
          keyOf(scope),
          readCursor(page, Number.MAX_SAFE_INTEGER),
          connectorType ?? null,
          status ?? null,
          active === true ? 1 : 0,
          wanted,
          wanted,
          page.limit + 1,
        );
        const shown = rows.slice(0, page.limit);
        const last = shown.at(-1);
        return {
          records: shown.map((row) => recordOf(row, scope)),
          nextCursor: rows.length > shown.length && last !== undefined ? text(last, "number") : null,
        };
      }),

    listFailures: (scope, syncId, page, signal) =>
      read(signal, () => {
        const from = readCursor(page, 0);
        const row = syncs.find(scope, syncId);
        if (row === undefined) return { failures: [], nextCursor: null };
        // A search looks at all of them: SQLite has no lower case for letters beyond ASCII.
        const limit = page.search === undefined ? page.limit + 1 : maxFailures;
        return pageOfFailures(readEntries("failures", "failure", row, from, limit).map(decodeFailure), from, page);
      }),

    listLog: (scope, syncId, page, signal) =>
      read(signal, () => {
        const from = readCursor(page, 0);
        const row = syncs.find(scope, syncId);
        if (row === undefined) return { lines: [], nextCursor: null, isCut: false };
        const lines = readEntries("log", "line", row, from, page.limit).map(String);
        const count = integer(row, "log_count");
        const until = from + page.limit;
        return {
          lines,
          nextCursor: until < Math.min(count, maxLogLines) ? String(until) : null,
          isCut: count > maxLogLines,
        };
      }),

    watch: (scope, watcher, signal) => read(signal, () => feed.watch(scope, watcher)),

    command: (scope, syncId, command, signal) =>
      batch.run(() => {
        if (syncs.find(scope, syncId) !== undefined) syncs.addEvent(keyOf(scope), syncId, command);
      }, signal),

    renew: (ownerId, held, _leaseMs, signal) =>
      batch.run(
        () =>
          held.flatMap(({ scope, syncId }) => {
            const row = queries.first(
              "UPDATE syncs SET beat = beat + 1 WHERE scope = ? AND sync_id = ? AND owner_id = ? RETURNING number",
              keyOf(scope),
              syncId,
              ownerId,
            );
            return row === undefined ? [syncId] : [];
          }),
        signal,
      ),

    async takeOver(ownerId, leaseMs, limit, signal) {
      const owned = await read(signal, () =>
        queries.all("SELECT number, scope, fence, beat FROM syncs WHERE is_running = 1 AND owner_id IS NOT NULL"),
      );
      const seen = owned.map((row) => ({ row, key: text(row, "number"), value: `${row["fence"]}:${row["beat"]}` }));
      const stopped = new Set(leases.look(seen, leaseMs));
      const expired = seen.filter(({ key }) => stopped.has(key)).slice(0, limit);
      if (expired.length === 0) return [];
      return batch.run(
        () =>
          expired.flatMap(({ row }) => {
            const taken = queries.first(
              `UPDATE syncs SET owner_id = ?, fence = fence + 1, last_order = 0
               WHERE number = ? AND is_running = 1 AND fence = ? AND beat = ? RETURNING *`,
              ownerId,
              integer(row, "number"),
              integer(row, "fence"),
              integer(row, "beat"),
            );
            return taken === undefined ? [] : [recordOf(taken, scopeOfKey(text(taken, "scope")))];
          }),
        signal,
      );
    },

    claimNotices: (kind, leaseMs, limit, signal) => batch.run(() => outbox.claim(kind, leaseMs, limit), signal),

    settleNotice: (id, result, signal) => batch.run(() => outbox.settle(id, result), signal),

    deleteEndedBefore: (time, limit, signal) =>
      batch.run(() => {
        const sql = "SELECT number, scope, sync_id FROM syncs WHERE is_running = 0 AND completed_at < ? LIMIT ?";
        return syncs.delete(queries.all(sql, time, limit));
      }, signal),

    async close() {
      if (isClosed) return;
      batch.close();
      isClosed = true;
      feed.close();
      database.close();
    },
  };
}
