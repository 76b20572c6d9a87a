import type { SyncAllRow, SyncAllSummary } from "../../client/sync-all-rows.js";
import type { Formatter } from "../labels/formatter.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import { lastSync } from "./describe-card.js";
import type { ProgressText } from "./describe-progress.js";
import { type Direction, isolate } from "./direction.js";
import type { ProgressKind } from "./progress-kind.js";

/** What can be done about one integration of several. */
export type AllRowAction = "retry" | "retry-failed" | "resume" | "reauthorize";

/** One integration of several, in words. */
export interface AllRowText {
  /** A word or two: how it stands. */
  readonly status: string;
  /** More of it; may be empty. */
  readonly detail: string;
  /** Whose icon it has; `null` for none. */
  readonly kind: ProgressKind | null;
  readonly action: AllRowAction | null;
}

/** The state table of a row. `text` is its sync's, or that of the start that was refused. */
export function describeAllRow(
  { status, integration, view }: SyncAllRow,
  text: ProgressText,
  labels: SyncLabels,
  format: Formatter,
  now: number | null,
): AllRowText {
  const ofSync = (word: string, action: AllRowAction | null): AllRowText => ({
    status: word,
    detail: text.body,
    kind: text.kind,
    action,
  });
  switch (status) {
    case "idle":
      return {
        status: labels.cardStatus[integration.status],
        detail: integration.status === "needs_reauth" ? "" : lastSync(integration, labels, format, now),
        kind: null,
        action: integration.status === "needs_reauth" ? "reauthorize" : null,
      };
    case "waiting":
      return { status: labels.stages.queued, detail: "", kind: "queued", action: null };
    case "not-started":
      return { status: labels.notStarted, detail: "", kind: "cancelled", action: "retry" };
    case "needs-reauth":
      return { status: labels.cardStatus.needs_reauth, detail: "", kind: "unauthorized", action: "reauthorize" };
    case "running":
      if (text.kind === "queued") return { ...ofSync(text.body, null), detail: "" };
      return ofSync(labels.cardStatus.syncing, null);
    case "paused":
      return ofSync(labels.cardStatus.paused, text.actions.includes("resume") ? "resume" : null);
    case "complete":
      return ofSync(labels.results.complete, null);
    case "partly_failed":
      return ofSync(labels.results.partly_failed, view?.capabilities.includes("retry_failed") ? "retry-failed" : null);
    case "failed":
      return ofSync(labels.results.failed, "retry");
    case "cancelled":
      return ofSync(labels.results.cancelled, "retry");
    default:
      return status satisfies never;
  }
}

/** How all stand, in one sentence. */
export function describeAll(
  rows: readonly SyncAllRow[],
  summary: SyncAllSummary,
  labels: SyncLabels,
  format: Formatter,
  dir: Direction | "auto",
): string {
  const namesOf = (...statuses: readonly SyncAllRow["status"][]) =>
    rows.filter(({ status }) => statuses.includes(status)).map(({ integration }) => isolate(integration.name, dir));
  if (summary.total === 0) return labels.sourcesConnected(rows.length, format);
  return labels.allSummary(
    {
      total: summary.total,
      upToDate: summary.complete,
      // One that is paused is still to come, like one that runs.
      running: summary.running + summary.paused,
      waiting: summary.waiting,
      cancelled: summary.cancelled,
      failed: namesOf("failed", "needs-reauth"),
      withProblems: namesOf("partly_failed"),
    },
    format,
  );
}
