import { SyncClient } from "../../src/client/sync-client.js";
import { isTerminalStatus } from "../../src/protocol/status.js";
import type { SyncProgressState } from "../../src/react/sync-progress-state.js";

const nothing = () => {};
const carriedOut = async () => {};
const client = new SyncClient();

/** The state of a sync that runs, as `useSyncProgress` returns it; name what matters. */
export function aProgressState(given: Partial<SyncProgressState> = {}): SyncProgressState {
  const status = given.status === undefined ? "syncing" : given.status;
  const isTerminal = status !== null && isTerminalStatus(status);
  // What failed or was cancelled stands where it was.
  const done = status === "complete" ? 100 : 45;
  return {
    syncId: "sync-1",
    client,
    status,
    connectorType: "gmail",
    stage: isTerminal ? "" : "Fetching emails...",
    phase: "syncing",
    phases: [],
    percent: done,
    totalItems: 100,
    processedItems: done,
    failedItems: 0,
    currentItem: isTerminal ? null : "Quarterly report.pdf",
    error: null,
    connection: isTerminal ? "closed" : "live",
    isOffline: false,
    isRunning: !isTerminal,
    isTerminal,
    isStalled: false,
    lastUpdateAt: Date.now(),
    disconnectedAt: null,
    retryAt: null,
    eta: null,
    capabilities: ["cancel", "pause", "retry", "retry_failed", "failures"],
    notifyEmail: null,
    command: null,
    startedAt: 0,
    completedAt: isTerminal ? 125_000 : null,
    durationMs: isTerminal ? 125_000 : null,
    cancel: carriedOut,
    pause: carriedOut,
    resume: carriedOut,
    retry: async () => "sync-2",
    reconnect: nothing,
    ...given,
  };
}
