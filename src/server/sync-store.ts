import type { FailurePage, SyncFailure } from "../protocol/failure.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { SyncStatus } from "../protocol/status.js";
import type { SyncResult } from "../protocol/sync-result.js";
import type { Scope } from "./scope.js";

/** Who runs a sync. `fence` grows by 1 whenever the sync changes hands, so that a late writer is refused. */
export interface Claim {
  readonly ownerId: string;
  readonly fence: number;
}

/** What a store holds of one sync. */
export interface SyncRecord {
  readonly scope: Scope;
  readonly snapshot: SyncSnapshot;
  /** `null` if no process runs it. */
  readonly claim: Claim | null;
  /** Where a later sync continues, as JSON text; `null` before the first checkpoint. */
  readonly checkpoint: string | null;
  /** What the sync was started with, as JSON text; `null` if nothing was given. */
  readonly input: string | null;
}

/** One atomic step of a sync. What is left out stays as it is. */
export interface SyncWrite {
  /** Names this write: one that is repeated after a lost response returns the first result and adds nothing twice. */
  readonly writeId: string;
  /** Grows with every write of an owner: one that arrives after a later one changes nothing. */
  readonly order: number;
  /** The new state; the store assigns `seq`, and keeps its own `notifyEmail`. */
  readonly snapshot: SyncSnapshot;
  /** The writer's fence; `null` may only end a sync, whoever owns it. */
  readonly fence: number | null;
  /** At most {@link MAX_CHECKPOINT_LENGTH} characters. */
  readonly checkpoint?: string;
  /** How many of the stored failed items are kept; all if it is left out. */
  readonly keptFailures?: number;
  readonly failures?: readonly SyncFailure[];
  readonly log?: readonly string[];
  /** Added to the outbox once, and only if this write ends the sync. */
  readonly notices?: readonly NewNotice[];
}

/**
 * `unknown`: the store lost the sync or never had it. `ended`: it had ended before. `superseded`: another process owns
 * it. In all three nothing was written.
 */
export type WriteResult =
  | { readonly is: "written"; readonly seq: number; readonly notifyEmail: boolean | null }
  | { readonly is: "unknown" | "ended" | "superseded" };

/** What can be sent to the process that runs a sync. */
export type SyncCommand = "cancel" | "pause" | "resume";

/** What a watcher of a scope is notified of. */
export type SyncChange =
  | { readonly type: "snapshot"; readonly snapshot: SyncSnapshot }
  | { readonly type: "deleted"; readonly syncId: string }
  | { readonly type: "command"; readonly syncId: string; readonly command: SyncCommand };

/** Receives the changes of a scope. */
export interface ScopeWatcher {
  /** The newest state of a sync at least, and never an older one after a newer one. */
  change(change: SyncChange): void;
  /** Something may have been missed (the connection was lost): the state has to be read again. */
  gap(): void;
}

/** Which syncs of a scope are listed. */
export interface SyncFilter {
  readonly connectorType?: string;
  /** Only those that have not ended. */
  readonly active?: boolean;
  readonly status?: SyncStatus;
  /** Only those that have ended in one of these ways. */
  readonly results?: readonly SyncResult[];
}

