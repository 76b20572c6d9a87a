import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { SyncStatus } from "../protocol/status.js";
import type { Eta } from "./estimate-eta.js";

/** How a watch gets its snapshots now. */
export type ConnectionState = "idle" | "connecting" | "live" | "reconnecting" | "polling" | "closed";

/** What went wrong, with the sync itself (`sync-failed`) or with seeing it (all others). */
export interface SyncError {
  readonly kind: "sync-failed" | "unauthorized" | "not-found" | "unreachable" | "invalid-response";
  /** The server's sentence, safe to show, where it sent one; else a sentence for the developer. */
  readonly message: string;
  /** The server's word for programs (`"timed_out"`, `"interrupted"`, ...). */
  readonly code: string | null;
}

/** What a watch tells the outside: one immutable object that is replaced when anything in it changes. */
export interface SyncView {
  readonly syncId: string;
  /** The newest snapshot; `null` until the first one arrives. */
  readonly snapshot: SyncSnapshot | null;
  /** `null` until the first snapshot arrives. */
  readonly status: SyncStatus | null;
  /** 0-100, never falling, 100 only when complete; `null` while it cannot be known. */
  readonly percent: number | null;
  readonly connection: ConnectionState;
  /** The browser says that there is no network, and nothing has come since. */
  readonly isOffline: boolean;
  /** Not terminal, as far as is known: also while the sync cannot be seen. */
  readonly isRunning: boolean;
  readonly isTerminal: boolean;
  /** Running, seen, and without any change for `stallTimeout`. */
  readonly isStalled: boolean;
  /** Local clock (ms since the epoch) at which the newest snapshot arrived. */
  readonly lastUpdateAt: number | null;
  /** Local clock at which the connection was lost; `null` while it stands. */
  readonly disconnectedAt: number | null;
  /** Local clock of the next attempt to reach the server; `null` where none is planned. */
  readonly retryAt: number | null;
  readonly error: SyncError | null;
  /** The first snapshot this watch got was already terminal. */
  readonly wasTerminalAtStart: boolean;
  /** How long it may still take; `null` while no stable estimate exists. */
  readonly eta: Eta | null;
}
