import type { SyncClient } from "../../client/sync-client.js";
import type { Integration } from "../../protocol/integration.js";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { SettledCallbacks } from "../../react/use-settled-callbacks.js";
import { type StartSync, useStartSync } from "../../react/use-start-sync.js";
import { useSubjectState } from "../../react/use-subject-state.js";
import { useSyncProgress } from "../../react/use-sync-progress.js";
import { isSameIntegration } from "../wording/describe-card.js";

/** The sync that a card is about, and the ways to begin another. */
export interface CardSync extends Pick<StartSync, "start" | "isStarting"> {
  readonly state: SyncProgressState;
  /** Why the last start was refused; `null` as soon as there is a sync again. */
  readonly startError: StartSync["error"];
  /** The sync has ended since the list of integrations was loaded. */
  readonly isListOlder: boolean;
  /** Turns to a sync that was started in place of this one. */
  follow(syncId: string): void;
}

interface CardSyncs {
  /** A sync that was found or follows another, and so is newer than what was started here. */
  readonly taken: string | null;
  /** By sync, the integration as listed before the sync ended; `null` if it had ended when it was first seen. */
  readonly ended: ReadonlyMap<string, Integration | null>;
}

const NO_SYNCS: CardSyncs = { taken: null, ended: new Map() };

/**
 * Finds the sync that a card is about: the one started here, or found running by the list of integrations. It stays the
 * card's after its end, whatever the list forgets, until the next one begins.
 */
export function useCardSync(integration: Integration, client: SyncClient, callbacks: SettledCallbacks): CardSync {
  const { activeSyncId } = integration;
  const starter = useStartSync(integration.type, { client });
  const { state: syncs, update } = useSubjectState(client, NO_SYNCS);
  const { taken, ended } = syncs;
  const setTaken = (id: string | null) => update(client, (latest) => ({ ...latest, taken: id }));
  const end = (endedId: string, before: Integration | null) =>
    update(client, (latest) => ({ ...latest, ended: new Map(latest.ended).set(endedId, before) }));

  const current = taken ?? starter.syncId;
  const isFree = !starter.isStarting && (current === null || ended.has(current));
  // A list that was loaded earlier still names what has ended since.
  const found = isFree && activeSyncId !== current && activeSyncId !== null && !ended.has(activeSyncId);
  if (found) setTaken(activeSyncId);
  const syncId = starter.isStarting ? null : found ? activeSyncId : current;

  const state = useSyncProgress(syncId, {
    ...callbacks,
    client,
    onSettled: (info) => {
      end(info.syncId, info.initial ? null : integration);
      callbacks.onSettled?.(info);
    },
  });
  if (syncId !== null && state.error?.kind === "not-found" && !ended.has(syncId)) end(syncId, null);

  const before = syncId === null ? null : (ended.get(syncId) ?? null);
  return {
    state,
    isStarting: starter.isStarting,
    startError: syncId === null ? starter.error : null,
    isListOlder: before !== null && isSameIntegration(before, integration),
    start(options) {
      setTaken(null);
      return starter.start(options);
    },
    follow: setTaken,
  };
}
