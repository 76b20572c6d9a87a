import { useCallback, useMemo, useSyncExternalStore } from "react";
import { type ActiveSyncsState, activeSyncsOf } from "../client/active-syncs.js";
import { aggregateSyncs, type SyncAggregate } from "../client/aggregate-syncs.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";

/** The return value of {@link useActiveSyncs}. */
export interface ActiveSyncsResult extends ActiveSyncsState {
  /** All of them in numbers. */
  readonly aggregate: SyncAggregate;
  /** Takes a sync that has ended off the list, in all tabs. */
  dismiss(syncId: string): void;
}

const LOADING: ActiveSyncsState = { syncs: [], isLoading: true, error: null };

/**
 * Every sync of the signed-in person that runs now, and those that have just ended: also after a reload, and those that
 * were started in another tab or on another device. A sync without failures leaves the list 30 s after its end; one with
 * failures stays until it is dismissed.
 *
 * Backends without a list of syncs: those that this tab has started, also before a reload.
 *
 * @example
 * const { syncs, aggregate } = useActiveSyncs();
 * return <p>{aggregate.running} running</p>;
 */
export function useActiveSyncs(source: SyncClientSource = {}): ActiveSyncsResult {
  const client = useSyncClient(source);
  const active = activeSyncsOf(client);
  const subscribe = useCallback((listener: () => void) => active.subscribe(listener), [active]);
  const state = useSyncExternalStore(
    subscribe,
    () => active.getState(),
    () => LOADING,
  );
  const aggregate = useMemo(() => aggregateSyncs(state.syncs), [state.syncs]);
  const dismiss = useCallback((syncId: string) => active.dismiss(syncId), [active]);
  return useMemo(() => ({ ...state, aggregate, dismiss }), [state, aggregate, dismiss]);
}
