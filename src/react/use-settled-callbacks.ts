import { useCallback, useRef } from "react";
import { reportCallbackError, type SyncClient } from "../client/sync-client.js";
import type { SyncError, SyncView } from "../client/sync-view.js";
import type { TerminalStatus } from "../protocol/status.js";
import { useLatest } from "./use-latest.js";

/** How a sync ended, as its callbacks receive it. */
export interface SyncSettledInfo {
  readonly syncId: string;
  readonly status: TerminalStatus;
  /** The sync had already ended when this hook first saw it. */
  readonly initial: boolean;
}

/** Called once per hook instance and sync. A callback that throws is reported and changes nothing else. */
export interface SettledCallbacks {
  /** The sync is complete, possibly with failed items. */
  readonly onComplete?: ((info: SyncSettledInfo) => void) | undefined;
  /** The sync has failed. */
  readonly onError?: ((error: SyncError, info: SyncSettledInfo) => void) | undefined;
  /** The sync was cancelled. */
  readonly onCancelled?: ((info: SyncSettledInfo) => void) | undefined;
  /** The sync has ended, in whatever way. Called after the others. */
  readonly onSettled?: ((info: SyncSettledInfo) => void) | undefined;
}

/** What a hook instance has seen of the syncs of one client. */
interface Seen {
  readonly client: SyncClient;
  readonly settled: Set<string>;
  /** The sync that was last seen before its end. */
  running: string | null;
}

const nothingOf = (client: SyncClient): Seen => ({ client, settled: new Set(), running: null });

/**
 * Calls the latest callbacks when a sync has ended.
 *
 * @returns A function, the same in every render, to call with every view of a sync.
 */
export function useSettledCallbacks(client: SyncClient, callbacks: SettledCallbacks): (view: SyncView) => void {
  const latest = useLatest(callbacks);
  const lastSeen = useRef<Seen | null>(null);
  return useCallback(
    (view) => {
      if (lastSeen.current?.client !== client) lastSeen.current = nothingOf(client);
      const seen = lastSeen.current;
      const { syncId, status, error, isTerminal } = view;
      if (status !== null && !isTerminal) seen.running = syncId;
      if (!(status === "complete" || status === "error" || status === "cancelled") || seen.settled.has(syncId)) return;
      seen.settled.add(syncId);

      const { onComplete, onError, onCancelled, onSettled } = latest.current;
      const info: SyncSettledInfo = { syncId, status, initial: seen.running !== syncId };
      const guarded = (callback: () => void) => {
        try {
          callback();
        } catch (thrown) {
          reportCallbackError(client, syncId, thrown);
        }
      };
      if (status === "complete") guarded(() => onComplete?.(info));
      if (status === "cancelled") guarded(() => onCancelled?.(info));
      if (status === "error" && error !== null) guarded(() => onError?.(error, info));
      guarded(() => onSettled?.(info));
    },
    [client, latest],
  );
}
