import { doneItems, type SyncSnapshot } from "../../protocol/snapshot.js";
import { resultOf, type SyncResult } from "../../protocol/sync-result.js";
import type { Formatter } from "../labels/formatter.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import type { ProgressKind } from "./progress-kind.js";

/** One fact about a sync: a term and its value. */
export interface HistoryFact {
  readonly id: "items" | "failed" | "duration" | "startedBy";
  readonly term: string;
  readonly value: string;
}

/** One sync of the history, in words. */
export interface HistoryText {
  /** How it ended, or what it does. */
  readonly status: string;
  /** Whose icon it has. */
  readonly kind: ProgressKind;
  readonly facts: readonly HistoryFact[];
  /** Why it failed; `null` for one that did not. */
  readonly reason: string | null;
  /** When it ended, or began if it has not, in ms since the epoch; `null` if unknown. */
  readonly time: number | null;
}

const RESULT_KINDS: Readonly<Record<SyncResult, ProgressKind>> = {
  complete: "complete",
  partly_failed: "partial",
  failed: "failed",
  cancelled: "cancelled",
};

export function describeHistory(sync: SyncSnapshot, labels: SyncLabels, format: Formatter): HistoryText {
  const { status, startedAt, completedAt, errorCode, errorMessage } = sync;
  const result = resultOf(sync);
  const words = { facts: factsOf(sync, labels, format), reason: null, time: completedAt ?? startedAt };
  if (result === "failed") {
    const ownReason = errorCode === "interrupted" ? labels.interruptedBody : labels.failedBody;
    return { ...words, status: labels.results.failed, kind: "failed", reason: errorMessage || ownReason };
  }
  if (result !== null) return { ...words, status: labels.results[result], kind: RESULT_KINDS[result] };
  if (status === "queued") return { ...words, status: labels.stages.queued, kind: "queued" };
  if (status === "paused") return { ...words, status: labels.cardStatus.paused, kind: "paused" };
  return { ...words, status: labels.cardStatus.syncing, kind: "running" };
}

function factsOf(sync: SyncSnapshot, labels: SyncLabels, format: Formatter): readonly HistoryFact[] {
  const { totalItems, processedItems, failedItems, startedAt, completedAt, startedBy } = sync;
  const items =
    totalItems === null
      ? format.number(processedItems)
      : labels.itemsOf(processedItems, Math.max(totalItems, doneItems(sync)), format);
  const facts: HistoryFact[] = [{ id: "items", term: labels.items, value: items }];
  if (failedItems > 0) facts.push({ id: "failed", term: labels.failedItems, value: format.number(failedItems) });
  if (startedAt !== null && completedAt !== null) {
    const value = format.duration(Math.max(0, completedAt - startedAt));
    facts.push({ id: "duration", term: labels.duration, value });
  }
  if (startedBy !== null) facts.push({ id: "startedBy", term: labels.startedBy, value: startedBy });
  return facts;
}
