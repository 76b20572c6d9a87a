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

/** Ends syncs, whoever wants them to end: `onSettled` is called by the one that was first, and only when it is stored. */
export class SyncEnder {
  readonly #options: SyncEnderOptions;
  readonly #pending = new Set<Promise<unknown>>();
  readonly #abandoned = new AbortController();

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
   * Ends a sync that no job in this process runs. Without a fence it ends it for whoever owns it. Rejects only when it was
   * abandoned: until then it is repeated, since an end without a response may be stored.
   */
  endRecord(record: SyncRecord, outcome: SyncOutcome, fence: number | null): Promise<EndResult> {
    const { store, calls } = this.#options;
    const snapshot = endSnapshot(record.snapshot, outcome);
    const write = { writeId: crypto.randomUUID(), order: Number.MAX_SAFE_INTEGER, snapshot, fence };
    const ended = this.end(record, async () => {
      const result = await calls.untilDone(
        (signal) => store.write(record.scope, write, signal),
        this.#abandoned.signal,
      );
      if (result.is === "written") {
        const { seq, notifyEmail } = result;
        return { isWritten: true, snapshot: { ...snapshot, seq, notifyEmail } };
      }
      return { isWritten: false, why: result.is === "superseded" ? "superseded" : "ended" };
    });
    this.#wait(ended.catch(() => {}));
    return ended;
  }

  /** Resolves when every end is stored and every `onSettled` that was called has settled. */
  async allSettled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Gives up what could not be stored yet. */
  abandon(): void {
    this.#abandoned.abort(new Error("The service was closed before the end could be stored."));
  }

  /** Calls `onSettled` without waiting for it: a mail server that hangs must hold up nothing. */
  #settle(record: SyncRecord): void {
    const { onSettled, onError } = this.#options;
    this.#wait(
      Promise.resolve()
        .then(() => onSettled?.(record))
        .catch((error: unknown) => onError(error, record.snapshot.syncId)),
    );
  }

  #wait(work: Promise<unknown>): void {
    const done = work.finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }
}
