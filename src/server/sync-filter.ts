import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { resultOf } from "../protocol/sync-result.js";
import type { SyncFilter } from "./sync-store.js";

/** Whether a sync is listed; for stores that have no query language. */
export function matchesFilter(snapshot: SyncSnapshot, { connectorType, active, status, results }: SyncFilter): boolean {
  if (connectorType !== undefined && snapshot.connectorType !== connectorType) return false;
  if (status !== undefined && snapshot.status !== status) return false;
  if (results?.every((result) => result !== resultOf(snapshot)) === true) return false;
  return active !== true || !isTerminalStatus(snapshot.status);
}
