import { useCallback, useMemo } from "react";
import { progressSource } from "./progress-source.js";
import type { SyncProgressState } from "./sync-progress-state.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";
import { useSelection } from "./use-selection.js";
import { type SettledCallbacks, useSettledCallbacks } from "./use-settled-callbacks.js";

/** Options of {@link useSyncProgress}. Callbacks may change with every render. */
export interface UseSyncProgressOptions extends SyncClientSource, SettledCallbacks {}

const NO_OPTIONS: UseSyncProgressOptions = {};

const wholeState = (progress: SyncProgressState): unknown => progress;

/**
 * Subscribes to one sync: its live state, the state of the connection, and the commands. Renders at most once a frame.
 *
 * @param syncId The sync, or `null` while there is none.
 *
 * @example
 * const { stage, percent, error } = useSyncProgress(syncId, { onComplete: () => reload() });
 */
export function useSyncProgress(syncId: string | null, options?: UseSyncProgressOptions): SyncProgressState;
/**
 * Subscribes to a part of the state of one sync, through the provider's client. Renders only when that part changes.
 *
 * @param syncId The sync, or `null` while there is none.
 * @param select Takes the part from the state. May change with every render.
 * @param isEqual Whether two parts are the same. Default `Object.is`.
 *
 * @example
 * const status = useSyncProgress(syncId, (progress) => progress.status);
 */
export function useSyncProgress<Selection>(
  syncId: string | null,
  select: (progress: SyncProgressState) => Selection,
  isEqual?: (before: Selection, after: Selection) => boolean,
): Selection;
export function useSyncProgress(
  syncId: string | null,
  selectOrOptions: ((progress: SyncProgressState) => unknown) | UseSyncProgressOptions = NO_OPTIONS,
  isEqual: (before: unknown, after: unknown) => boolean = Object.is,
): unknown {
  const [select, options] =
    typeof selectOrOptions === "function" ? [selectOrOptions, NO_OPTIONS] : [wholeState, selectOrOptions];
  const client = useSyncClient(options);
  const source = useMemo(() => progressSource(client, syncId), [client, syncId]);
  const onView = useSettledCallbacks(client, options);

  const subscribe = useCallback(
    (notifyReact: () => void) => {
      if (syncId === null) return () => {};
      const follow = () => {
        const view = client.getView(syncId);
        if (view !== undefined) onView(view);
      };
      const unsubscribe = client.subscribe(syncId, () => {
        follow();
        notifyReact();
      });
      // The sync may have ended before.
      follow();
      return unsubscribe;
    },
    [client, syncId, onView],
  );
  return useSelection(source, subscribe, select, isEqual);
}
