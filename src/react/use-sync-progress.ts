import { useEffect, useMemo, useRef } from "react";
import type { SyncClient } from "../client/sync-client.js";
import type { SyncError, SyncView } from "../client/sync-view.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { TerminalStatus } from "../protocol/status.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";
import { type AutoCloseControl, closesByItself, DEFAULT_AUTO_CLOSE_MS, useAutoClose } from "./use-auto-close.js";
import { useLatest } from "./use-latest.js";
import { useSyncView } from "./use-sync-view.js";

/** What a callback is told of a sync that has ended. */
export interface SyncSettledInfo {
  readonly syncId: string;
  readonly status: TerminalStatus;
  /** The sync had already ended when this hook first saw it. */
  readonly initial: boolean;
}

/** Options of {@link useSyncProgress}. Callbacks may change with every render. */
export interface UseSyncProgressOptions extends SyncClientSource {
  /**
   * ms from `complete` until `onClose` is called, or `false` for never. Default 3,000 where there is an `onClose`, else
   * `false`: nothing counts down to nothing.
   */
  readonly autoClose?: number | false | undefined;
  /** The sync is complete, maybe with failed items. Once a hook instance and sync, as all of these. */
  readonly onComplete?: ((info: SyncSettledInfo) => void) | undefined;
  /** The sync has failed. */
  readonly onError?: ((error: SyncError, info: SyncSettledInfo) => void) | undefined;
  /** The sync was cancelled. */
  readonly onCancelled?: ((info: SyncSettledInfo) => void) | undefined;
  /** The sync has ended, in whatever way. */
  readonly onSettled?: ((info: SyncSettledInfo) => void) | undefined;
  /** The progress should be closed: the countdown has run out, or `close()` was called. */
  readonly onClose?: (() => void) | undefined;
}

/** Everything a progress UI needs, and the commands it can give. */
export interface SyncProgressState
  extends Omit<SyncView, "syncId" | "snapshot" | "wasTerminalAtStart">,
    Pick<SyncSnapshot, "connectorType" | "stage" | "phase" | "totalItems" | "processedItems" | "failedItems">,
    Pick<SyncSnapshot, "currentItem" | "startedAt" | "completedAt"> {
  readonly syncId: string | null;
  /** The client that watches it; commands and failed items go through it. */
  readonly client: SyncClient;
  /** From the server's own timestamps; `null` until the sync has ended. */
  readonly durationMs: number | null;
  readonly autoClose: AutoCloseControl;
  /** Asks the server to cancel the sync. Rejects with a `SyncRequestError` when it refuses. */
  cancel(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Starts a new sync in place of this ended one and answers its id. */
  retry(options?: { readonly only?: "failed" }): Promise<string>;
  /** Tries to reach the server now instead of at `retryAt`. */
  reconnect(): void;
  /** Calls `onClose` now. */
  close(): void;
}

/**
 * Watches one sync: its live state, the state of the connection, and the commands.
 *
 * @param syncId The sync, or `null` while there is none: then nothing is watched.
 *
 * @example
 * const { stage, percent, error } = useSyncProgress(syncId, { onComplete: () => reload() });
 */
export function useSyncProgress(syncId: string | null, options: UseSyncProgressOptions = {}): SyncProgressState {
  const client = useSyncClient(options);
  const view = useSyncView(client, syncId);
  const latest = useLatest(options);
  const durationMs = options.autoClose ?? (options.onClose === undefined ? false : DEFAULT_AUTO_CLOSE_MS);

  const commands = useMemo(() => {
    const id = () => {
      if (syncId !== null) return syncId;
      throw new Error("SyncProgressError: there is no sync to give a command to; syncId is null.");
    };
    const guarded = (callback: () => void) => {
      try {
        callback();
      } catch (error) {
        client.reportCallbackError(syncId ?? "", error);
      }
    };
    return {
      cancel: async () => client.cancel(id()),
      pause: async () => client.pause(id()),
      resume: async () => client.resume(id()),
      retry: async (retryOptions?: { readonly only?: "failed" }) => client.retry(id(), retryOptions),
      reconnect: () => {
        if (syncId !== null) client.reconnect(syncId);
      },
      close: () => guarded(() => latest.current.onClose?.()),
      guarded,
    };
  }, [client, syncId, latest]);

  const { control: autoClose, timer } = useAutoClose(view, { client, syncId, durationMs }, commands.close);

  // Not by way of a render: callbacks and the countdown wait for no frame.
  const settled = useRef(new Set<string>());
  const seenRunning = useRef<string | null>(null);
  useEffect(() => {
    if (syncId === null) return;
    const follow = () => {
      const current = client.getView(syncId);
      if (current === undefined || current.status === null) return;
      if (!current.isTerminal) {
        seenRunning.current = syncId;
        return;
      }
      if (closesByItself(current) && durationMs !== false) timer.start(durationMs);
      if (settled.current.has(syncId)) return;
      settled.current.add(syncId);
      tellSettled(current, seenRunning.current !== syncId, latest.current, commands.guarded);
    };
    const unsubscribe = client.subscribe(syncId, follow);
    follow();
    return unsubscribe;
  }, [client, syncId, durationMs, latest, timer, commands]);

  // The same object until something in it changes, so that a host may memoize by it.
  return useMemo(() => {
    const { guarded: _, ...publicCommands } = commands;
    return { ...stateOf(syncId, view), ...publicCommands, client, autoClose };
  }, [syncId, view, commands, client, autoClose]);
}

function tellSettled(
  { status, error, syncId }: SyncView,
  initial: boolean,
  { onComplete, onError, onCancelled, onSettled }: UseSyncProgressOptions,
  guarded: (callback: () => void) => void,
): void {
  if (status !== "complete" && status !== "error" && status !== "cancelled") return;
  const info: SyncSettledInfo = { syncId, status, initial };
  if (status === "complete") guarded(() => onComplete?.(info));
  if (status === "cancelled") guarded(() => onCancelled?.(info));
  if (status === "error" && error !== null) guarded(() => onError?.(error, info));
  guarded(() => onSettled?.(info));
}

function stateOf(syncId: string | null, view: SyncView | null) {
  const snapshot = view?.snapshot ?? null;
  const startedAt = snapshot?.startedAt ?? null;
  const completedAt = snapshot?.completedAt ?? null;
  return {
    syncId,
    status: view?.status ?? null,
    connectorType: snapshot?.connectorType ?? "",
    stage: snapshot?.stage ?? "",
    phase: snapshot?.phase ?? null,
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
    startedAt,
    completedAt,
    durationMs: startedAt === null || completedAt === null ? null : Math.max(0, completedAt - startedAt),
  };
}
