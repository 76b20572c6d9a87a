import { MAX_RUNNING_PERCENT, type Phase, percentByPhase } from "../protocol/phases.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus, type TerminalStatus } from "../protocol/status.js";
import { SyncStoppedError } from "./sync-job-error.js";
import type { SyncStore } from "./sync-store.js";

/** What a job can say of its state. */
export interface RunChange {
  /** What the job does now. A new one begins a phase: `processedItems` counts from 0 again. */
  readonly status?: "connecting" | "syncing" | "parsing" | "embedding";
  /** The phase's name where it differs from the status. A new one begins a phase, too. */
  readonly phase?: string;
  /** The sentence that the person reads. */
  readonly stage?: string;
  /** Items in the whole sync; `null` while unknown. May grow. */
  readonly totalItems?: number | null;
  readonly currentItem?: string | null;
}

/** What a running job reports with, and is told to stop or wait by. */
export interface SyncRun {
  readonly syncId: string;
  /** Aborted when the sync is cancelled, times out, or the server stops; give it to whatever can take long. */
  readonly signal: AbortSignal;
  /** Tells what is done now. */
  update(change: RunChange): void;
  /** Counts items done (1 where nothing is said), and names the one at hand. */
  advance(step?: { readonly item?: string; readonly count?: number }): void;
  /** Counts an item that cannot be synced, with a reason safe to show; the sync goes on. */
  fail(failure: { readonly item: string; readonly reason: string }): void;
  /**
   * To be awaited between items: waits while the sync is paused.
   *
   * @throws SyncStoppedError when the sync is to stop.
   */
  checkpoint(): Promise<void>;
}

/** Times of a run, in ms. */
export interface RunTimeouts {
  /** How long the whole sync may take. Default none. */
  readonly totalMs?: number;
  /** How long it may report nothing at all. Default 120,000. */
  readonly idleMs?: number;
}

export interface RunOptions {
  readonly store: SyncStore;
  readonly snapshot: SyncSnapshot;
  readonly phases: readonly Phase[];
  readonly throttleMs: number;
  readonly timeouts: RunTimeouts;
  readonly now: () => number;
  /** The store failed; the run is stopped. */
  readonly onStoreError: (error: unknown) => void;
}

const DEFAULT_IDLE_MS = 120_000;

/** One sync as this process runs it: gathers what the job reports and publishes it at a bearable rate. */
export class ActiveRun implements SyncRun {
  readonly #options: RunOptions;
  readonly #abort = new AbortController();
  #snapshot: SyncSnapshot;
  /** What a paused sync goes back to. */
  #statusBeforePause: SyncSnapshot["status"] | null = null;
  #resumed: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  #failures: { item: string; reason: string; at: number }[] = [];
  #publishedAt = Number.NEGATIVE_INFINITY;
  readonly #timers = new Map<"publish" | "idle" | "total", ReturnType<typeof setTimeout>>();
  /** Writes to the store happen one after another. */
  #writes: Promise<void> = Promise.resolve();

