import type { SyncClient } from "../client/sync-client.js";
import type { SyncView } from "../client/sync-view.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
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

/** The state of a sync as a view of it has it, with the commands of the client. */
export function progressStateOf(client: SyncClient, view: SyncView): SyncProgressState {
  return stateOf(client, view.syncId, view, commandsOf(client, view.syncId));
}

/** What a state has of a snapshot until the first one arrives. */
const NO_SNAPSHOT = {
  connectorType: "",
  stage: "",
  phase: null,
  phases: [],
  totalItems: null,
  processedItems: 0,
  failedItems: 0,
  currentItem: null,
  startedAt: null,
  completedAt: null,
  notifyEmail: null,
} satisfies Partial<SyncSnapshot>;

/** What a state has of a view until the sync is watched: the same as at the beginning of the watch. */
const NO_VIEW = {
  snapshot: null,
  status: null,
  percent: null,
  isOffline: false,
  isTerminal: false,
  isStalled: false,
  lastUpdateAt: null,
  disconnectedAt: null,
  retryAt: null,
  error: null,
  eta: null,
  capabilities: [],
  command: null,
  connection: "connecting",
  isRunning: true,
} satisfies Partial<SyncView>;

const NO_SYNC = { ...NO_VIEW, connection: "idle", isRunning: false } satisfies Partial<SyncView>;

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
  const { snapshot, ...shown } = view ?? (syncId === null ? NO_SYNC : NO_VIEW);
  const { startedAt, completedAt, ...latest } = snapshot ?? NO_SNAPSHOT;
  return {
    ...commands,
    ...shown,
    client,
    syncId,
    connectorType: latest.connectorType,
    stage: latest.stage,
    phase: latest.phase,
    phases: latest.phases,
    totalItems: latest.totalItems,
    processedItems: latest.processedItems,
    failedItems: latest.failedItems,
    currentItem: latest.currentItem,
    notifyEmail: latest.notifyEmail,
    startedAt,
    completedAt,
    durationMs: startedAt === null || completedAt === null ? null : Math.max(0, completedAt - startedAt),
  };
}
