import { keyOf, type Scope } from "../scope.js";
import type { NewNotice, Notice } from "../sync-store.js";
import type { PostgresDatabase } from "./postgres-database.js";
import { NOW_MS } from "./schema.js";

/** The notices of all scopes. */
export class PostgresOutbox {
  readonly #database: PostgresDatabase;

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  async claim(kind: string, leaseMs: number, limit: number): Promise<readonly Notice[]> {
    const rows = await this.#database.all(
      `WITH due AS (
         SELECT id FROM {s}.notices WHERE due_at <= ${NOW_MS} AND notice::json ->> 'kind' = $3
         ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
       UPDATE {s}.notices SET due_at = ${NOW_MS} + $1, tries = tries + 1
       WHERE id IN (SELECT id FROM due) RETURNING id, notice, tries`,
      [leaseMs, limit, kind],
    );
    return rows.map(({ id, notice, tries }) => {
      const { payload, syncId }: Readonly<Record<string, unknown>> = JSON.parse(String(notice));
      return {
        id: String(id),
        syncId: String(syncId),
        kind,
        payload: String(payload),
        tries: Number(tries),
      };
    });
  }

  async settle(id: string, result: "done" | { readonly dueAt: number }): Promise<void> {
    if (result === "done") await this.#database.all("DELETE FROM {s}.notices WHERE id = $1", [id]);
    else await this.#database.all("UPDATE {s}.notices SET due_at = $2 WHERE id = $1", [id, result.dueAt]);
  }
}

/** A notice as it is kept: its id, which is one of its kind for a sync, and itself. */
export function noticeToTexts(scope: Scope, syncId: string, { kind, payload }: NewNotice) {
  return { id: JSON.stringify([keyOf(scope), syncId, kind]), text: JSON.stringify({ kind, payload, syncId }) };
}
