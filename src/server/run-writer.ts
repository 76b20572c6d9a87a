import type { SyncFailure } from "../protocol/failure.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { encodeLogEntry } from "./log-entry.js";
import type { Scope } from "./scope.js";
import type { StoreCalls } from "./store-calls.js";
import type { NewNotice, SyncRecord, SyncStore, SyncWrite, WriteResult } from "./sync-store.js";

/** What came of the end of a sync: whether this writer ended it, and its last snapshot if it did. */
export type EndResult =
  | { readonly isWritten: true; readonly snapshot: SyncSnapshot }
  | { readonly isWritten: false; readonly why: "ended" | "superseded" };

export interface RunWriterOptions {
  readonly store: SyncStore;
  readonly calls: StoreCalls;
  readonly record: SyncRecord;
  /** The sync belongs to somebody else by now, or has ended. */
  readonly onLost: (why: "ended" | "superseded") => void;
  /** How many stored failed items are kept; what an earlier attempt has added after its checkpoint is dropped. */
  readonly keptFailures?: number | undefined;
}

type CertainResult = Extract<WriteResult, { readonly is: "written" }> | { readonly is: "ended" | "superseded" };

/** How many failed items wait at most for a store that is away; the count continues beyond it. */
const MAX_WAITING_FAILURES = 10_000;
/** How many lines of log wait at most for a store that is away. */
const MAX_WAITING_LINES = 10_000;

/**
 * Writes the states of one sync in their order. While a write is under way, or repeated because the store is away, only
 * the newest state waits, with all failed items.
 */
export class RunWriter {
  readonly #options: RunWriterOptions;
  readonly #scope: Scope;
  readonly #abandoned = new AbortController();
  #fence: number;
  #written: SyncSnapshot;
  #order = 0;
  #next: SyncSnapshot | null = null;
  #failures: SyncFailure[] = [];
  #log: string[] = [];
  #droppedLines = 0;
  #notices: readonly NewNotice[] = [];
  #checkpoint: string | undefined;
  #keptFailures: number | undefined;
  #storedCheckpoint: string | null;
  #lost: "ended" | "superseded" | null = null;
  #drained: Promise<void> | null = null;

  constructor(options: RunWriterOptions) {
    this.#options = options;
    this.#scope = options.record.scope;
    this.#fence = options.record.claim?.fence ?? 0;
    this.#written = options.record.snapshot;
    this.#storedCheckpoint = options.record.checkpoint;
    this.#keptFailures = options.keptFailures;
  }

  /** The state that is in the store. */
  get written(): SyncSnapshot {
    return this.#written;
  }

  /** The sync as it is in the store, of which this process has the claim. */
  get record(): SyncRecord {
    const { record } = this.#options;
    return {
      ...record,
      snapshot: this.#written,
      claim: { ownerId: record.claim?.ownerId ?? "", fence: this.#fence },
      checkpoint: this.#storedCheckpoint,
    };
  }

  /** This process has taken the sync anew, after its lease had stopped for a while. */
  set fence(fence: number) {
    this.#fence = fence;
  }

  addFailure(failure: SyncFailure): void {
    if (this.#failures.length < MAX_WAITING_FAILURES) this.#failures.push(failure);
  }

  addLog(lines: readonly string[]): void {
    const added = lines.slice(0, MAX_WAITING_LINES - this.#log.length);
    this.#log.push(...added);
    this.#droppedLines += lines.length - added.length;
  }

  setCheckpoint(checkpoint: string): void {
    this.#checkpoint = checkpoint;
  }

  /** Writes a state, as soon as the one before it is written. Resolves when nothing waits any more. */
  write(snapshot: SyncSnapshot): Promise<void> {
    if (this.#lost !== null) return Promise.resolve();
    this.#next = snapshot;
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  /** Writes the last state after all others, with the notices of the end. Rejects only when it was abandoned. */
  async end(snapshot: SyncSnapshot, notices: readonly NewNotice[] = []): Promise<EndResult> {
    this.#notices = notices;
    await this.write(snapshot);
    if (this.#lost !== null) return { isWritten: false, why: this.#lost };
    return { isWritten: true, snapshot: this.#written };
  }

  /** Adds the sync to the store again if that has lost it; one that is being written is added by the write. */
  async restoreIfLost(): Promise<void> {
    if (this.#drained !== null || isTerminalStatus(this.#written.status) || (await this.#isThere())) return;
    if (this.#drained === null) await this.write(this.#written);
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#drained;
  }

  /** Aborted when what is not written yet is given up. */
  get abandoned(): AbortSignal {
    return this.#abandoned.signal;
  }

  /** Writes nothing more; what waits is dropped. */
  abandon(): void {
    this.#abandoned.abort(new Error("The service was closed before the sync could be stored."));
  }

  async #drain(): Promise<void> {
    try {
      while (this.#next !== null && this.#lost === null) {
        const write = this.#take(this.#next);
        const result = await this.#untilWritten(write);
        if (result.is === "written") {
          this.#written = { ...write.snapshot, seq: result.seq, notifyEmail: result.notifyEmail };
          this.#storedCheckpoint = write.checkpoint ?? this.#storedCheckpoint;
        } else {
          this.#lost = result.is;
          this.#options.onLost(result.is);
        }
      }
    } finally {
      // In the same step as the last look at what waits, so that nothing is left waiting.
      this.#drained = null;
    }
  }

  #take(snapshot: SyncSnapshot): SyncWrite {
    this.#order += 1;
    if (this.#droppedLines > 0) this.#log.push(encodeLogEntry("cut", `${this.#droppedLines} lines were not kept.`));
    const write: SyncWrite = {
      writeId: crypto.randomUUID(),
      order: this.#order,
      snapshot,
      fence: this.#fence,
      ...(this.#keptFailures === undefined ? {} : { keptFailures: this.#keptFailures }),
      ...(this.#failures.length === 0 ? {} : { failures: this.#failures }),
      ...(this.#log.length === 0 ? {} : { log: this.#log }),
      ...(this.#notices.length === 0 || !isTerminalStatus(snapshot.status) ? {} : { notices: this.#notices }),
      ...(this.#checkpoint === undefined ? {} : { checkpoint: this.#checkpoint }),
    };
    this.#next = null;
    this.#keptFailures = undefined;
    this.#failures = [];
    this.#log = [];
    this.#droppedLines = 0;
    this.#checkpoint = undefined;
    return write;
  }

  /** Repeats one write until its result is certain; a store that has lost the sync is given it again. */
  async #untilWritten(write: SyncWrite): Promise<CertainResult> {
    const { store, calls } = this.#options;
    for (;;) {
      // The fence is read anew for each attempt: the sync may have been taken anew meanwhile.
      const result = await calls.untilDone(
        (signal) => store.write(this.#scope, { ...write, fence: this.#fence }, signal),
        this.#abandoned.signal,
      );
      if (result.is === "written") return result;
      if (result.is !== "unknown") return { is: result.is };
      const lost = this.record;
      const isRestored = await calls.untilDone((signal) => store.restore(lost, signal), this.#abandoned.signal);
      if (!isRestored && !(await this.#isThere())) return { is: "superseded" };
    }
  }

  async #isThere(): Promise<boolean> {
    const { store, calls, record } = this.#options;
    const { syncId } = record.snapshot;
    const found = await calls.untilDone((signal) => store.get(this.#scope, syncId, signal), this.#abandoned.signal);
    return found !== null;
  }
}
