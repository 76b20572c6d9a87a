import type { EndResult } from "./run-writer.js";
import type { StoreCalls } from "./store-calls.js";
import { endSnapshot, type SyncOutcome } from "./sync-outcome.js";
import type { SyncRecord, SyncStore } from "./sync-store.js";

export interface SyncEnderOptions {
  readonly store: SyncStore;
  readonly calls: StoreCalls;
  readonly onSettled: ((record: SyncRecord) => void | Promise<void>) | undefined;
  readonly onError: (error: unknown, syncId: string) => void;
}

/** How often the end of a sync that does not run here is tried. */
const TRIES = 3;

/** Ends syncs, whoever wants them to end: `onSettled` is called by the one that was first, and only when it is stored. */
export class SyncEnder {
  readonly #options: SyncEnderOptions;
  readonly #pending = new Set<Promise<void>>();

  constructor(options: SyncEnderOptions) {
    this.#options = options;
  }

  /** Writes the end of a sync by `write`. */
  async end(record: SyncRecord, write: () => Promise<EndResult>): Promise<EndResult> {
    const result = await write();
    if (result.isWritten) this.#settle({ ...record, snapshot: result.snapshot, claim: null });
    return result;
  }

  /**
   * Ends a sync that no job in this process runs. Without a fence it ends it for whoever owns it.
   *
   * Rejects when the store could not be reached.
   */
  endRecord(record: SyncRecord, outcome: SyncOutcome, fence: number | null): Promise<EndResult> {
    const { store, calls } = this.#options;
    const snapshot = endSnapshot(record.snapshot, outcome);
    const write = { writeId: crypto.randomUUID(), order: Number.MAX_SAFE_INTEGER, snapshot, fence };
    return this.end(record, async () => {
      const result = await calls.several((signal) => store.write(record.scope, write, signal), TRIES);
      if (result.is === "written") return { isWritten: true, snapshot: { ...snapshot, seq: result.seq } };
      return { isWritten: false, why: result.is === "superseded" ? "superseded" : "ended" };
    });
  }

  /** Resolves when every `onSettled` that was called has settled. */
  async allSettled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** Calls `onSettled` without waiting for it: a mail server that hangs must hold up nothing. */
  #settle(record: SyncRecord): void {
    const { onSettled, onError } = this.#options;
    const called = Promise.resolve()
      .then(() => onSettled?.(record))
      .catch((error: unknown) => onError(error, record.snapshot.syncId))
      .finally(() => this.#pending.delete(called));
    this.#pending.add(called);
  }
}
