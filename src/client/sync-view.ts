import type { SyncCapability } from "../protocol/capabilities.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { SyncStatus } from "../protocol/status.js";
import type { Eta } from "./estimate-eta.js";
import type { SyncRequestError } from "./sync-request.js";

/** How the snapshots of a sync arrive now. */
export type ConnectionStatus = "idle" | "connecting" | "live" | "reconnecting" | "polling" | "closed";

/** What went wrong, with the sync itself (`sync-failed`) or with seeing it (all others). */
export interface SyncError {
  readonly kind: "sync-failed" | "unauthorized" | "not-found" | "unreachable" | "invalid-response";
  /** For `sync-failed` the server's sentence, safe to show; else a sentence for the developer. */
  readonly message: string;
  /** The server's word for programs (`"timed_out"`, `"interrupted"`, ...). */
  readonly code: string | null;
}

/** The commands to a sync. */
export type SyncCommandName = "cancel" | "pause" | "resume" | "retry" | "retry_failed";

/** The last command that was given to a sync, in whatever component. */
export interface SyncCommandState {
  readonly name: SyncCommandName;
  /** `pending` until the server has responded; `failed` until the next command or change of status. */
  readonly status: "pending" | "failed";
  /** Why it failed; `null` while pending. */
  readonly error: SyncRequestError | null;
}

/** One sync as the client sees it: an immutable object that is replaced when anything in it changes. */
export interface SyncView {
  readonly syncId: string;
  /** The latest snapshot; `null` until the first one arrives. */
  readonly snapshot: SyncSnapshot | null;
  /** `null` until the first snapshot arrives. */
  readonly status: SyncStatus | null;
  /** 0-100, never falling, 100 only when complete; `null` while unknown. */
  readonly percent: number | null;
  /** How its snapshots arrive now. */
  readonly connection: ConnectionStatus;
  /** The browser reports that there is no network, and nothing has come since. */
  readonly isOffline: boolean;
  /** Not ended, as far as the client can see: also while the connection is lost. */
  readonly isRunning: boolean;
  readonly isTerminal: boolean;
  /** Running and reachable, but without any change for `stallTimeoutMs`. */
  readonly isStalled: boolean;
  /** When the latest snapshot arrived. Local clock, ms since the epoch. */
  readonly lastUpdateAt: number | null;
  /** When the connection was lost; `null` while there is one. Local clock, ms since the epoch. */
  readonly disconnectedAt: number | null;
  /** When the server is tried next; `null` if no attempt is planned. Local clock, ms since the epoch. */
  readonly retryAt: number | null;
  readonly error: SyncError | null;
  /** How long it may still take; `null` while there is no stable estimate. */
  readonly eta: Eta | null;
  /** What the backend offers for this sync: a control for anything else would do nothing. */
  readonly capabilities: readonly SyncCapability[];
  /** The command that is pending or has failed; `null` if there is none. */
  readonly command: SyncCommandState | null;
}
