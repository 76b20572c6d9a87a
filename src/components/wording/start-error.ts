import { SyncRequestError } from "../../client/sync-request.js";
import type { SyncLabels } from "../labels/sync-labels.js";

/**
 * Why a sync could not be started: the error that the start rejected with, or a sentence of the application's own for the
 * person. Of an error only the server's own sentence is shown, never its `message`, which is for developers.
 */
export type StartError = Error | string | null | undefined;

/** The sentence that the person reads; `null` without an error, empty for one that gives no reason. */
export function startErrorText(error: StartError, labels: SyncLabels): string | null {
  if (error === null || error === undefined) return null;
  if (typeof error === "string") return error;
  if (!(error instanceof SyncRequestError)) return "";
  return error.safeMessage ?? (error.status === null ? labels.notResponding : "");
}
