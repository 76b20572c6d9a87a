import type { Eta } from "../client/estimate-eta.js";
import type { ConnectionState, SyncError } from "../client/sync-view.js";
import type { SyncStatus } from "../protocol/status.js";

/** Why the auto-close countdown is held; it goes on when every reason is gone. */
export type AutoCloseHold = "hover" | "focus" | "touch" | "hidden" | "user";

/** The auto-close countdown of one hook instance. */
export interface AutoCloseControl {
  /**
   * `off`: switched off, or this outcome never closes by itself. `waiting`: the sync still runs. `counting` and
   * `paused`: the countdown runs or is held. `kept`: the person asked to keep it open. `done`: `onClose` was called.
   */
  readonly status: "off" | "waiting" | "counting" | "paused" | "kept" | "done";
  /** ms left, updated about once a second while counting; `null` unless counting or paused. */
  readonly remainingMs: number | null;
  /** Holds the countdown for a reason (default `"user"`). */
  pause(reason?: AutoCloseHold): void;
  /** Takes a reason back (default `"user"`). */
  resume(reason?: AutoCloseHold): void;
  /** Keeps it open for good. */
  cancel(): void;
}

/** What a finished sync is told with. */
export interface SyncSettledInfo {
  readonly syncId: string;
  /** The sync was already terminal when this hook first saw it. */
  readonly initial: boolean;
}

export interface UseSyncProgressOptions {
  /** ms from `complete` until `onClose` is called, or `false` for never. Default 3,000. */
  readonly autoClose?: number | false;
}

/** Everything a progress UI needs, and the commands it can give. */
export interface SyncProgressState {
  readonly syncId: string | null;
  /** `null` until the first snapshot arrives. */
  readonly status: SyncStatus | null;
  readonly connectorType: string;
  /** The server's sentence; empty where it sends none. */
  readonly stage: string;
  readonly phase: string | null;
  /** 0-100, never falling, 100 only when complete; `null` (indeterminate) while unknown. */
  readonly percent: number | null;
  readonly totalItems: number | null;
  readonly processedItems: number;
  readonly failedItems: number;
  readonly currentItem: string | null;
  readonly error: SyncError | null;
  readonly connection: ConnectionState;
  readonly isOffline: boolean;
  readonly isRunning: boolean;
  readonly isTerminal: boolean;
  readonly isStalled: boolean;
  /** Local clock, ms since the epoch: when the newest snapshot arrived. Ages are counted from here. */
  readonly lastUpdateAt: number | null;
  /** Local clock, ms since the epoch: since when the connection is lost; `null` while it stands. */
  readonly disconnectedAt: number | null;
  /** Local clock, ms since the epoch: the next attempt to reach the server. */
  readonly retryAt: number | null;
  readonly eta: Eta | null;
  /** Server clock, ms since the epoch. */
  readonly startedAt: number | null;
  /** Server clock, ms since the epoch. */
  readonly completedAt: number | null;
  /** From the server's own timestamps; `null` until the sync is terminal. */
  readonly durationMs: number | null;
  readonly autoClose: AutoCloseControl;
  /** Asks the server to cancel the sync. Rejects with a `SyncRequestError` when it refuses. */
  cancel(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Starts a new sync in place of this terminal one and answers its id. */
  retry(options?: { readonly only?: "failed" }): Promise<string>;
  /** Tries to reach the server now instead of at `retryAt`. */
  reconnect(): void;
  /** Calls `onClose` now. */
  close(): void;
}
