import { StoppedLeases } from "../stopped-leases.js";
import type { SyncRecord } from "../sync-store.js";
import type { PostgresDatabase } from "./postgres-database.js";
import { RECORD_COLUMNS, recordOf } from "./postgres-rows.js";

/** Takes running syncs whose owner is gone. */
export class PostgresLeases {
  readonly #database: PostgresDatabase;
  readonly #stopped = new StoppedLeases();

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  async take(ownerId: string, leaseMs: number, limit: number): Promise<readonly SyncRecord[]> {
    const owned = await this.#database.all(
      "SELECT number, fence, beat FROM {s}.syncs WHERE is_running AND owner_id IS NOT NULL",
      [],
    );
    const seen = owned.map(({ number, fence, beat }) => ({
      key: String(number),
      value: `${fence}:${beat}`,
      fence,
      beat,
    }));
    const stopped = new Set(this.#stopped.look(seen, leaseMs));
    const expired = seen.filter(({ key }) => stopped.has(key)).slice(0, limit);
    if (expired.length === 0) return [];
    // One that is locked is written to: its owner is there after all, or somebody else takes it.
    const rows = await this.#database.all(
      `WITH seen AS (SELECT * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS seen (number, fence, beat)),
         found AS (
           SELECT number FROM {s}.syncs JOIN seen USING (number, fence, beat) WHERE is_running
           ORDER BY number FOR UPDATE OF syncs SKIP LOCKED)
       UPDATE {s}.syncs SET owner_id = $1, fence = fence + 1, last_order = 0
       WHERE number IN (SELECT number FROM found) RETURNING ${RECORD_COLUMNS}`,
      [ownerId, expired.map(({ key }) => key), expired.map(({ fence }) => fence), expired.map(({ beat }) => beat)],
    );
    return rows.map(recordOf);
  }
}
