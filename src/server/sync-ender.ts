import type { SyncSnapshot } from "../protocol/snapshot.js";
import { resultOf } from "../protocol/sync-result.js";
import { logLinesOf } from "./log-entry.js";
import type { Observers } from "./observers.js";
import type { EndResult } from "./run-writer.js";
import type { SyncEndedEvent } from "./service-event.js";
import type { StoreCalls } from "./store-calls.js";
import type { NoticesOf } from "./sync-notices.js";
import { endSnapshot, type SyncOutcome } from "./sync-outcome.js";
import type { NewNotice, SyncRecord, SyncStore } from "./sync-store.js";

export interface SyncEnderOptions {
  readonly store: SyncStore;
  readonly calls: StoreCalls;
  readonly noticesOf: NoticesOf;
  readonly onSettled: ((record: SyncRecord) => void | Promise<void>) | undefined;
  readonly observers: Observers;
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

  /** Writes the last state of a sync by `write`, which is given the notices to write with it. */
  async end(
    record: SyncRecord,
    last: SyncSnapshot,
    write: (notices: readonly NewNotice[]) => Promise<EndResult>,
  ): Promise<EndResult> {
    const result = await write(this.#options.noticesOf(record.scope, last));
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
    const log = logLinesOf(record.snapshot, snapshot);
    const write = { writeId: crypto.randomUUID(), order: Number.MAX_SAFE_INTEGER, snapshot, fence, log };
    const ended = this.end(record, snapshot, async (notices) => {
      const result = await calls.untilDone(
        (signal) => store.write(record.scope, { ...write, notices }, signal),
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
    const { onSettled, onError, observers } = this.#options;
    observers.onEvent(endedEventOf(record.snapshot));
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

function endedEventOf(snapshot: SyncSnapshot): SyncEndedEvent {
  const { syncId, connectorType, errorCode, processedItems, failedItems } = snapshot;
  const { startedAt, completedAt } = snapshot;
  const result = resultOf(snapshot) ?? "failed";
  return {
    level: result === "failed" ? "warn" : "info",
    event: "sync-ended",
    syncId,
    connectorType,
    result,
    errorCode,
    durationMs: startedAt === null || completedAt === null ? 0 : completedAt - startedAt,
    processedItems,
    failedItems,
  };
}