  constructor(options: RunOptions) {
    this.#options = options;
    this.#snapshot = options.snapshot;
    const { totalMs } = options.timeouts;
    if (totalMs !== undefined) {
      const message = `The sync took longer than ${inWords(totalMs)}, so it was stopped.`;
      this.#timers.set(
        "total",
        setTimeout(() => this.stop("timed_out", message), totalMs),
      );
    }
    this.#watchIdle();
  }

  get syncId(): string {
    return this.#snapshot.syncId;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get snapshot(): SyncSnapshot {
    return this.#snapshot;
  }

  update(change: RunChange): void {
    const status = change.status ?? this.#statusBeforePause ?? this.#snapshot.status;
    const running = status === "queued" ? "syncing" : status;
    const phase = change.phase ?? (change.status === undefined ? this.#snapshot.phase : change.status);
    const isNewPhase = phase !== this.#snapshot.phase;
    const isPaused = this.#statusBeforePause !== null;
    if (isPaused) this.#statusBeforePause = running;
    this.#report(
      {
        status: isPaused ? "paused" : running,
        phase,
        stage: change.stage ?? (isNewPhase ? "" : this.#snapshot.stage),
        totalItems: change.totalItems === undefined ? this.#snapshot.totalItems : change.totalItems,
        processedItems: isNewPhase ? 0 : this.#snapshot.processedItems,
        currentItem:
          change.currentItem === undefined ? (isNewPhase ? null : this.#snapshot.currentItem) : change.currentItem,
      },
      isNewPhase || change.stage !== undefined,
    );
  }

  advance({ item, count = 1 }: { readonly item?: string; readonly count?: number } = {}): void {
    const processedItems = this.#snapshot.processedItems + Math.max(0, Math.floor(count));
    this.#report({ processedItems, ...(item === undefined ? {} : { currentItem: item }) }, false);
  }

  fail({ item, reason }: { readonly item: string; readonly reason: string }): void {
    if (this.signal.aborted) return;
    this.#failures.push({ item, reason, at: this.#options.now() });
    this.#report({ failedItems: this.#snapshot.failedItems + 1, currentItem: item }, false);
  }

  async checkpoint(): Promise<void> {
    this.signal.throwIfAborted();
    while (this.#resumed !== null) {
      await this.#resumed.promise;
      this.signal.throwIfAborted();
    }
  }

  /** Holds the job at its next checkpoint. Answers whether it was running. */
  pause(): boolean {
    if (this.#statusBeforePause !== null || isTerminalStatus(this.#snapshot.status)) return false;
    this.#statusBeforePause = this.#snapshot.status;
    let resolve = () => {};
    const promise = new Promise<void>((release) => {
      resolve = release;
    });
    this.#resumed = { promise, resolve };
    this.#report({ status: "paused" }, true);
    this.#clear("idle");
    return true;
  }

  /** Lets a paused job go on. Answers whether it was paused. */
  resume(): boolean {
    const status = this.#statusBeforePause;
    if (status === null) return false;
    this.#statusBeforePause = null;
    this.#release();
    this.#report({ status }, true);
    return true;
  }

  /** Tells the job to stop, and why. */
  stop(why: SyncStoppedError["why"], message: string): void {
    if (this.signal.aborted) return;
    this.#abort.abort(new SyncStoppedError(why, message));
    this.#release();
  }

  /** Publishes how the sync ended, after everything that was reported before; nothing is taken after it. */
  async end(
    status: TerminalStatus,
    error: { readonly message: string; readonly code: string | null } | null,
  ): Promise<SyncSnapshot> {
    this.stop("ended", "The sync has ended.");
    for (const timer of ["publish", "idle", "total"] as const) this.#clear(timer);
    const { processedItems, failedItems, totalItems } = this.#snapshot;
    const isComplete = status === "complete";
    const now = this.#options.now();
    this.#snapshot = {
      ...this.#snapshot,
      status,
      stage: "",
      currentItem: null,
      totalItems: isComplete ? (totalItems ?? processedItems + failedItems) : totalItems,
      percentComplete: isComplete ? 100 : this.#snapshot.percentComplete,
      errorMessage: error?.message ?? null,
      errorCode: error?.code ?? null,
      seq: (this.#snapshot.seq ?? 0) + 1,
      updatedAt: now,
      completedAt: now,
    };
    this.#write();
    await this.#writes;
    return this.#snapshot;
  }

  #report(change: Partial<SyncSnapshot>, isUrgent: boolean): void {
    if (this.signal.aborted) return;
    const changed = { ...this.#snapshot, ...change };
    const reckoned = percentByPhase(changed, this.#options.phases);
    const percent = Math.min(Math.max(reckoned ?? 0, changed.percentComplete ?? 0), MAX_RUNNING_PERCENT);
    this.#snapshot = { ...changed, percentComplete: reckoned === null ? changed.percentComplete : percent };
    this.#watchIdle();
    this.#publishSoon(isUrgent);
  }

  /** A change of status goes out at once; counts wait until the last publication is `throttleMs` old. */
  #publishSoon(isUrgent: boolean): void {
    const wait = this.#publishedAt + this.#options.throttleMs - this.#options.now();
    if (isUrgent || wait <= 0) this.#publish();
    else if (!this.#timers.has("publish"))
      this.#timers.set(
        "publish",
        setTimeout(() => this.#publish(), wait),
      );
  }

  #publish(): void {
    this.#clear("publish");
    const now = this.#options.now();
    this.#publishedAt = now;
    this.#snapshot = { ...this.#snapshot, seq: (this.#snapshot.seq ?? 0) + 1, updatedAt: now };
    this.#write();
  }

  #write(): void {
    const { store } = this.#options;
    const snapshot = this.#snapshot;
    const failures = this.#failures;
    this.#failures = [];
    this.#writes = this.#writes.then(async () => {
      try {
        // The failures first: whoever sees the count can then read the list.
        if (failures.length > 0) await store.addFailures(snapshot.syncId, failures);
        const isSaved = await store.save(snapshot);
        if (!isSaved) this.stop("superseded", "The sync was ended elsewhere.");
      } catch (error) {
        this.#options.onStoreError(error);
        this.stop("interrupted", "The progress could not be stored.");
      }
    });
  }

  #watchIdle(): void {
    this.#clear("idle");
    if (this.#statusBeforePause !== null) return;
    const idleMs = this.#options.timeouts.idleMs ?? DEFAULT_IDLE_MS;
    const message = `No progress for ${inWords(idleMs)}, so the sync was stopped.`;
    this.#timers.set(
      "idle",
      setTimeout(() => this.stop("timed_out", message), idleMs),
    );
  }

  #clear(name: "publish" | "idle" | "total"): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  #release(): void {
    this.#resumed?.resolve();
    this.#resumed = null;
  }
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`;
}
