import type { Scope } from "../scope.js";
import { scopeOfKey, snapshotFromText } from "../stored-snapshot.js";
import type { SyncRecord } from "../sync-store.js";
import type { PostgresRow } from "./postgres-pool.js";

/** The columns from which a record is made. */
export const RECORD_COLUMNS = "number, scope, snapshot, seq, mail, owner_id, fence, checkpoint, input";

export function recordOf(row: PostgresRow): SyncRecord {
  const ownerId = optionalText(row["owner_id"]);
  return {
    scope: scopeOf(row),
    snapshot: snapshotFromText(String(row["snapshot"]), { seq: Number(row["seq"]), notifyEmail: mailOf(row["mail"]) }),
    claim: ownerId === null ? null : { ownerId, fence: Number(row["fence"]) },
    checkpoint: optionalText(row["checkpoint"]),
    input: optionalText(row["input"]),
  };
}

function scopeOf(row: PostgresRow): Scope {
  return scopeOfKey(String(row["scope"]));
}

export function mailOf(column: unknown): boolean | null {
  return typeof column === "boolean" ? column : null;
}

function optionalText(column: unknown): string | null {
  return column === null || column === undefined ? null : String(column);
}
