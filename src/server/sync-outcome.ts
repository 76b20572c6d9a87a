import { readOptionalText, readText } from "../protocol/decoding.js";
import { TEXT_LIMITS } from "../protocol/limits.js";
import { doneItems, type SyncSnapshot } from "../protocol/snapshot.js";
import type { TerminalStatus } from "../protocol/status.js";
import { isInstance } from "./is-instance.js";
import { SyncJobError, SyncStoppedError } from "./sync-job-error.js";

/** How a sync ends. */
export interface SyncOutcome {
  readonly status: TerminalStatus;
  /** For the person and for programs; `null` unless the status is `error`. */
  readonly error: { readonly message: string; readonly code: string | null } | null;
}

export const COMPLETE: SyncOutcome = { status: "complete", error: null };
export const CANCELLED: SyncOutcome = { status: "cancelled", error: null };
/** The process that ran the sync shuts down, or is gone. */
export const INTERRUPTED: SyncOutcome = {
  status: "error",
  error: { message: "The server restarted while syncing.", code: "interrupted" },
};

const GENERAL_FAILURE = "Something went wrong on the server.";

/** The outcome of a sync that took too long. */
export function timedOut(message: string): SyncOutcome {
  return { status: "error", error: { message, code: "timed_out" } };
}

/** The outcome of a job that threw. Only the message of a `SyncJobError` is for the person. */
export function failedWith(error: unknown): SyncOutcome {
  if (!isInstance(error, SyncJobError, "SyncJobError")) {
    return { status: "error", error: { message: GENERAL_FAILURE, code: "internal" } };
  }
  const message = readText(error.message, TEXT_LIMITS.sentence) || GENERAL_FAILURE;
  return { status: "error", error: { message, code: readOptionalText(error.code, TEXT_LIMITS.word) } };
}

/** Why a job is stopped by an outcome: the reason of its signal. */
export function stopReasonOf({ status, error }: SyncOutcome): SyncStoppedError {
  if (status === "cancelled") return new SyncStoppedError("cancelled", "The sync was cancelled.");
  if (error?.code === "timed_out") return new SyncStoppedError("timed_out", error.message);
  if (error?.code === "interrupted") return new SyncStoppedError("interrupted", "The server is shutting down.");
  return new SyncStoppedError("ended", "The sync has ended.");
}

/** The last snapshot of a sync. */
export function endSnapshot(snapshot: SyncSnapshot, { status, error }: SyncOutcome): SyncSnapshot {
  const isComplete = status === "complete";
  // Durations are made of these times, and a clock may have been set back.
  const now = Math.max(Date.now(), snapshot.updatedAt ?? 0);
  return {
    ...snapshot,
    status,
    stage: "",
    currentItem: null,
    totalItems: isComplete ? (snapshot.totalItems ?? doneItems(snapshot)) : snapshot.totalItems,
    percentComplete: isComplete ? 100 : snapshot.percentComplete,
    errorMessage: error?.message ?? null,
    errorCode: error?.code ?? null,
    updatedAt: now,
    completedAt: now,
  };
}
