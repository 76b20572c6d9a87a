import { useCallback, useRef, useState } from "react";
import type { StartSyncOptions } from "../client/sync-api.js";
import { SyncRequestError } from "../client/sync-request.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";

/** What {@link useStartSync} answers. */
export interface StartSync {
  /** Starts a sync and answers its id; while a start is under way, answers that one's. Rejects where it is refused. */
  start(options?: StartSyncOptions): Promise<string>;
  /** The sync started last here; `null` until one is, and again as soon as another start begins. */
  readonly syncId: string | null;
  readonly isStarting: boolean;
  /** Why the last start failed. */
  readonly error: SyncRequestError | null;
}

const IDLE = { syncId: null, isStarting: false, error: null };

/**
 * Starts syncs of an integration.
 *
 * @example
 * const { start, syncId, isStarting, error } = useStartSync("gmail");
 */
export function useStartSync(integrationType: string, source: SyncClientSource = {}): StartSync {
  const client = useSyncClient(source);
  const [state, setState] = useState<Omit<StartSync, "start">>(IDLE);
  const underWay = useRef<Promise<string> | null>(null);

  const start = useCallback(
    (options?: StartSyncOptions) => {
      if (underWay.current !== null) return underWay.current;
      setState({ syncId: null, isStarting: true, error: null });
      const started = client.startSync(integrationType, options).then(
        (syncId) => {
          underWay.current = null;
          setState({ syncId, isStarting: false, error: null });
          return syncId;
        },
        (reason: unknown) => {
          underWay.current = null;
          const error = reason instanceof SyncRequestError ? reason : new SyncRequestError(String(reason));
          setState({ syncId: null, isStarting: false, error });
          throw error;
        },
      );
      underWay.current = started;
      return started;
    },
    [client, integrationType],
  );
  return { ...state, start };
}
