import { decodeFailure } from "../../protocol/failure.js";
import { encodeSnapshot, type SyncSnapshot } from "../../protocol/snapshot.js";
import { isTerminalStatus } from "../../protocol/status.js";
import { keyOf, type Scope } from "../scope.js";
import { StoppedLeases } from "../stopped-leases.js";
import { RESTORED_SEQ_GAP, type StoreLimits } from "../store-limits.js";
import {
  type Claim,
  type CreateResult,
  checkCheckpoint,
  type Notice,
  type PageRequest,
  readCursor,
  type SyncCommand,
  type SyncRecord,
  type SyncStore,
  type SyncWrite,
  type WriteResult,
} from "../sync-store.js";
import { ChangeFeed } from "./change-feed.js";
import { openDatabase } from "./open-database.js";
import { integer, optionalText, type Row, recordOf, scopeOf, text } from "./rows.js";
import { WriteBatch } from "./write-batch.js";

/** Options of {@link createSqliteStore}. */
export interface SqliteStoreOptions extends StoreLimits {
  /** The database file; it and its folder are made if there are none. Not on a network drive. */
  readonly path: string;
}

type Value = string | number | null;

/** How many commands and deletions are kept for processes that look late. */
const KEPT_EVENTS = 1_000;

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
  const statements = new Map<string, ReturnType<typeof database.prepare>>();
  const prepare = (sql: string) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const all = (sql: string, ...values: readonly Value[]): readonly Row[] => prepare(sql).all(...values);
  const first = (sql: string, ...values: readonly Value[]): Row | undefined => prepare(sql).get(...values);
  const run = (sql: string, ...values: readonly Value[]) => void prepare(sql).run(...values);

  const feed = new ChangeFeed({ all, keptEvents: KEPT_EVENTS });
  const batch = new WriteBatch(database, () => feed.read());
  const leases = new StoppedLeases();
  let isClosed = false;

  const find = (scope: Scope, syncId: string) =>
    first("SELECT * FROM syncs WHERE scope = ? AND sync_id = ?", keyOf(scope), syncId);

  function nextChange(): number {
    const row = first("UPDATE counter SET v = v + 1 RETURNING v");
    return row === undefined ? 0 : integer(row, "v");
  }

  function addEvent(scopeKey: string, syncId: string, kind: SyncCommand | "deleted"): void {
    const v = nextChange();
    run("INSERT INTO events (v, scope, sync_id, kind) VALUES (?, ?, ?, ?)", v, scopeKey, syncId, kind);
    run("DELETE FROM events WHERE v <= ?", v - KEPT_EVENTS);
  }

  function insert(record: SyncRecord, seq: number): CreateResult {
    const { scope, snapshot, claim } = record;
    const { syncId, connectorType } = snapshot;
    const rival = first(
      "SELECT sync_id FROM syncs WHERE scope = ? AND (sync_id = ? OR (connector_type = ? AND is_running = 1))",
      keyOf(scope),
      syncId,
      connectorType,
    );
    if (rival !== undefined) return { isCreated: false, runningSyncId: text(rival, "sync_id") };
    run(
      `INSERT INTO syncs (scope, sync_id, connector_type, status, is_running, snapshot, seq, v, owner_id, fence, checkpoint, input)
       VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)`,
      keyOf(scope),
      syncId,
      connectorType,
      snapshot.status,
      toText(snapshot),
      seq,
      nextChange(),
      claim?.ownerId ?? null,
      claim?.fence ?? 0,
      record.checkpoint,
      record.input,
    );
    return { isCreated: true };
  }

  function write(scope: Scope, given: SyncWrite): WriteResult {
    const row = find(scope, given.snapshot.syncId);
    if (row === undefined) return { is: "unknown" };
    const seq = integer(row, "seq");
    if (optionalText(row, "last_write_id") === given.writeId) return { is: "written", seq };
    if (integer(row, "is_running") === 0) return { is: "ended" };
    const hasEnded = isTerminalStatus(given.snapshot.status);
    const isOwner = given.fence !== null && row["owner_id"] !== null && given.fence === integer(row, "fence");
    if (!isOwner && !(given.fence === null && hasEnded)) return { is: "superseded" };
    if (isOwner && given.order <= integer(row, "last_order")) return { is: "written", seq };

    const number = integer(row, "number");
    run(
      `UPDATE syncs SET snapshot = ?, seq = ?, v = ?, status = ?, is_running = ?, completed_at = ?,
         owner_id = CASE WHEN ? THEN NULL ELSE owner_id END, checkpoint = coalesce(?, checkpoint),
         last_write_id = ?, last_order = ?, failure_count = ?, log_count = ?
       WHERE number = ?`,
      toText(given.snapshot),
      seq + 1,
      nextChange(),
      given.snapshot.status,
      hasEnded ? 0 : 1,
      hasEnded ? given.snapshot.completedAt : null,
      hasEnded ? 1 : 0,
      given.checkpoint ?? null,
      given.writeId,
      given.order,
      addFailures(number, integer(row, "failure_count"), given),
      addLog(number, integer(row, "log_count"), given.log ?? []),
      number,
    );
    if (hasEnded) {
      addNotices(scope, given);
      deleteSurplus(scope);
    }
    return { is: "written", seq: seq + 1 };
  }

  /** Returns how many there are now. */
  function addFailures(number: number, count: number, { keptFailures, failures = [] }: SyncWrite): number {
    const kept = Math.min(count, keptFailures ?? count);
    if (kept < count) run("DELETE FROM failures WHERE sync = ? AND position >= ?", number, kept);
    const added = failures.slice(0, maxFailures - kept);
    for (const [index, failure] of added.entries()) {
      run("INSERT INTO failures VALUES (?, ?, ?)", number, kept + index, JSON.stringify(failure));
    }
    return kept + added.length;
  }

  function addLog(number: number, count: number, lines: readonly string[]): number {
    const added = lines.slice(0, maxLogLines - count);
    for (const [index, line] of added.entries()) {
      run("INSERT INTO log VALUES (?, ?, ?)", number, count + index, JSON.stringify(line));
    }
    return count + added.length;
  }

  function addNotices(scope: Scope, { snapshot, notices = [] }: SyncWrite): void {
    for (const { kind, payload } of notices) {
      const id = JSON.stringify([keyOf(scope), snapshot.syncId, kind]);
      run("INSERT INTO notices VALUES (?, ?, ?, ?, 0, 0)", id, snapshot.syncId, kind, payload);
    }
  }

  function deleteSyncs(rows: readonly Row[]): number {
    for (const row of rows) {
      run("DELETE FROM syncs WHERE number = ?", integer(row, "number"));
      addEvent(text(row, "scope"), text(row, "sync_id"), "deleted");
    }
    return rows.length;
  }

  /** Deletes a person's oldest ended syncs beyond the limit. */
  function deleteSurplus(scope: Scope): void {
    deleteSyncs(
      all(
        `SELECT number, scope, sync_id FROM syncs WHERE scope = ? AND is_running = 0
         ORDER BY number DESC LIMIT -1 OFFSET ?`,
        keyOf(scope),
        maxEnded,
      ),
    );
  }

  function handOver(number: number, { ownerId, fence }: Claim): void {
    run("UPDATE syncs SET owner_id = ?, fence = ?, last_order = 0 WHERE number = ?", ownerId, fence, number);
  }

  /** A page of the failures or the log of a sync, as JSON texts. */
  function listEntries(table: "failures" | "log", column: string, scope: Scope, syncId: string, page: PageRequest) {
    const from = readCursor(page, 0);
    const row = find(scope, syncId);
    if (row === undefined) return { entries: [], nextCursor: null };
    const count = integer(row, table === "log" ? "log_count" : "failure_count");
    const rows = all(
      `SELECT ${column} FROM ${table} WHERE sync = ? AND position >= ? ORDER BY position LIMIT ?`,
      integer(row, "number"),
      from,
      page.limit,
    );
    const until = from + page.limit;
    return { entries: rows.map((entry) => text(entry, column)), nextCursor: until < count ? String(until) : null };
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
      return batch.run(() => insert(record, 1), signal, true);
    },

    get: (scope, syncId, signal) =>
      read(signal, () => {
        const row = find(scope, syncId);
        return row === undefined ? null : recordOf(row, scope);
      }),

    async write(scope, given, signal) {
      checkCheckpoint(given.checkpoint);
      return batch.run(() => write(scope, given), signal, isTerminalStatus(given.snapshot.status));
    },

    restore: (record, signal) =>
      batch.run(() => insert(record, (record.snapshot.seq ?? 0) + RESTORED_SEQ_GAP).isCreated, signal),

    claim: (scope, syncId, claim, signal) =>
      batch.run(() => {
        const row = find(scope, syncId);
        if (row === undefined || integer(row, "is_running") === 0 || integer(row, "fence") >= claim.fence) return null;
        handOver(integer(row, "number"), claim);
        return { ...recordOf(row, scope), claim };
      }, signal),

    list: (scope, { connectorType, active, status }, page, signal) =>
      read(signal, () => {
        const rows = all(
          `SELECT * FROM syncs WHERE scope = ? AND number < ? AND coalesce(connector_type = ?, 1)
             AND coalesce(status = ?, 1) AND is_running >= ? ORDER BY number DESC LIMIT ?`,
          keyOf(scope),
          readCursor(page, Number.MAX_SAFE_INTEGER),
          connectorType ?? null,
          status ?? null,
          active === true ? 1 : 0,
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
        const { entries, nextCursor } = listEntries("failures", "failure", scope, syncId, page);
        return { failures: entries.map((entry) => decodeFailure(JSON.parse(entry))), nextCursor };
      }),

    listLog: (scope, syncId, page, signal) =>
      read(signal, () => {
        const { entries, nextCursor } = listEntries("log", "line", scope, syncId, page);
        return { lines: entries.map((entry) => String(JSON.parse(entry))), nextCursor };
      }),

    watch: (scope, watcher, signal) => read(signal, () => feed.watch(scope, watcher)),

    command: (scope, syncId, command, signal) =>
      batch.run(() => {
        if (find(scope, syncId) !== undefined) addEvent(keyOf(scope), syncId, command);
      }, signal),

    renew: (ownerId, held, _leaseMs, signal) =>
      batch.run(
        () =>
          held.flatMap(({ scope, syncId }) => {
            const row = first(
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
        all("SELECT number, scope, fence, beat FROM syncs WHERE is_running = 1 AND owner_id IS NOT NULL"),
      );
      const seen = owned.map((row) => ({ row, key: text(row, "number"), value: `${row["fence"]}:${row["beat"]}` }));
      const stopped = new Set(leases.look(seen, leaseMs));
      const expired = seen.filter(({ key }) => stopped.has(key)).slice(0, limit);
      if (expired.length === 0) return [];
      return batch.run(
        () =>
          expired.flatMap(({ row }) => {
            const taken = first(
              `UPDATE syncs SET owner_id = ?, fence = fence + 1, last_order = 0
               WHERE number = ? AND is_running = 1 AND fence = ? AND beat = ? RETURNING *`,
              ownerId,
              integer(row, "number"),
              integer(row, "fence"),
              integer(row, "beat"),
            );
            return taken === undefined ? [] : [recordOf(taken, scopeOf(text(taken, "scope")))];
          }),
        signal,
      );
    },

    claimNotices: (leaseMs, limit, signal) =>
      batch.run(() => {
        const now = nowOfDatabase();
        const due = all("SELECT id FROM notices WHERE due_at <= ? ORDER BY due_at, id LIMIT ?", now, limit);
        return due.flatMap((row) => {
          const claimed = first(
            "UPDATE notices SET due_at = ?, tries = tries + 1 WHERE id = ? RETURNING *",
            now + leaseMs,
            text(row, "id"),
          );
          return claimed === undefined ? [] : [noticeOf(claimed)];
        });
      }, signal),

    settleNotice: (id, result, signal) =>
      batch.run(() => {
        if (result === "done") run("DELETE FROM notices WHERE id = ?", id);
        else run("UPDATE notices SET due_at = ? WHERE id = ?", result.dueAt, id);
      }, signal),

    deleteEndedBefore: (time, limit, signal) =>
      batch.run(
        () =>
          deleteSyncs(
            all(
              "SELECT number, scope, sync_id FROM syncs WHERE is_running = 0 AND completed_at < ? LIMIT ?",
              time,
              limit,
            ),
          ),
        signal,
      ),

    async close() {
      if (isClosed) return;
      batch.close();
      isClosed = true;
      feed.close();
      database.close();
    },
  };

  /** One clock for all processes of the file, in ms since the epoch. */
  function nowOfDatabase(): number {
    const row = first("SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now");
    return row === undefined ? 0 : integer(row, "now");
  }
}

function toText(snapshot: SyncSnapshot): string {
  return JSON.stringify(encodeSnapshot(snapshot));
}

function noticeOf(row: Row): Notice {
  return {
    id: text(row, "id"),
    syncId: text(row, "sync_id"),
    kind: text(row, "kind"),
    payload: text(row, "payload"),
    tries: integer(row, "tries"),
  };
}
