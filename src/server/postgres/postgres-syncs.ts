import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { isTerminalStatus } from "../../protocol/status.js";
import { resultOf } from "../../protocol/sync-result.js";
import { keyOf, type Scope } from "../scope.js";
import type { StoreLimits } from "../store-limits.js";
import { snapshotToText } from "../stored-snapshot.js";
import type { Claim, CreateResult, HeldSync, SyncCommand, SyncRecord, SyncWrite, WriteResult } from "../sync-store.js";
import type { PostgresDatabase } from "./postgres-database.js";
import { noticeToTexts } from "./postgres-outbox.js";
import { mailOf, RECORD_COLUMNS, recordOf } from "./postgres-rows.js";
import { toColumn } from "./sql-text.js";

/** How often a sync is added when the one that was in its way ends in the same moment. */
const TRIES = 5;

/** The syncs of all scopes; every change of one is one statement. */
export class PostgresSyncs {
  readonly #database: PostgresDatabase;
  readonly #limits: Required<StoreLimits>;

  constructor(database: PostgresDatabase, limits: Required<StoreLimits>) {
    this.#database = database;
    this.#limits = limits;
  }

  async create(record: SyncRecord, seq: number): Promise<CreateResult> {
    const { syncId, connectorType } = record.snapshot;
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (await this.#insert(record, seq)) return { isCreated: true };
      const rival = await this.#database.first(
        `SELECT sync_id FROM {s}.syncs WHERE scope = $1 AND (sync_id = $2 OR (connector_type = $3 AND is_running))
         ORDER BY sync_id = $2 DESC LIMIT 1`,
        [keyOf(record.scope), toColumn(syncId), toColumn(connectorType)],
      );
      if (rival !== undefined) return { isCreated: false, runningSyncId: String(rival["sync_id"]) };
    }
    throw new Error(`SyncProgressError: other syncs of the type ${connectorType} begin and end too fast.`);
  }

  async get(scope: Scope, syncId: string): Promise<SyncRecord | null> {
    const row = await this.#database.first(
      `SELECT ${RECORD_COLUMNS} FROM {s}.syncs WHERE scope = $1 AND sync_id = $2`,
      [keyOf(scope), toColumn(syncId)],
    );
    return row === undefined ? null : recordOf(row);
  }

  /** `isNew`: the write has changed something, it was neither repeated nor late. */
  async write(scope: Scope, write: SyncWrite): Promise<{ readonly result: WriteResult; readonly isNew: boolean }> {
    const { snapshot, failures = [], log = [], notices = [] } = write;
    const hasEnded = isTerminalStatus(snapshot.status);
    const texts = notices.map((notice) => noticeToTexts(scope, snapshot.syncId, notice));
    const row = await this.#database.first(
      `SELECT * FROM {s}.write_1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
      [
        keyOf(scope),
        toColumn(snapshot.syncId),
        write.writeId,
        write.order,
        write.fence,
        hasEnded,
        snapshot.status,
        resultOf(snapshot),
        toText(snapshot),
        hasEnded ? snapshot.completedAt : null,
        write.checkpoint ?? null,
        write.keptFailures ?? null,
        failures.map((failure) => JSON.stringify(failure)),
        this.#limits.maxFailures,
        log.map((line) => JSON.stringify(line)),
        this.#limits.maxLogLines,
        texts.map(({ id }) => id),
        texts.map(({ text }) => text),
        notices.map(({ isOnRequest = false }) => isOnRequest),
      ],
    );
    const verdict = row?.["verdict"];
    if (verdict === "written" || verdict === "kept") {
      const seq = Number(row?.["new_seq"]);
      const result = { is: "written", seq, notifyEmail: mailOf(row?.["wants_mail"]) } as const;
      return { result, isNew: verdict === "written" };
    }
    return { result: { is: verdict === "ended" || verdict === "superseded" ? verdict : "unknown" }, isNew: false };
  }

  async setNotifyEmail(scope: Scope, syncId: string, isWanted: boolean): Promise<SyncSnapshot | null> {
    const row = await this.#database.first(
      `WITH changed AS (
         UPDATE {s}.syncs SET mail = $3, seq = seq + 1
         WHERE scope = $1 AND sync_id = $2 AND is_running AND mail IS DISTINCT FROM $3 RETURNING *)
       SELECT ${RECORD_COLUMNS}, {s}.notify_1(scope, sync_id, seq, mail, snapshot) FROM changed`,
      [keyOf(scope), toColumn(syncId), isWanted],
    );
    const record = row === undefined ? await this.get(scope, syncId) : recordOf(row);
    return record?.snapshot ?? null;
  }

  async claim(scope: Scope, syncId: string, { ownerId, fence }: Claim): Promise<SyncRecord | null> {
    const row = await this.#database.first(
      `UPDATE {s}.syncs SET owner_id = $3, fence = $4, last_order = 0
       WHERE scope = $1 AND sync_id = $2 AND is_running AND fence < $4 RETURNING ${RECORD_COLUMNS}`,
      [keyOf(scope), toColumn(syncId), ownerId, fence],
    );
    return row === undefined ? null : recordOf(row);
  }

  async command(scope: Scope, syncId: string, command: SyncCommand): Promise<void> {
    await this.#database.all(
      `SELECT pg_notify({s}.channel_1(scope), $3 || sync_id) FROM {s}.syncs WHERE scope = $1 AND sync_id = $2`,
      [keyOf(scope), toColumn(syncId), `c${command}:`],
    );
  }

  /** Returns the ids of those that somebody else owns or that have ended; one that is gone its owner writes again. */
  async renew(ownerId: string, held: readonly HeldSync[]): Promise<readonly string[]> {
    const rows = await this.#database.all(
      `WITH held AS (SELECT * FROM unnest($2::text[], $3::text[]) AS held (scope, sync_id)),
         renewed AS (
           UPDATE {s}.syncs SET beat = beat + 1 FROM held
           WHERE syncs.scope = held.scope AND syncs.sync_id = held.sync_id AND owner_id = $1 RETURNING number)
       SELECT sync_id FROM {s}.syncs JOIN held USING (scope, sync_id)
       WHERE number NOT IN (SELECT number FROM renewed)`,
      [ownerId, held.map(({ scope }) => keyOf(scope)), held.map(({ syncId }) => toColumn(syncId))],
    );
    return rows.map((row) => String(row["sync_id"]));
  }

  /** Deletes syncs that ended before a time. Returns how many. */
  async deleteEndedBefore(time: number, limit: number): Promise<number> {
    return this.#delete("completed_at < $1 ORDER BY number LIMIT $2", [time, limit]);
  }

  /** Deletes a person's oldest ended syncs beyond the limit. */
  async deleteSurplus(scope: Scope): Promise<void> {
    const oldest = "SELECT number FROM {s}.syncs WHERE scope = $1 AND NOT is_running ORDER BY number DESC OFFSET $2";
    await this.#delete(`number IN (${oldest}) ORDER BY number`, [keyOf(scope), this.#limits.maxEnded]);
  }

  async #insert({ scope, snapshot, claim, checkpoint, input }: SyncRecord, seq: number): Promise<boolean> {
    const row = await this.#database.first(
      `WITH added AS (
         INSERT INTO {s}.syncs (scope, sync_id, connector_type, status, snapshot, seq, mail, owner_id, fence, checkpoint, input)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING *)
       SELECT number, {s}.notify_1(scope, sync_id, seq, mail, snapshot) FROM added`,
      [
        keyOf(scope),
        toColumn(snapshot.syncId),
        toColumn(snapshot.connectorType),
        snapshot.status,
        toText(snapshot),
        seq,
        snapshot.notifyEmail,
        claim?.ownerId ?? null,
        claim?.fence ?? 0,
        checkpoint,
        input,
      ],
    );
    return row !== undefined;
  }

  /** Leaves alone what somebody else deletes at this moment. */
  async #delete(condition: string, values: readonly unknown[]): Promise<number> {
    const rows = await this.#database.all(
      `WITH old AS (SELECT number FROM {s}.syncs WHERE NOT is_running AND ${condition} FOR UPDATE SKIP LOCKED),
         gone AS (DELETE FROM {s}.syncs USING old WHERE syncs.number = old.number RETURNING scope, sync_id)
       SELECT pg_notify({s}.channel_1(scope), 'd:' || sync_id) FROM gone`,
      values,
    );
    return rows.length;
  }
}

function toText(snapshot: SyncSnapshot): string {
  return snapshotToText({ ...snapshot, notifyEmail: null });
}
