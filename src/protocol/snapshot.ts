import type { SyncCapability } from "./capabilities.js";
import type { SyncStatus } from "./status.js";
import type { SyncPhase } from "./sync-phase.js";

/**
 * The whole state of a sync at one moment. Every event carries one, so a lost event costs freshness and never
 * correctness.
 */
export interface SyncSnapshot {
  /** Names the sync; a UUID v4 from the server. */
  readonly syncId: string;
  /** The integration's type, such as `"gmail"`; empty if the server does not say. */
  readonly connectorType: string;
  readonly status: SyncStatus;
  /** The human sentence the server sends ("Fetching emails..."); empty where there is none. */
  readonly stage: string;
  /** The name of the phase that runs now; `null` before the first one, and from a server that names none. */
  readonly phase: string | null;
  /** The phases that the integration declares, in their order; empty if it declares none. */
  readonly phases: readonly SyncPhase[];
  /** Items in the sync, `null` while unknown. May grow. */
  readonly totalItems: number | null;
  /** Items done, failed ones not counted; within the current phase if the sync has phases. */
  readonly processedItems: number;
  /** Items that failed since the sync began. */
  readonly failedItems: number;
  /** What is being worked on now: a file name, a subject line. Foreign text. */
  readonly currentItem: string | null;
  /** A message safe to show to the person, for status `error`. */
  readonly errorMessage: string | null;
  /** A word for programs, such as `"timed_out"` or `"interrupted"`. */
  readonly errorCode: string | null;
  /** The server's own reckoning, 0-100; `null` where it sends none. */
  readonly percentComplete: number | null;
  /** What the backend offers for this sync; `null` from older backends, which do not say. */
  readonly capabilities: readonly SyncCapability[] | null;
  /** Whether the person gets a mail when it has ended; `null` if the backend does not offer it. */
  readonly notifyEmail: boolean | null;
  /** Who has started it, in words for people; `null` if the server does not say. Foreign text. */
  readonly startedBy: string | null;
  /** Grows by at least 1 with every change of the sync; `null` from older backends. */
  readonly seq: number | null;
  /** Server clock, ms since the epoch. */
  readonly startedAt: number | null;
  /** Server clock, ms since the epoch. */
  readonly updatedAt: number | null;
  /** Server clock, ms since the epoch; `null` until the sync is terminal. */
  readonly completedAt: number | null;
}

/** The snapshot as it is on the wire: snake_case, times in ISO 8601. */
export interface WireSnapshot {
  readonly sync_id: string;
  readonly connector_type: string;
  readonly status: SyncStatus;
  readonly stage: string;
  readonly phase: string | null;
  /** Left out if the integration declares none. */
  readonly phases?: readonly SyncPhase[];
  readonly total_items: number | null;
  readonly processed_items: number;
  readonly failed_items: number;
  readonly current_item: string | null;
  readonly error_message: string | null;
  readonly error_code: string | null;
  readonly percent_complete: number | null;
  /** Left out by backends that do not say. */
  readonly capabilities?: readonly SyncCapability[];
  /** Left out if it is not offered. */
  readonly notify_email?: boolean;
  /** Left out if it is not known. */
  readonly started_by?: string;
  readonly seq: number | null;
  readonly started_at: string | null;
  readonly updated_at: string | null;
  readonly completed_at: string | null;
}

/** Turns a snapshot into its form on the wire. */
export function encodeSnapshot(snapshot: SyncSnapshot): WireSnapshot {
  return {
    sync_id: snapshot.syncId,
    connector_type: snapshot.connectorType,
    status: snapshot.status,
    stage: snapshot.stage,
    phase: snapshot.phase,
    ...(snapshot.phases.length === 0 ? {} : { phases: snapshot.phases }),
    total_items: snapshot.totalItems,
    processed_items: snapshot.processedItems,
    failed_items: snapshot.failedItems,
    current_item: snapshot.currentItem,
    error_message: snapshot.errorMessage,
    error_code: snapshot.errorCode,
    percent_complete: snapshot.percentComplete,
    ...(snapshot.capabilities === null ? {} : { capabilities: snapshot.capabilities }),
    ...(snapshot.notifyEmail === null ? {} : { notify_email: snapshot.notifyEmail }),
    ...(snapshot.startedBy === null ? {} : { started_by: snapshot.startedBy }),
    seq: snapshot.seq,
    started_at: encodeTime(snapshot.startedAt),
    updated_at: encodeTime(snapshot.updatedAt),
    completed_at: encodeTime(snapshot.completedAt),
  };
}

/** How many items are dealt with: done and failed ones. */
export function doneItems({
  processedItems,
  failedItems,
}: Pick<SyncSnapshot, "processedItems" | "failedItems">): number {
  return processedItems + failedItems;
}

/** ISO 8601 for a time in ms since the epoch. */
export function encodeTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
