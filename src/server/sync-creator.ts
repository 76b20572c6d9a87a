import { readOptionalText, readText } from "../protocol/decoding.js";
import type { SyncFailure } from "../protocol/failure.js";
import { TEXT_LIMITS } from "../protocol/limits.js";
import { checkPhases, type SyncPhase } from "../protocol/sync-phase.js";
import { newRecord } from "./new-record.js";
import type { Scope } from "./scope.js";
import type { StoreCalls } from "./store-calls.js";
import type { SyncRecord, SyncStore } from "./sync-store.js";

/** Options of {@link SyncService.run}. */
export interface RunSyncOptions {
  /** The integration's type; of each, one sync at a time runs for a person. Default `"sync"`. */
  readonly connectorType?: string;
  /** The phases of the sync in their order. Default none: then the percentage is that of the counts. */
  readonly phases?: readonly SyncPhase[];
  /** What the sync is started with: any JSON, kept with it so that a retry can do the same. */
  readonly input?: unknown;
  /**
   * The id of a failed or interrupted sync to continue from its last checkpoint, with its counts and failed items.
   * Without a checkpoint, and for a sync of another type, the sync begins at its start.
   */
  readonly resume?: string;
  /** Who has started it, in words for those who see it; at most 100 characters are kept. Default nobody. */
  readonly startedBy?: string | undefined;
}

/** A sync of the same scope and connector type still runs. */
export class SyncAlreadyRunningError extends Error {
  override readonly name = "SyncAlreadyRunningError";
  readonly syncId: string;

  constructor(syncId: string) {
    super(`A sync of this type is already running: ${syncId}.`);
    this.syncId = syncId;
  }
}

export interface SyncCreatorOptions {
  readonly store: SyncStore;
  readonly calls: StoreCalls;
  /** Whether a mail is requested for the end of a new sync; `null` if none is offered. */
  readonly notifyEmail: boolean | null;
  readonly onError: (error: unknown, syncId: string) => void;
}

/** A sync that was added, with the failed items that it has from the one it continues. */
export interface CreatedSync {
  readonly record: SyncRecord;
  readonly failures: readonly SyncFailure[];
}

/** The type of a sync that was given none. */
export const DEFAULT_CONNECTOR_TYPE = "sync";
/** How often a sync is added before its start fails. */
const TRIES = 2;
/** How many failed items a sync that continues another one takes over. */
const MAX_COPIED_FAILURES = 10_000;

/** Adds syncs to the store. */
export class SyncCreator {
  readonly #options: SyncCreatorOptions;

  constructor(options: SyncCreatorOptions) {
    this.#options = options;
  }

  /** Adds a sync; without an owner it waits until a process adopts it. */
  async create(scope: Scope, options: RunSyncOptions, ownerId: string | null): Promise<CreatedSync> {
    const { connectorType = DEFAULT_CONNECTOR_TYPE, phases = [], input, resume } = options;
    checkConnectorType(connectorType);
    checkPhases(phases);
    const { store, calls, notifyEmail } = this.#options;
    const from = resume === undefined ? null : await calls.once((signal) => store.get(scope, resume, signal));
    const claim = ownerId === null ? null : { ownerId, fence: 1 };
    const startedBy = readOptionalText(options.startedBy, TEXT_LIMITS.word);
    const record = newRecord({ scope, connectorType, phases, input, claim, from, startedBy, notifyEmail });
    const created = await calls.several((signal) => store.create(record, signal), TRIES);
    // Its own id: the first try has added it, and only the response was lost.
    if (!created.isCreated && created.runningSyncId !== record.snapshot.syncId) {
      throw new SyncAlreadyRunningError(created.runningSyncId);
    }
    return { record, failures: await this.#failuresFor(record, from) };
  }

  /** The failed items that belong to the checkpoint from which a sync continues. */
  async #failuresFor(
    { scope, snapshot, checkpoint }: SyncRecord,
    from: SyncRecord | null,
  ): Promise<readonly SyncFailure[]> {
    const { store, calls, onError } = this.#options;
    const limit = Math.min(snapshot.failedItems, MAX_COPIED_FAILURES);
    if (from === null || checkpoint === null || limit === 0) return [];
    const { syncId } = from.snapshot;
    try {
      return (await calls.once((signal) => store.listFailures(scope, syncId, { limit }, signal))).failures;
    } catch (error) {
      // The count is right, and the sync is worth more than the list.
      onError(error, snapshot.syncId);
      return [];
    }
  }
}

function checkConnectorType(connectorType: string): void {
  if (connectorType !== "" && readText(connectorType, TEXT_LIMITS.word) === connectorType) return;
  throw new TypeError(
    `SyncProgressError: connectorType must be a text of 1 to ${TEXT_LIMITS.word} characters, got ${JSON.stringify(connectorType)}.`,
  );
}
