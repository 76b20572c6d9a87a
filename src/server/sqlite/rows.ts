import type { SyncSnapshot } from "../../protocol/snapshot.js";
import type { Scope } from "../scope.js";
import { snapshotFromText } from "../stored-snapshot.js";
import type { SyncRecord } from "../sync-store.js";

/** A row as `node:sqlite` returns it. */
export type Row = Readonly<Record<string, unknown>>;

/** A text of a row; the tables are strict, so that it is one. */
export function text(row: Row, column: string): string {
  return String(row[column]);
}

export function optionalText(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}

export function integer(row: Row, column: string): number {
  return Number(row[column]);
}

/**
 * The snapshot of a row of `syncs`.
 *
 * @throws Error when it is none of ours: the file was changed by others.
 */
export function snapshotOf(row: Row): SyncSnapshot {
  return snapshotFromText(text(row, "snapshot"), { seq: integer(row, "seq") });
}

export function recordOf(row: Row, scope: Scope): SyncRecord {
  const ownerId = optionalText(row, "owner_id");
  return {
    scope,
    snapshot: snapshotOf(row),
    claim: ownerId === null ? null : { ownerId, fence: integer(row, "fence") },
    checkpoint: optionalText(row, "checkpoint"),
    input: optionalText(row, "input"),
  };
}
