import { decodeFailure, type FailurePage } from "../../protocol/failure.js";
import { pageOfFailures } from "../failure-page.js";
import { keyOf, type Scope } from "../scope.js";
import {
  type FailureRequest,
  type LogPage,
  type PageRequest,
  readCursor,
  type SyncFilter,
  type SyncRecordPage,
} from "../sync-store.js";
import type { PostgresDatabase } from "./postgres-database.js";
import { RECORD_COLUMNS, recordOf } from "./postgres-rows.js";
import { toColumn } from "./sql-text.js";

/** Pages of what is in the tables. */
export class PostgresLists {
  readonly #database: PostgresDatabase;

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  async syncs(scope: Scope, filter: SyncFilter, page: PageRequest): Promise<SyncRecordPage> {
    const { connectorType, active = false, status, results } = filter;
    const rows = await this.#database.all(
      `SELECT ${RECORD_COLUMNS} FROM {s}.syncs
       WHERE scope = $1 AND number < $2 AND ($3::text IS NULL OR connector_type = $3) AND ($4::text IS NULL OR status = $4)
         AND ($5::text[] IS NULL OR result = ANY ($5)) AND (is_running OR NOT $6) ORDER BY number DESC LIMIT $7`,
      [
        keyOf(scope),
        readCursor(page, Number.MAX_SAFE_INTEGER),
        connectorType === undefined ? null : toColumn(connectorType),
        status ?? null,
        results ?? null,
        active,
        page.limit + 1,
      ],
    );
    const shown = rows.slice(0, page.limit);
    return {
      records: shown.map(recordOf),
      nextCursor: rows.length > shown.length ? String(shown.at(-1)?.["number"]) : null,
    };
  }

  async failures(scope: Scope, syncId: string, page: FailureRequest): Promise<FailurePage> {
    const from = readCursor(page, 0);
    // A search looks at all of them, in this process, as every store does.
    const limit = page.search === undefined ? page.limit + 1 : null;
    const rows = await this.#database.all(
      `SELECT failure FROM {s}.failures WHERE sync = (SELECT number FROM {s}.syncs WHERE scope = $1 AND sync_id = $2)
         AND position >= $3::bigint ORDER BY position LIMIT $4`,
      [keyOf(scope), toColumn(syncId), from, limit],
    );
    const failures = rows.map((row) => decodeFailure(JSON.parse(String(row["failure"]))));
    return pageOfFailures(failures, from, page);
  }

  async log(scope: Scope, syncId: string, page: PageRequest): Promise<LogPage> {
    const from = readCursor(page, 0);
    const until = from + page.limit;
    const rows = await this.#database.all(
      `SELECT line, is_log_cut, log_count FROM {s}.syncs LEFT JOIN {s}.log ON sync = number AND position >= $3::bigint
       WHERE scope = $1 AND sync_id = $2 ORDER BY position LIMIT $4`,
      [keyOf(scope), toColumn(syncId), from, page.limit],
    );
    const lines = rows.filter(({ line }) => line !== null).map(({ line }) => String(JSON.parse(String(line))));
    const [first] = rows;
    return {
      lines,
      nextCursor: until < Number(first?.["log_count"] ?? 0) ? String(until) : null,
      isCut: first?.["is_log_cut"] === true,
    };
  }
}
