import type { SyncSnapshot } from "./snapshot.js";
import { isTerminalStatus } from "./status.js";

/** How a sync can have ended. `partly_failed`: it is complete but for some items. */
export const SYNC_RESULTS = ["complete", "partly_failed", "failed", "cancelled"] as const;

/** How a sync has ended. */
export type SyncResult = (typeof SYNC_RESULTS)[number];

/** How a sync has ended; `null` while it runs. */
export function resultOf({ status, failedItems }: Pick<SyncSnapshot, "status" | "failedItems">): SyncResult | null {
  if (!isTerminalStatus(status)) return null;
  if (status === "complete") return failedItems > 0 ? "partly_failed" : "complete";
  return status === "error" ? "failed" : "cancelled";
}

/** Whether a word is a result of ours. */
export function isSyncResult(word: string): word is SyncResult {
  return SYNC_RESULTS.some((result) => result === word);
}
