import type { SyncClient } from "../client/sync-client.js";
import type { SyncView } from "../client/sync-view.js";
import type { SyncCapability } from "../protocol/capabilities.js";
import type { SyncPhase } from "../protocol/sync-phase.js";
import type { SyncProgressState } from "./sync-progress-state.js";

/** The state of one sync as seen through one client. */
export interface ProgressSource {
  /** The state before anything is received; also what a server renders. */
  readonly initial: SyncProgressState;
  /** The current state: the same object until something in it changes. */
  readonly get: () => SyncProgressState;
}

/** Reads the state of a sync from its client. */
export function progressSource(client: SyncClient, syncId: string | null): ProgressSource {
  const commands = commandsOf(client, syncId);
  const initial = stateOf(client, syncId, null, commands);
  let view: SyncView | null = null;
  let state = initial;
  return {
    initial,
    get() {
      const latest = syncId === null ? null : (client.getView(syncId) ?? null);
      if (latest !== view) state = latest === null ? initial : stateOf(client, syncId, latest, commands);
      view = latest;
      return state;
    },
  };
}

const NO_PHASES: readonly SyncPhase[] = [];
const NO_CAPABILITIES: readonly SyncCapability[] = [];

type SyncCommands = Pick<SyncProgressState, "cancel" | "pause" | "resume" | "retry" | "reconnect">;

function commandsOf(client: SyncClient, syncId: string | null): SyncCommands {
  const id = () => {
    if (syncId !== null) return syncId;
    throw new Error("SyncProgressError: there is no sync to send a command to; syncId is null.");
  };
  return {
    cancel: async () => client.cancel(id()),
    pause: async () => client.pause(id()),
    resume: async () => client.resume(id()),
    retry: async (options) => client.retry(id(), options),
    reconnect: () => {
      if (syncId !== null) client.reconnect(syncId);
    },
  };
}

function stateOf(
  client: SyncClient,
  syncId: string | null,
  view: SyncView | null,
  commands: SyncCommands,
): SyncProgressState {
  const snapshot = view?.snapshot ?? null;
  const startedAt = snapshot?.startedAt ?? null;
  const completedAt = snapshot?.completedAt ?? null;
  return {
    syncId,
    client,
    status: view?.status ?? null,
    connectorType: snapshot?.connectorType ?? "",
    stage: snapshot?.stage ?? "",
    phase: snapshot?.phase ?? null,
    phases: snapshot?.phases ?? NO_PHASES,
    percent: view?.percent ?? null,
    totalItems: snapshot?.totalItems ?? null,
    processedItems: snapshot?.processedItems ?? 0,
    failedItems: snapshot?.failedItems ?? 0,
    currentItem: snapshot?.currentItem ?? null,
    error: view?.error ?? null,
    connection: view?.connection ?? (syncId === null ? "idle" : "connecting"),
    isOffline: view?.isOffline ?? false,
    isRunning: view?.isRunning ?? false,
    isTerminal: view?.isTerminal ?? false,
    isStalled: view?.isStalled ?? false,
    lastUpdateAt: view?.lastUpdateAt ?? null,
    disconnectedAt: view?.disconnectedAt ?? null,
    retryAt: view?.retryAt ?? null,
    eta: view?.eta ?? null,
    capabilities: view?.capabilities ?? NO_CAPABILITIES,
    command: view?.command ?? null,
    startedAt,
    completedAt,
    durationMs: startedAt === null || completedAt === null ? null : Math.max(0, completedAt - startedAt),
    ...commands,
  };
}
