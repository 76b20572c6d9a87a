import type { SyncSnapshot } from "../../src/protocol/snapshot.js";

/** A snapshot of a sync that runs; name what matters to the test. */
export function aSnapshot(given: Partial<SyncSnapshot> = {}): SyncSnapshot {
  return {
    syncId: "sync-1",
    connectorType: "gmail",
    status: "syncing",
    stage: "Fetching emails...",
    phase: null,
    phases: [],
    totalItems: 100,
    processedItems: 0,
    failedItems: 0,
    currentItem: null,
    errorMessage: null,
    errorCode: null,
    percentComplete: null,
    capabilities: ["cancel", "pause", "retry", "retry_failed", "failures"],
    notifyEmail: null,
    startedBy: null,
    seq: null,
    startedAt: null,
    updatedAt: null,
    completedAt: null,
    ...given,
  };
}
