import type { FailurePage, SyncFailure } from "../protocol/failure.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { SyncStatus } from "../protocol/status.js";
import type { Scope } from "./scope.js";

/** What a store holds of one sync. */
export interface SyncRecord {
  readonly scope: Scope;
  readonly snapshot: SyncSnapshot;
}

/** Which syncs of a scope are asked for. */
export interface SyncFilter {
  readonly connectorType?: string;
  /** Only those that have not ended. */
  readonly active?: boolean;
  readonly status?: SyncStatus;
}

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** A part of a list of syncs. */
export interface SyncRecordPage {
  /** Newest first. */
  readonly records: readonly SyncRecord[];
  /** Asks for the next page; `null` on the last one. */
  readonly nextCursor: string | null;
}

/** Whether a sync was added, or which one already runs in its place. */
export type CreateResult = { readonly isCreated: true } | { readonly isCreated: false; readonly runningSyncId: string };

/**
 * Where syncs are kept. Every store passes the same contract tests. All reads and writes of a person's sync are checked
 * by the service; a store only keeps the scope with it.
 */
export interface SyncStore {
  /** Adds a sync, unless one of the same scope and connector type still runs: one atomic step. */
  create(record: SyncRecord): Promise<CreateResult>;
  get(syncId: string): Promise<SyncRecord | null>;
  /**
   * Takes a newer snapshot of a known sync and wakes its subscribers. Answers `false` and changes nothing where the
   * stored one has ended, or its `seq` is not smaller.
   */
  save(snapshot: SyncSnapshot): Promise<boolean>;
  /** The syncs of a scope, newest first. */
  list(scope: Scope, filter: SyncFilter, page: PageRequest): Promise<SyncRecordPage>;
  /** Adds failed items to a sync, in their order. */
  addFailures(syncId: string, failures: readonly SyncFailure[]): Promise<void>;
  /** The failed items of a sync, oldest first. */
  listFailures(syncId: string, page: PageRequest): Promise<FailurePage>;
  /** Tells `listener` every snapshot that is saved from now on, until the answer is called. */
  subscribe(syncId: string, listener: (snapshot: SyncSnapshot) => void): () => void;
  /** Every sync that has not ended, whosever it is: what a killed process left behind. */
  listRunning(): Promise<readonly SyncRecord[]>;
  /** Forgets syncs that ended before then (ms since the epoch) with all that belongs to them; answers how many. */
  deleteEndedBefore(time: number): Promise<number>;
}

/** The store was given a cursor that it did not make. */
export class InvalidCursorError extends Error {
  override readonly name = "InvalidCursorError";
  constructor(cursor: string) {
    super(`cursor must be the next_cursor of a page before, got ${JSON.stringify(cursor.slice(0, 80))}.`);
  }
}
