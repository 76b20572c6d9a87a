import { readCount } from "../protocol/decoding.js";
import { MAX_RUNNING_PERCENT, percentByPhase } from "../protocol/phases.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import {
  canPauseStatus,
  isMovingStatus,
  isSyncStatus,
  type MovingStatus,
  type TerminalStatus,
} from "../protocol/status.js";
import { SyncStoppedError } from "./sync-job-error.js";
import type { SyncStore } from "./sync-store.js";

/** What a job can say of its state. */
export interface RunChange {
  /** What the job does now. Begins the declared phase of that name, if there is one. */
  readonly status?: Exclude<MovingStatus, "running">;
  /** Begins a declared phase: `processedItems` counts from 0 again. */
  readonly phase?: string;
  /** The sentence that the person reads. */
  readonly stage?: string;
  /** Items in the sync, or in its current phase; `null` while unknown. May grow. */
  readonly totalItems?: number | null;
  readonly currentItem?: string | null;
}

/**
 * What a running job reports with, and what tells it to stop or wait. A report that is not valid (a count of NaN, a
 * phase that is not declared) is passed to `onError` and changes nothing.
 */
export interface SyncRun {
  readonly syncId: string;
  /** Aborted when the sync is cancelled, times out, or the server stops; give it to whatever can take long. */
  readonly signal: AbortSignal;
  /** Tells what is done now. */
  update(change: RunChange): void;
  /** Counts items done (default 1), and names the one at hand. */
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
  readonly throttleMs: number;
  readonly timeouts: RunTimeouts;
  readonly now: () => number;
  /** Receives what went wrong: a report that is not valid, a store that failed (then the run is stopped). */
  readonly onError: (error: unknown) => void;
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
    const problem = this.#problemOf(change);
    if (problem !== null) {
      this.#reject(`run.update() was given ${problem}`);
      return;
    }
    const statusBefore = this.#runningStatus;
    const begun = this.#begin(change);
    const isNewPhase = begun.phase !== this.#snapshot.phase;
    const isNewPart = isNewPhase || this.#runningStatus !== statusBefore;
    const { stage, currentItem, totalItems } = change;
    this.#report(
      {
        ...begun,
        stage: stage ?? (isNewPart ? "" : this.#snapshot.stage),
        totalItems: totalItems === undefined ? this.#snapshot.totalItems : readCount(totalItems),
        processedItems: isNewPhase ? 0 : this.#snapshot.processedItems,
        currentItem: currentItem === undefined ? (isNewPart ? null : this.#snapshot.currentItem) : currentItem,
      },
      stage !== undefined,
    );
  }

  advance({ item, count = 1 }: { readonly item?: string; readonly count?: number } = {}): void {
    const items = readCount(count);
    if (items === null) {
      this.#reject(`run.advance() was given a count of ${String(count)}`);
      return;
    }
    const processedItems = this.#snapshot.processedItems + items;
    this.#report({ ...this.#begin(), processedItems, ...(item === undefined ? {} : { currentItem: item }) }, false);
  }

  fail({ item, reason }: { readonly item: string; readonly reason: string }): void {
    if (this.signal.aborted) return;
    this.#failures.push({ item, reason, at: this.#options.now() });
    this.#report({ ...this.#begin(), failedItems: this.#snapshot.failedItems + 1, currentItem: item }, false);
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
    if (this.#statusBeforePause !== null || !canPauseStatus(this.#snapshot.status)) return false;
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

  /** What the job does now, or did when it was paused. */
  get #runningStatus(): SyncSnapshot["status"] {
    return this.#statusBeforePause ?? this.#snapshot.status;
  }

  /** Status and phase after a report: any report ends the waiting in the queue and begins the first phase. */
  #begin({ status, phase }: RunChange = {}): Pick<SyncSnapshot, "status" | "phase"> {
    const { phases } = this.#snapshot;
    const isDeclared = (name: string | undefined) => phases.some((declared) => declared.name === name);
    const before = status ?? this.#runningStatus;
    const running = before === "queued" ? "syncing" : before;
    const isPaused = this.#statusBeforePause !== null;
    if (isPaused) this.#statusBeforePause = running;
    const named = phase ?? (isDeclared(status) ? status : undefined);
    return {
      status: isPaused ? "paused" : running,
      phase: named ?? this.#snapshot.phase ?? phases[0]?.name ?? null,
    };
  }

  /** What is wrong with a report, for jobs that no compiler has checked. */
  #problemOf({ status, phase, totalItems }: RunChange): string | null {
    if (status !== undefined && !isReportable(status)) return `the status ${JSON.stringify(status)}`;
    if (phase !== undefined && !this.#snapshot.phases.some(({ name }) => name === phase)) {
      return `the phase ${JSON.stringify(phase)}, which is not declared`;
    }
    if (totalItems !== undefined && totalItems !== null && readCount(totalItems) === null) {
      return `a total of ${String(totalItems)}`;
    }
    return null;
  }

  #reject(problem: string): void {
    this.#options.onError(new TypeError(`SyncProgressError: ${problem}; the report is ignored.`));
  }

  #report(change: Partial<SyncSnapshot>, isUrgent: boolean): void {
    if (this.signal.aborted) return;
    const changed = { ...this.#snapshot, ...change };
    const isMove = changed.status !== this.#snapshot.status || changed.phase !== this.#snapshot.phase;
    const reckoned = percentByPhase(changed, changed.phases);
    const percent = Math.min(Math.max(reckoned ?? 0, changed.percentComplete ?? 0), MAX_RUNNING_PERCENT);
    this.#snapshot = { ...changed, percentComplete: reckoned === null ? changed.percentComplete : percent };
    this.#watchIdle();
    this.#publishSoon(isUrgent || isMove);
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
        this.#options.onError(error);
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

function isReportable(status: string): boolean {
  return isSyncStatus(status) && isMovingStatus(status) && status !== "running";
}
