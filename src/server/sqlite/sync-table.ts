import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { isTerminalStatus } from "../../protocol/status.js";
import { keyOf, type Scope } from "../scope.js";
import type { StoreLimits } from "../store-limits.js";
import { snapshotToText } from "../stored-snapshot.js";
import type { Claim, CreateResult, SyncCommand, SyncRecord, SyncWrite, WriteResult } from "../sync-store.js";
import type { Outbox } from "./outbox.js";
import type { Queries } from "./queries.js";
import { integer, optionalText, type Row, snapshotOf, text } from "./rows.js";

/** How many commands and deletions are kept for processes that look late. */
export const KEPT_EVENTS = 1_000;

/** The syncs of a file, with their failures and logs. What changes them is called within a transaction. */
export class SyncTable {
  readonly #queries: Queries;
  readonly #outbox: Outbox;
  readonly #limits: Required<StoreLimits>;

  constructor(queries: Queries, outbox: Outbox, limits: Required<StoreLimits>) {
    this.#queries = queries;
    this.#outbox = outbox;
    this.#limits = limits;
  }

  find(scope: Scope, syncId: string): Row | undefined {
    return this.#queries.first("SELECT * FROM syncs WHERE scope = ? AND sync_id = ?", keyOf(scope), syncId);
  }

