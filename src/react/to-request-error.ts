import { SyncRequestError } from "../client/sync-request.js";

/** The reason of a rejected request as a `SyncRequestError`, whatever was thrown. */
export function toRequestError(reason: unknown): SyncRequestError {
  if (reason instanceof SyncRequestError) return reason;
  return new SyncRequestError(reason instanceof Error ? reason.message : String(reason));
}
