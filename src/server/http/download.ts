import { CUT_HEADER, DOWNLOAD_FORMATS, type DownloadFormat, type DownloadList } from "../../protocol/download.js";
import { encodeTime, type SyncSnapshot } from "../../protocol/snapshot.js";
import { decodeLogEntry } from "../log-entry.js";
import type { Scope } from "../scope.js";
import type { SyncService } from "../sync-service.js";
import type { PageRequest } from "../sync-store.js";
import { encodeCsv } from "./csv.js";
import { Refusal } from "./refusal.js";

/** A list of a sync as a file. */
export interface Download {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One line of a download: the same names in every line of a list, in their order. */
type DownloadRow = Readonly<Record<string, string>>;

interface RowPage {
  readonly rows: readonly DownloadRow[];
  readonly nextCursor: string | null;
  /** There were more than the store keeps. */
  readonly isCut: boolean;
}

/** How many entries a download has at most. */
const MAX_ENTRIES = 10_000;
/** How many characters they have at most, names and quotes not counted. */
const MAX_LENGTH = 5_000_000;
const PAGE_SIZE = 1_000;

const CONTENT_TYPES = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson; charset=utf-8" } as const;

/** Reads `format`; `null` if there is none. */
export function readFormat({ format, q }: Readonly<Record<string, string>>): DownloadFormat | null {
  if (format === undefined) return null;
  const known = DOWNLOAD_FORMATS.find((name) => name === format);
  if (known === undefined) throw new Refusal(400, "bad_request", "format must be csv or ndjson.");
  if (q !== undefined) throw new Refusal(400, "bad_request", "format and q cannot be given together.");
  return known;
}

/** The failed items or the log of a sync as a file; `null` if the scope has no such sync. */
export async function createDownload(
  service: SyncService,
  scope: Scope,
  syncId: string,
  list: DownloadList,
  format: DownloadFormat,
): Promise<Download | null> {
  // Before the list: what fails meanwhile is no sign that items are missing.
  const record = await service.get(scope, syncId);
  if (record === null) return null;
  const { snapshot } = record;
  const readPage = (page: PageRequest) =>
    list === "log" ? readLog(service, scope, syncId, page) : readFailures(service, scope, syncId, page);
  const { rows, isCut } = await readRows(readPage);
  const hasAll = !isCut && (list === "log" || rows.length >= snapshot.failedItems);
  const names = list === "log" ? LOG_NAMES : FAILURE_NAMES;
  return {
    body: format === "csv" ? toCsv(names, rows, !hasAll) : toNdjson(rows, !hasAll),
    headers: {
      "content-type": CONTENT_TYPES[format],
      "content-disposition": `attachment; filename="${fileNameOf(snapshot, list)}.${format}"`,
      "x-content-type-options": "nosniff",
      ...(hasAll ? {} : { [CUT_HEADER]: "true" }),
    },
  };
}

const FAILURE_NAMES = ["at", "item", "reason"] as const;
const LOG_NAMES = ["at", "event", "text"] as const;

async function readFailures(service: SyncService, scope: Scope, syncId: string, page: PageRequest): Promise<RowPage> {
  const { failures = [], nextCursor = null } = (await service.listFailures(scope, syncId, page)) ?? {};
  const rows = failures.map(({ item, reason, at }) => ({ at: encodeTime(at) ?? "", item, reason }));
  return { rows, nextCursor, isCut: false };
}

async function readLog(service: SyncService, scope: Scope, syncId: string, page: PageRequest): Promise<RowPage> {
  const { lines = [], nextCursor = null, isCut = false } = (await service.listLog(scope, syncId, page)) ?? {};
  const rows = lines.map(decodeLogEntry).map(({ at, event, text }) => ({ at: encodeTime(at) ?? "", event, text }));
  return { rows, nextCursor, isCut };
}

/** All entries, as far as they fit into a download. */
async function readRows(
  readPage: (page: PageRequest) => Promise<RowPage>,
): Promise<{ readonly rows: readonly DownloadRow[]; readonly isCut: boolean }> {
  const rows: DownloadRow[] = [];
  let length = 0;
  let cursor: string | null = null;
  do {
    const page: RowPage = await readPage({ limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) });
    for (const row of page.rows) {
      length += Object.values(row).join("").length;
      if (rows.length === MAX_ENTRIES || length > MAX_LENGTH) return { rows, isCut: true };
      rows.push(row);
    }
    cursor = page.nextCursor;
    if (cursor === null) return { rows, isCut: page.isCut };
  } while (rows.length < MAX_ENTRIES);
  return { rows, isCut: true };
}

function toCsv(names: readonly string[], rows: readonly DownloadRow[], isCut: boolean): string {
  const cells = rows.map((row) => names.map((name) => row[name] ?? ""));
  const note = `This list is cut: it has only ${rows.length} entries.`;
  return encodeCsv([names, ...cells, ...(isCut ? [names.map((_, index) => (index === 0 ? note : ""))] : [])]);
}

function toNdjson(rows: readonly DownloadRow[], isCut: boolean): string {
  const values: readonly unknown[] = isCut ? [...rows, { cut: true, entries: rows.length }] : rows;
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

/** Of harmless characters, whatever the type is called. */
function fileNameOf({ connectorType, startedAt }: SyncSnapshot, list: DownloadList): string {
  const type = connectorType.replace(/[^\w-]+/g, "_");
  const day = encodeTime(startedAt)?.slice(0, 10);
  return [type, list, ...(day === undefined ? [] : [day])].join("-");
}