  insert(record: SyncRecord, seq: number): CreateResult {
    const { scope, snapshot, claim } = record;
    const { syncId, connectorType } = snapshot;
    const rival = this.#queries.first(
      "SELECT sync_id FROM syncs WHERE scope = ? AND (sync_id = ? OR (connector_type = ? AND is_running = 1))",
      keyOf(scope),
      syncId,
      connectorType,
    );
    if (rival !== undefined) return { isCreated: false, runningSyncId: text(rival, "sync_id") };
    this.#queries.run(
      `INSERT INTO syncs (scope, sync_id, connector_type, status, is_running, snapshot, seq, v, owner_id, fence, checkpoint, input)
       VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)`,
      keyOf(scope),
      syncId,
      connectorType,
      snapshot.status,
      snapshotToText(snapshot),
      seq,
      this.#nextChange(),
      claim?.ownerId ?? null,
      claim?.fence ?? 0,
      record.checkpoint,
      record.input,
    );
    return { isCreated: true };
  }

  write(scope: Scope, write: SyncWrite): WriteResult {
    const row = this.find(scope, write.snapshot.syncId);
    if (row === undefined) return { is: "unknown" };
    const { notifyEmail } = snapshotOf(row);
    const seq = integer(row, "seq");
    if (optionalText(row, "last_write_id") === write.writeId) return { is: "written", seq, notifyEmail };
    if (integer(row, "is_running") === 0) return { is: "ended" };
    const hasEnded = isTerminalStatus(write.snapshot.status);
    const isOwner = write.fence !== null && row["owner_id"] !== null && write.fence === integer(row, "fence");
    if (!isOwner && !(write.fence === null && hasEnded)) return { is: "superseded" };
    if (isOwner && write.order <= integer(row, "last_order")) return { is: "written", seq, notifyEmail };
    const snapshot = { ...write.snapshot, notifyEmail };
    this.#update(row, { ...write, snapshot }, hasEnded);
    if (hasEnded) {
      this.#outbox.add(scope, snapshot, write.notices ?? []);
      this.#deleteSurplus(scope);
    }
    return { is: "written", seq: seq + 1, notifyEmail };
  }

  /** Returns the state then; the state as it is if the sync has ended. */
  setNotifyEmail(scope: Scope, syncId: string, isWanted: boolean): SyncSnapshot | null {
    const row = this.find(scope, syncId);
    if (row === undefined) return null;
    const snapshot = snapshotOf(row);
    if (integer(row, "is_running") === 0 || snapshot.notifyEmail === isWanted) return snapshot;
    const changed = { ...snapshot, notifyEmail: isWanted, seq: integer(row, "seq") + 1 };
    this.#queries.run(
      "UPDATE syncs SET snapshot = ?, seq = ?, v = ? WHERE number = ?",
      snapshotToText(changed),
      changed.seq,
      this.#nextChange(),
      integer(row, "number"),
    );
    return changed;
  }

  handOver(row: Row, { ownerId, fence }: Claim): void {
    this.#queries.run(
      "UPDATE syncs SET owner_id = ?, fence = ?, last_order = 0 WHERE number = ?",
      ownerId,
      fence,
      integer(row, "number"),
    );
  }

  /** Notifies the watchers of all processes. */
  addEvent(scopeKey: string, syncId: string, kind: SyncCommand | "deleted"): void {
    const v = this.#nextChange();
    this.#queries.run("INSERT INTO events (v, scope, sync_id, kind) VALUES (?, ?, ?, ?)", v, scopeKey, syncId, kind);
    this.#queries.run("DELETE FROM events WHERE v <= ?", v - KEPT_EVENTS);
  }

  /** Deletes the syncs of these rows. Returns how many. */
  delete(rows: readonly Row[]): number {
    for (const row of rows) {
      this.#queries.run("DELETE FROM syncs WHERE number = ?", integer(row, "number"));
      this.addEvent(text(row, "scope"), text(row, "sync_id"), "deleted");
    }
    return rows.length;
  }

  #update(row: Row, write: SyncWrite, hasEnded: boolean): void {
    const number = integer(row, "number");
    this.#queries.run(
      `UPDATE syncs SET snapshot = ?, seq = seq + 1, v = ?, status = ?, is_running = ?, completed_at = ?,
         owner_id = CASE WHEN ? THEN NULL ELSE owner_id END, checkpoint = coalesce(?, checkpoint),
         last_write_id = ?, last_order = ?, failure_count = ?, log_count = ?
       WHERE number = ?`,
      snapshotToText(write.snapshot),
      this.#nextChange(),
      write.snapshot.status,
      hasEnded ? 0 : 1,
      hasEnded ? write.snapshot.completedAt : null,
      hasEnded ? 1 : 0,
      write.checkpoint ?? null,
      write.writeId,
      write.order,
      this.#addFailures(number, integer(row, "failure_count"), write),
      this.#addLog(number, integer(row, "log_count"), write.log ?? []),
      number,
    );
  }

  /** Returns how many there are now. */
  #addFailures(number: number, count: number, { keptFailures, failures = [] }: SyncWrite): number {
    const kept = Math.min(count, keptFailures ?? count);
    if (kept < count) this.#queries.run("DELETE FROM failures WHERE sync = ? AND position >= ?", number, kept);
    const added = failures.slice(0, this.#limits.maxFailures - kept);
    for (const [index, failure] of added.entries()) {
      this.#queries.run("INSERT INTO failures VALUES (?, ?, ?)", number, kept + index, JSON.stringify(failure));
    }
    return kept + added.length;
  }

  /** Returns how many lines there were by now, those included that are not kept. */
  #addLog(number: number, count: number, lines: readonly string[]): number {
    const added = lines.slice(0, Math.max(0, this.#limits.maxLogLines - count));
    for (const [index, line] of added.entries()) {
      this.#queries.run("INSERT INTO log VALUES (?, ?, ?)", number, count + index, JSON.stringify(line));
    }
    return count + lines.length;
  }

  /** Deletes a person's oldest ended syncs beyond the limit. */
  #deleteSurplus(scope: Scope): void {
    this.delete(
      this.#queries.all(
        `SELECT number, scope, sync_id FROM syncs WHERE scope = ? AND is_running = 0
         ORDER BY number DESC LIMIT -1 OFFSET ?`,
        keyOf(scope),
        this.#limits.maxEnded,
      ),
    );
  }

  #nextChange(): number {
    const row = this.#queries.first("UPDATE counter SET v = v + 1 RETURNING v");
    return row === undefined ? 0 : integer(row, "v");
  }
}
