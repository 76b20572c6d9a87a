import { useCallback, useSyncExternalStore } from "react";
import { batchByFrame } from "../client/batch-by-frame.js";
import type { SyncClient } from "../client/sync-client.js";
import type { SyncView } from "../client/sync-view.js";

/** The client's view of a sync, rendered at most once a frame; `null` without a sync, on the server, and at first. */
export function useSyncView(client: SyncClient, syncId: string | null): SyncView | null {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (syncId === null) return () => {};
      const batch = batchByFrame(listener);
      const unsubscribe = client.subscribe(syncId, batch.notify);
      return () => {
        unsubscribe();
        batch.cancel();
      };
    },
    [client, syncId],
  );
  const getView = () => (syncId === null ? null : (client.getView(syncId) ?? null));
  return useSyncExternalStore(subscribe, getView, () => null);
}