/** Which part of a list is requested. */
export interface PageRequest {
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** Which part of the failed items of a sync is requested. */
export interface FailureRequest extends PageRequest {
  /** Only those whose item or reason contains this text, in upper or lower case. */
  readonly search?: string;
}

/** A part of a list of syncs. */
export interface SyncRecordPage {
  /** Newest first. */
  readonly records: readonly SyncRecord[];
  /** Requests the next page; `null` on the last one. */
  readonly nextCursor: string | null;
}

/** A part of the log of a sync. */
export interface LogPage {
  /** Oldest first. */
  readonly lines: readonly string[];
  readonly nextCursor: string | null;
  /** More lines were written than are kept. */
  readonly isCut: boolean;
}

/** Something to send when a sync has ended. The sync and the kind are its key: there is one of each kind. */
export interface NewNotice {
  readonly kind: string;
  readonly payload: string;
  /** Added only if the `notifyEmail` that the store keeps is `true` in that moment. Default: in any case. */
  readonly isOnRequest?: boolean;
}

/** A notice that was claimed, to be sent now. */
export interface Notice {
  readonly id: string;
  readonly syncId: string;
  readonly kind: string;
  readonly payload: string;
  /** How often it was claimed, this time included. */
  readonly tries: number;
}

/** Whether a sync was added, or which one already runs in its place. */
export type CreateResult = { readonly isCreated: true } | { readonly isCreated: false; readonly runningSyncId: string };

/** A sync of which this process is the owner. */
export interface HeldSync {
  readonly scope: Scope;
  readonly syncId: string;
}

/** Longest checkpoint, in UTF-16 code units. */
const MAX_CHECKPOINT_LENGTH = 16_384;

/**
 * Where syncs are kept. Every store passes the same contract tests (`test/server/store-contract.ts`).
 *
 * Every read and write of a sync is by scope: a foreign sync is one that does not exist. `signal` gives a call up; what
 * it has written by then may stay.
 */
export interface SyncStore {
  /** Adds a sync, unless one of the same scope and connector type still runs: one atomic step. */
  create(record: SyncRecord, signal?: AbortSignal): Promise<CreateResult>;
  get(scope: Scope, syncId: string, signal?: AbortSignal): Promise<SyncRecord | null>;
  /** Compares state and fence, assigns the next `seq`, stores all parts and notifies watchers: one atomic step. */
  write(scope: Scope, write: SyncWrite, signal?: AbortSignal): Promise<WriteResult>;
  /**
   * Says whether the person wants a mail when the sync has ended: a change of its own, with the next `seq`, that no owner
   * overwrites. Returns the state then; the state as it is if the sync has ended, and `null` for an unknown one.
   */
  setNotifyEmail(scope: Scope, syncId: string, isWanted: boolean, signal?: AbortSignal): Promise<SyncSnapshot | null>;
  /**
   * Adds a sync again that the store has lost, because its owner is alive. Its `seq` continues far above that of the
   * given snapshot. `false` if another sync of the scope and type runs by now.
   */
  restore(record: SyncRecord, signal?: AbortSignal): Promise<boolean>;
  /** Makes somebody the owner of a running sync, unless its fence is as high already; `null` then. */
  claim(scope: Scope, syncId: string, claim: Claim, signal?: AbortSignal): Promise<SyncRecord | null>;
  /**
   * Whether it has lost its data within the last seconds, so that running syncs are missing until their owners have added them
   * again. Left out by stores that lose nothing.
   */
  isRecovering?(signal?: AbortSignal): Promise<boolean>;
  /** The syncs of a scope, newest first. */
  list(scope: Scope, filter: SyncFilter, page: PageRequest, signal?: AbortSignal): Promise<SyncRecordPage>;
  /** The failed items of a sync, oldest first; empty for an unknown sync. */
  listFailures(scope: Scope, syncId: string, page: FailureRequest, signal?: AbortSignal): Promise<FailurePage>;
  /** The log of a sync, oldest first; empty for an unknown sync. */
  listLog(scope: Scope, syncId: string, page: PageRequest, signal?: AbortSignal): Promise<LogPage>;
  /** Notifies of what changes in a scope from the moment it resolves, until the returned function is called. */
  watch(scope: Scope, watcher: ScopeWatcher, signal?: AbortSignal): Promise<() => void>;
  /** Notifies the watchers of a scope, in every process, of a command. It may be lost: await its effect. */
  command(scope: Scope, syncId: string, command: SyncCommand, signal?: AbortSignal): Promise<void>;
  /** Renews the leases of all syncs that a process runs. Returns the ids of those that it no longer owns. */
  renew(ownerId: string, held: readonly HeldSync[], leaseMs: number, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Takes running syncs whose owner has stopped to renew: each for one caller, with the next fence. To be called at an
   * interval shorter than `leaseMs`; a lease counts as stopped if it stood still for two times `leaseMs` of such looks.
   */
  takeOver(ownerId: string, leaseMs: number, limit: number, signal?: AbortSignal): Promise<readonly SyncRecord[]>;
  /** Claims notices of a kind that are due, each for one caller; due again after `leaseMs` unless settled before. */
  claimNotices(kind: string, leaseMs: number, limit: number, signal?: AbortSignal): Promise<readonly Notice[]>;
  /** Removes a notice that was sent or given up, or makes it due again at a time (ms since the epoch). */
  settleNotice(id: string, result: "done" | { readonly dueAt: number }, signal?: AbortSignal): Promise<void>;
  /** Deletes at most `limit` syncs that ended before a time (ms since the epoch), with all that belongs to them. */
  deleteEndedBefore(time: number, limit: number, signal?: AbortSignal): Promise<number>;
  /** Releases what the store holds; calls that come later reject. */
  close(): Promise<void>;
}

/** The store was given a cursor that it did not make. */
export class InvalidCursorError extends Error {
  override readonly name = "InvalidCursorError";
  constructor(cursor: string) {
    super(`cursor must be the next_cursor of a page before, got ${JSON.stringify(cursor.slice(0, 80))}.`);
  }
}

/** The store has lost its data a moment ago: what it does not have may be there again in some seconds. */
export class StoreRecoveringError extends Error {
  override readonly name = "StoreRecoveringError";
  constructor() {
    super("The store has lost its data, and running syncs are being added again.");
  }
}

/**
 * Rejects with a {@link StoreRecoveringError} while syncs may be missing that exist: to be called before the absence of one
 * is taken for the truth.
 */
export async function checkIsComplete(store: SyncStore, signal?: AbortSignal): Promise<void> {
  if ((await store.isRecovering?.(signal)) === true) throw new StoreRecoveringError();
}

/** Reads a sync for somebody to whom `null` says that it does not exist; rejects as {@link checkIsComplete} does. */
export async function readRecord(
  store: SyncStore,
  scope: Scope,
  syncId: string,
  signal?: AbortSignal,
): Promise<SyncRecord | null> {
  const record = await store.get(scope, syncId, signal);
  if (record === null) await checkIsComplete(store, signal);
  return record;
}

/** The number that a cursor of ours stands for. */
export function readCursor({ cursor }: PageRequest, fallback: number): number {
  if (cursor === undefined) return fallback;
  if (!/^\d{1,15}$/.test(cursor)) throw new InvalidCursorError(cursor);
  return Number(cursor);
}

/**
 * Checks what every store refuses.
 *
 * @throws TypeError when the checkpoint is too long, or a write without a fence does not end the sync.
 */
export function checkCheckpoint(checkpoint: string | null | undefined): void {
  if (typeof checkpoint === "string" && checkpoint.length > MAX_CHECKPOINT_LENGTH) {
    throw new TypeError(
      `SyncProgressError: a checkpoint must have at most ${MAX_CHECKPOINT_LENGTH} characters as JSON, got ${checkpoint.length}.`,
    );
  }
}
