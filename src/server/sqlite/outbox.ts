import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { keyOf, type Scope } from "../scope.js";
import type { NewNotice, Notice } from "../sync-store.js";
import type { Queries } from "./queries.js";
import { integer, type Row, text } from "./rows.js";

/** The notices of a file. Called within a transaction. */
export class Outbox {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  add(scope: Scope, { syncId, notifyEmail }: SyncSnapshot, notices: readonly NewNotice[]): void {
    for (const { kind, payload, isOnRequest = false } of notices) {
      if (isOnRequest && notifyEmail !== true) continue;
      const id = JSON.stringify([keyOf(scope), syncId, kind]);
      this.#queries.run("INSERT INTO notices VALUES (?, ?, ?, ?, 0, 0)", id, syncId, kind, payload);
    }
  }

  claim(kind: string, leaseMs: number, limit: number): readonly Notice[] {
    const now = this.#now();
    const due = this.#queries.all(
      "SELECT id FROM notices WHERE due_at <= ? AND kind = ? ORDER BY due_at, id LIMIT ?",
      now,
      kind,
      limit,
    );
    return due.flatMap((row) => {
      const claimed = this.#queries.first(
        "UPDATE notices SET due_at = ?, tries = tries + 1 WHERE id = ? RETURNING *",
        now + leaseMs,
        text(row, "id"),
      );
      return claimed === undefined ? [] : [noticeOf(claimed)];
    });
  }

  settle(id: string, result: "done" | { readonly dueAt: number }): void {
    if (result === "done") this.#queries.run("DELETE FROM notices WHERE id = ?", id);
    else this.#queries.run("UPDATE notices SET due_at = ? WHERE id = ?", result.dueAt, id);
  }

  /** One clock for all processes of the file, in ms since the epoch. */
  #now(): number {
    const row = this.#queries.first("SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now");
    return row === undefined ? 0 : integer(row, "now");
  }
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
