import type { SyncFailure } from "../protocol/failure.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { JobEngine, QueuedSync } from "./job-engine.js";
import { logLinesOf } from "./log-entry.js";
import { setBackgroundTimeout } from "./long-timeout.js";
import { waitForRetry } from "./new-record.js";
import type { StoreCalls } from "./store-calls.js";
import type { SyncEnder } from "./sync-ender.js";
import { INTERRUPTED } from "./sync-outcome.js";
import type { HeldSync, SyncRecord, SyncStore, SyncWrite } from "./sync-store.js";

export interface WaitingSyncsOptions {
  readonly store: SyncStore;
  readonly calls: StoreCalls;
  readonly ender: SyncEnder;
  readonly engine: JobEngine | undefined;
  readonly onError: (error: unknown, syncId: string) => void;
}

/** How often the engine is looked into. A sync that was created is looked up after it: its job has to be added first. */
const LOOK_EVERY_MS = 30_000;
/** How often a change is written before it is left out. */
const TRIES = 2;

/**
 * The syncs of a job engine that no process runs at the moment: new ones, and those between two attempts. This process
 * renews their leases, so that somebody notices if the engine has no job for them any more: a process died before it had
 * added the job, or the engine has lost it. If this process dies, another one takes them over.
 */
export class WaitingSyncs {
  readonly #options: WaitingSyncsOptions;
  readonly #records = new Map<string, SyncRecord>();
  #stopTimer: (() => void) | null = null;
  #isClosed = false;

  constructor(options: WaitingSyncsOptions) {
    this.#options = options;
  }

  /** Looks after a sync of which this process has the claim. */
  hold(record: SyncRecord): void {
    if (this.#isClosed) return;
    this.#records.set(record.snapshot.syncId, record);
    this.#lookLater();
  }

  /** Looks after a new sync, with the failed items that it has from the one it continues. */
  async begin(record: SyncRecord, failures: readonly SyncFailure[]): Promise<void> {
    this.hold(record);
    if (failures.length > 0) await this.#write(record, record.snapshot, { failures });
  }

  /** The sync has ended, or an attempt of its job has begun. */
  drop(syncId: string): void {
    this.#records.delete(syncId);
  }

  held(): readonly HeldSync[] {
    return [...this.#records.values()].map(({ scope, snapshot }) => ({ scope, syncId: snapshot.syncId }));
  }

  /** Looks after a sync whose process is gone, if the engine will run it again; else ends it as interrupted. */
  async take(record: SyncRecord): Promise<void> {
    const { snapshot, claim } = record;
    if (claim === null || !(await this.#hasJob(record))) return this.#interrupt(record);
    this.hold(record);
    if (snapshot.status === "queued" || snapshot.status === "paused") return;
    const waiting = waitForRetry(snapshot);
    await this.#write(record, waiting, { log: logLinesOf(snapshot, waiting) });
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimer?.();
    this.#records.clear();
  }

  /** Writes the first change that this process makes as the owner of the sync. */
  async #write(record: SyncRecord, snapshot: SyncSnapshot, added: Pick<SyncWrite, "failures" | "log">): Promise<void> {
    const { store, calls, onError } = this.#options;
    const { syncId } = snapshot;
    const write = { writeId: crypto.randomUUID(), order: 1, snapshot, fence: record.claim?.fence ?? null, ...added };
    try {
      const result = await calls.several((signal) => store.write(record.scope, write, signal), TRIES);
      if (result.is !== "written") this.drop(syncId);
      else if (this.#records.get(syncId) === record) this.#records.set(syncId, { ...record, snapshot });
    } catch (error) {
      // The sync is worth more than what could not be written.
      onError(error, syncId);
    }
  }

  #lookLater(): void {
    if (this.#options.engine === undefined || this.#isClosed) return;
    this.#stopTimer ??= setBackgroundTimeout(() => void this.#look(), LOOK_EVERY_MS);
  }

  async #look(): Promise<void> {
    for (const record of [...this.#records.values()]) {
      const { syncId } = record.snapshot;
      const isLost = !(await this.#hasJob(record));
      // Meanwhile an attempt may have begun, here or elsewhere.
      if (!isLost || this.#records.get(syncId) !== record) continue;
      this.drop(syncId);
      await this.#interrupt(record).catch(() => {});
    }
    this.#stopTimer = null;
    if (this.#records.size > 0) this.#lookLater();
  }

  async #hasJob({ scope, snapshot: { syncId, connectorType } }: SyncRecord): Promise<boolean> {
    const { engine, onError } = this.#options;
    if (engine === undefined) return false;
    const sync: QueuedSync = { scope, syncId, connectorType };
    try {
      return await engine.hasJob(sync);
    } catch (error) {
      onError(error, syncId);
      return true;
    }
  }

  async #interrupt(record: SyncRecord): Promise<void> {
    await this.#options.ender.endRecord(record, INTERRUPTED, record.claim?.fence ?? null);
  }
}
