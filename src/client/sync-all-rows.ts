import type { Integration } from "../protocol/integration.js";
import { resultOf, type SyncResult } from "../protocol/sync-result.js";
import type { SyncAllEntries, SyncAllEntry } from "./sync-all-run.js";
import type { SyncRequestError } from "./sync-request.js";
import type { SyncView } from "./sync-view.js";

/** How an integration stands when all are synced. */
export type SyncAllStatus =
  /** It is connected, and nothing was started. */
  | "idle"
  /** Its turn comes when another one has ended. */
  | "waiting"
  | "running"
  | "paused"
  /** Cancelled before its turn came. */
  | "not-started"
  /** Its access has expired, so it is not started. */
  | "needs-reauth"
  | SyncResult;

/** One integration when all are synced. */
export interface SyncAllRow {
  readonly integration: Integration;
  readonly status: SyncAllStatus;
  /** Its sync; `null` until the server has named it. */
  readonly syncId: string | null;
  /** The latest view of that sync; `null` until it is watched. */
  readonly view: SyncView | null;
  /** Why the start was refused; else `null`. */
  readonly startError: SyncRequestError | null;
}

/** All rows in numbers. */
export interface SyncAllSummary {
  /** Integrations that take part: all but those that are idle. */
  readonly total: number;
  readonly waiting: number;
  readonly running: number;
  readonly paused: number;
  readonly complete: number;
  readonly partlyFailed: number;
  /** Also those whose start was refused, and whose access has expired. */
  readonly failed: number;
  /** Also those that were cancelled before their turn came. */
  readonly cancelled: number;
  /**
   * 0-100, by weight: one that has ended counts as 100, one that waits as 0. 100 only when nothing is under way; `null`
   * while no percentage is known.
   */
  readonly percent: number | null;
}

/** Whether an integration takes part when all are synced. */
export function isConnected({ status }: Integration): boolean {
  return status !== "not_connected" && status !== "connecting";
}

/** The rows of the integrations that are connected, in the given order. */
export function syncAllRows(integrations: readonly Integration[], entries: SyncAllEntries): readonly SyncAllRow[] {
  const hasRun = entries.size > 0;
  return integrations
    .filter(isConnected)
    .map((integration) => rowOf(integration, entries.get(integration.type), hasRun));
}

function rowOf(integration: Integration, entry: SyncAllEntry | undefined, hasRun: boolean): SyncAllRow {
  const row = { integration, syncId: null, view: null, startError: null };
  switch (entry?.kind) {
    case undefined:
      return { ...row, status: hasRun && integration.status === "needs_reauth" ? "needs-reauth" : "idle" };
    case "waiting":
      return { ...row, status: "waiting" };
    case "starting":
      return { ...row, status: "running" };
    case "not-started":
      return { ...row, status: "not-started" };
    case "refused":
      return { ...row, status: "failed", startError: entry.error };
    case "started":
      return { ...row, status: statusOf(entry.view), syncId: entry.syncId, view: entry.view };
    default:
      return entry satisfies never;
  }
}

function statusOf(view: SyncView | null): SyncAllStatus {
  if (view === null) return "running";
  // One that no longer exists has not come to a good end.
  if (view.snapshot === null) return view.isRunning ? "running" : "failed";
  const result = resultOf(view.snapshot);
  if (result !== null) return result;
  if (!view.isRunning) return "failed";
  return view.status === "paused" ? "paused" : "running";
}

/**
 * Counts rows, and takes the mean of their percentages.
 *
 * @param weights By integration type, how much of the whole it is. Default 1 each.
 */
export function summarizeRows(
  rows: readonly SyncAllRow[],
  weights: Readonly<Record<string, number>> = {},
): SyncAllSummary {
  const counts = { waiting: 0, running: 0, paused: 0, complete: 0, partlyFailed: 0, failed: 0, cancelled: 0 };
  let total = 0;
  let whole = 0;
  let done = 0;
  let isUnknown = true;
  for (const { status, view, integration } of rows) {
    if (status === "idle") continue;
    total += 1;
    counts[GROUPS[status]] += 1;
    const weight = weights[integration.type] ?? 1;
    whole += weight;
    const percent = status === "waiting" ? null : isUnderWay(status) ? (view?.percent ?? null) : 100;
    if (percent === null) continue;
    isUnknown = false;
    done += weight * percent;
  }
  const mean = isUnknown || whole === 0 ? null : done / whole;
  const isOver = counts.waiting + counts.running + counts.paused === 0;
  return { total, ...counts, percent: mean === null || isOver ? mean : Math.min(mean, 99) };
}

const GROUPS = {
  waiting: "waiting",
  running: "running",
  paused: "paused",
  complete: "complete",
  partly_failed: "partlyFailed",
  failed: "failed",
  "needs-reauth": "failed",
  cancelled: "cancelled",
  "not-started": "cancelled",
} as const satisfies Record<Exclude<SyncAllStatus, "idle">, keyof SyncAllSummary>;

function isUnderWay(status: SyncAllStatus): boolean {
  return status === "running" || status === "paused";
}
