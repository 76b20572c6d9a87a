import type { SyncView } from "../../src/client/sync-view.js";
import { isTerminalStatus } from "../../src/protocol/status.js";

/** A view that is consistent in itself; what is given replaces parts of it. */
export function aView(given: Partial<SyncView> = {}): SyncView {
  const status = given.snapshot?.status ?? null;
  const isTerminal = status !== null && isTerminalStatus(status);
  return {
    syncId: given.snapshot?.syncId ?? "sync-1",
    snapshot: null,
    status,
    percent: status === "complete" ? 100 : null,
    connection: isTerminal ? "closed" : "live",
    isOffline: false,
    isRunning: !isTerminal,
    isTerminal,
    isStalled: false,
    lastUpdateAt: null,
    disconnectedAt: null,
    retryAt: null,
    error: null,
    eta: null,
    capabilities: [],
    command: null,
    ...given,
  };
}
