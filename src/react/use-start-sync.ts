import { useCallback, useRef } from "react";
import { type SyncRequestError, toRequestError } from "../client/sync-request.js";
import type { StartSyncOptions } from "../client/sync-transport.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";
import { useSubjectState } from "./use-subject-state.js";

/** The return value of {@link useStartSync}. */
export interface StartSync {
  /** The sync started last; `null` until one is started, and again while another start is pending. */
  readonly syncId: string | null;
  /** A start has been requested, and the server has not responded yet. */
  readonly isStarting: boolean;
  /** Why the latest start failed; `null` once another one begins. */
  readonly error: SyncRequestError | null;
  /**
   * Starts a sync and returns its id. While a start is pending, returns that one's promise.
   *
   * Rejects with a `SyncRequestError` when the server refuses or cannot be reached.
   */
  start(options?: StartSyncOptions): Promise<string>;
}

type StartState = Omit<StartSync, "start">;

const IDLE: StartState = { syncId: null, isStarting: false, error: null };

/**
 * Starts syncs of an integration. Another integration type or client starts from nothing.
 *
 * @example
 * const { start, syncId, isStarting, error } = useStartSync("gmail");
 */
export function useStartSync(integrationType: string, source: SyncClientSource = {}): StartSync {
  const client = useSyncClient(source);
  // Also the subject that the state belongs to.
  const send = useCallback(
    (options?: StartSyncOptions) => client.startSync(integrationType, options),
    [client, integrationType],
  );
  const { state, update } = useSubjectState(send, IDLE);
  const pending = useRef<{ readonly send: typeof send; readonly result: Promise<string> } | null>(null);

  const start = useCallback(
    (options?: StartSyncOptions) => {
      if (pending.current?.send === send) return pending.current.result;
      const finish = (outcome: StartState) => {
        if (pending.current?.result === result) pending.current = null;
        update(send, () => outcome);
      };
      update(send, () => ({ ...IDLE, isStarting: true }));
      const result = send(options).then(
        (syncId) => {
          finish({ ...IDLE, syncId });
          return syncId;
        },
        (reason: unknown) => {
          const error = toRequestError(reason);
          finish({ ...IDLE, error });
          throw error;
        },
      );
      pending.current = { send, result };
      return result;
    },
    [send, update],
  );
  return { ...state, start };
}
