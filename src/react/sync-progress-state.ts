import type { Eta } from "../client/estimate-eta.js";
import type { SyncClient } from "../client/sync-client.js";
import type { ConnectionStatus, SyncCommandState, SyncError } from "../client/sync-view.js";
import type { SyncCapability } from "../protocol/capabilities.js";
import type { SyncStatus } from "../protocol/status.js";
import type { SyncPhase } from "../protocol/sync-phase.js";

/** Everything a progress UI renders of one sync, and the commands it can send. Immutable; replaced when anything changes. */
export interface SyncProgressState {
  /** The sync; `null` while there is none. */
  readonly syncId: string | null;
  /** The client that the state comes from and that sends the commands. */
  readonly client: SyncClient;

  /** `null` until the first snapshot arrives. */
  readonly status: SyncStatus | null;
  /** The type of the integration, such as `"gmail"`; `""` until the first snapshot arrives. */
  readonly connectorType: string;
  /** The server's sentence about what it is doing, such as `"Fetching emails..."`; `""` if it sends none. */
  readonly stage: string;
  /** The name of the current phase; `null` if the server sends none. */
  readonly phase: string | null;
  /** The phases that the integration declares, in order; empty if it declares none. */
  readonly phases: readonly SyncPhase[];
  /** Overall progress, 0-100. Never decreases, and is 100 only when complete; `null` while it is unknown. */
  readonly percent: number | null;
  /** Items in the sync; may grow. `null` while their number is unknown. */
  readonly totalItems: number | null;
  /** Items of the current phase that are done, without the failed ones. */
  readonly processedItems: number;
  /** Items that failed, over the whole sync. */
  readonly failedItems: number;
  /** The item being processed; `null` if the server sends none. */
  readonly currentItem: string | null;
  /** What went wrong with the sync, or with reaching it; `null` while nothing did. */
  readonly error: SyncError | null;

  /** How snapshots arrive; `"idle"` without a sync. */
  readonly connection: ConnectionStatus;
  /** The browser reports that there is no network, and nothing has arrived since. */
  readonly isOffline: boolean;
  /** Not terminal as far as the client knows, also while the server cannot be reached. */
  readonly isRunning: boolean;
  /** Complete, failed or cancelled: nothing changes any more. */
  readonly isTerminal: boolean;
  /** Running and reachable, but unchanged for the client's stall timeout. */
  readonly isStalled: boolean;
  /** When the latest snapshot arrived, in ms since the epoch by the local clock; `null` until the first one. */
  readonly lastUpdateAt: number | null;
  /** When the connection was lost, in ms since the epoch by the local clock; `null` while connected. */
  readonly disconnectedAt: number | null;
  /** When the server is tried next, in ms since the epoch by the local clock; `null` if no attempt is planned. */
  readonly retryAt: number | null;

  /** How long it may still take; `null` while there is no stable estimate. */
  readonly eta: Eta | null;
  /** When the sync started, in ms since the epoch by the server's clock; `null` if unknown. */
  readonly startedAt: number | null;
  /** When the sync ended, in ms since the epoch by the server's clock; `null` until then. */
  readonly completedAt: number | null;
  /** How long the sync took, in ms, from the server's own timestamps; `null` until it has ended. */
  readonly durationMs: number | null;

  /** The person gets a mail when the sync has ended; `null` if the backend does not say. */
  readonly notifyEmail: boolean | null;

  /** What the backend offers for this sync: a control for anything else would do nothing. Empty until the first snapshot. */
  readonly capabilities: readonly SyncCapability[];
  /** The command that is pending or has failed, wherever it was given; `null` if there is none. */
  readonly command: SyncCommandState | null;
  /** Cancels the sync. Rejects with a `SyncRequestError` when the server refuses, cannot be reached or does not offer it. */
  cancel(): Promise<void>;
  /** Pauses the sync. Rejects with a `SyncRequestError` when the server refuses, cannot be reached or does not offer it. */
  pause(): Promise<void>;
  /** Resumes a paused sync. Rejects with a `SyncRequestError` when the server refuses, cannot be reached or does not offer it. */
  resume(): Promise<void>;
  /**
   * Starts a new sync in place of a terminal one, of everything or only of what failed. Returns the new sync's id. Rejects
   * with a `SyncRequestError` when the server refuses, cannot be reached or does not offer it.
   */
  retry(options?: { readonly only?: "failed" }): Promise<string>;
  /** Tries to reach the server now instead of at `retryAt`. */
  reconnect(): void;
}
