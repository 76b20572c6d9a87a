import { readCount, readOptionalText, readText } from "../protocol/decoding.js";
import { TEXT_LIMITS } from "../protocol/limits.js";
import { MAX_RUNNING_PERCENT, percentByPhase } from "../protocol/phases.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { canPauseStatus, isMovingStatus, isSyncStatus, type SyncStatus } from "../protocol/status.js";
import type { RunChange, RunFailure, RunStep } from "./sync-run.js";

/** The state of a running sync, from its job's reports. */
export interface RunState {
  readonly snapshot: SyncSnapshot;
  /** What a paused sync goes back to; `null` unless it is paused. */
  readonly statusBeforePause: SyncStatus | null;
}

/** The state after a report, or what is wrong with the report. */
export type ReportResult = { readonly state: RunState; readonly isUrgent: boolean } | { readonly problem: string };

/** What {@link SyncRun.update} does. */
export function reportUpdate(before: RunState, change: RunChange): ReportResult {
  const { status, phase, totalItems, stage, currentItem } = change;
  if (status !== undefined && !isReportable(status)) {
    return { problem: `run.update() was given the status ${JSON.stringify(status)}` };
  }
  if (phase !== undefined && !isDeclared(before, phase)) {
    return { problem: `run.update() was given the phase ${JSON.stringify(phase)}, which is not declared` };
  }
  if (totalItems !== undefined && totalItems !== null && readCount(totalItems) === null) {
    return { problem: `run.update() was given a total of ${String(totalItems)}` };
  }
  const begun = begin(before, status, phase);
  const isNewPhase = begun.snapshot.phase !== before.snapshot.phase;
  const isNewPart = isNewPhase || runningStatusOf(begun) !== runningStatusOf(before);
  const { snapshot } = begun;
  return reported(
    before,
    {
      ...begun,
      snapshot: {
        ...snapshot,
        stage: stage === undefined ? (isNewPart ? "" : snapshot.stage) : readText(stage, TEXT_LIMITS.sentence),
        totalItems: totalItems === undefined ? snapshot.totalItems : readCount(totalItems),
        processedItems: isNewPhase ? 0 : snapshot.processedItems,
        currentItem:
          currentItem === undefined
            ? isNewPart
              ? null
              : snapshot.currentItem
            : readOptionalText(currentItem, TEXT_LIMITS.item),
      },
    },
    stage !== undefined,
  );
}

/** What {@link SyncRun.advance} does. */
export function reportAdvance(before: RunState, { item, count = 1 }: RunStep): ReportResult {
  const items = readCount(count);
  if (items === null) return { problem: `run.advance() was given a count of ${String(count)}` };
  const { snapshot, ...begun } = begin(before);
  const processedItems = Math.min(snapshot.processedItems + items, Number.MAX_SAFE_INTEGER);
  const currentItem = item === undefined ? snapshot.currentItem : readOptionalText(item, TEXT_LIMITS.item);
  return reported(before, { ...begun, snapshot: { ...snapshot, processedItems, currentItem } });
}

/** What {@link SyncRun.fail} does to the counts. */
export function reportFailure(before: RunState, { item }: RunFailure): ReportResult {
  const { snapshot, ...begun } = begin(before);
  const failedItems = snapshot.failedItems + 1;
  const currentItem = readOptionalText(item, TEXT_LIMITS.item);
  return reported(before, { ...begun, snapshot: { ...snapshot, failedItems, currentItem } });
}

/** The paused state; `null` if it cannot be paused. */
export function pauseRun({ snapshot }: RunState): RunState | null {
  if (!canPauseStatus(snapshot.status)) return null;
  return { snapshot: { ...snapshot, status: "paused" }, statusBeforePause: snapshot.status };
}

/** The state that a paused one goes back to; `null` if it is not paused. */
export function resumeRun({ snapshot, statusBeforePause }: RunState): RunState | null {
  if (statusBeforePause === null) return null;
  return { snapshot: { ...snapshot, status: statusBeforePause }, statusBeforePause: null };
}

/** Any report ends the waiting in the queue and begins the first phase, or the one it names. */
function begin(before: RunState, status: SyncStatus = runningStatusOf(before), phase?: string): RunState {
  const { snapshot } = before;
  const running = status === "queued" ? "syncing" : status;
  const isPaused = before.statusBeforePause !== null;
  const named = phase ?? (isDeclared(before, status) ? status : undefined);
  return {
    statusBeforePause: isPaused ? running : null,
    snapshot: {
      ...snapshot,
      status: isPaused ? "paused" : running,
      phase: named ?? snapshot.phase ?? snapshot.phases[0]?.name ?? null,
    },
  };
}

/** Takes the new percentage, which never falls; a change of status or phase has to go out at once. */
function reported(before: RunState, { snapshot, statusBeforePause }: RunState, isUrgent = false): ReportResult {
  const percent = percentByPhase(snapshot, snapshot.phases);
  const percentComplete =
    percent === null
      ? snapshot.percentComplete
      : Math.min(Math.max(percent, snapshot.percentComplete ?? 0), MAX_RUNNING_PERCENT);
  const hasMoved = snapshot.status !== before.snapshot.status || snapshot.phase !== before.snapshot.phase;
  return { state: { snapshot: { ...snapshot, percentComplete }, statusBeforePause }, isUrgent: isUrgent || hasMoved };
}

function runningStatusOf({ snapshot, statusBeforePause }: RunState): SyncStatus {
  return statusBeforePause ?? snapshot.status;
}

function isDeclared({ snapshot }: RunState, phase: string): boolean {
  return snapshot.phases.some(({ name }) => name === phase);
}

/** Jobs in JavaScript may give any word: an end is not for them to report, and "running" is a reader's word. */
function isReportable(status: string): boolean {
  return isSyncStatus(status) && isMovingStatus(status) && status !== "running";
}
