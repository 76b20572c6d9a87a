import type { SyncFailure } from "../protocol/failure.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { resultOf } from "../protocol/sync-result.js";
import { ActiveRun } from "./active-run.js";
import { AttemptResult } from "./attempt-result.js";
import { awaitEnd } from "./await-end.js";
import { isInstance } from "./is-instance.js";
import type { AttemptOptions } from "./job-engine.js";
import { JobSlots } from "./job-slots.js";
import type { Observers } from "./observers.js";
import type { RunTimeouts } from "./run-timeouts.js";
import { RunWriter } from "./run-writer.js";
import { keyOf, type Scope } from "./scope.js";
import type { ScopeHub } from "./scope-hub.js";
import type { AdoptedSync } from "./started-sync.js";
import type { StoreCalls } from "./store-calls.js";
import type { SyncEnder } from "./sync-ender.js";
import { SyncJobError, SyncStoppedError } from "./sync-job-error.js";
import {
  CANCELLED,
  COMPLETE,
  endSnapshot,
  failedWith,
  INTERRUPTED,
  type SyncOutcome,
  stopReasonOf,
} from "./sync-outcome.js";
import type { SyncJob } from "./sync-run.js";
import type { HeldSync, SyncChange, SyncCommand, SyncRecord, SyncStore } from "./sync-store.js";

export interface SyncRunnerOptions {
  readonly store: SyncStore;
  readonly calls: StoreCalls;
  readonly hub: ScopeHub;
  readonly ender: SyncEnder;
  readonly throttleMs: number;
  readonly timeouts: RunTimeouts;
  readonly observers: Observers;
  /** A sync waits from now on until an engine tries its job again. */
  readonly onWaiting: (record: SyncRecord) => void;
  readonly onError: (error: unknown, syncId: string) => void;
}

/** What a run begins with. */
export interface RunStart {
  /** Failed items that the sync has from an earlier one. */
  readonly failures?: readonly SyncFailure[];
  /** How many stored failed items are kept; what an earlier attempt has added after its checkpoint is dropped. */
  readonly keptFailures?: number;
  readonly attempt?: Pick<AttemptOptions, "signal" | "isLastTry">;
}

/** A sync that this process runs, as its commands see it. */
export interface LocalSync {
  readonly record: SyncRecord;
  /** The state that is in the store. */
  readonly written: SyncSnapshot;
  /** Resolves with the last snapshot when the sync has ended. */
  readonly settled: Promise<SyncSnapshot>;
  /** Ends it, unless something else has. Resolves as `settled` does. */
  end(outcome: SyncOutcome): Promise<SyncSnapshot>;
  /** Pauses or resumes it. Returns whether its state allowed that; resolves when it is stored. */
  hold(command: "pause" | "resume"): Promise<boolean>;
}

interface Entry extends LocalSync {
  readonly writer: RunWriter;
  readonly lose: (why: "ended" | "superseded") => void;
  /** Whether its lease is to be renewed: somebody else may have to take a sync that was lost. */
  readonly isHeld: () => boolean;
  readonly isPaused: boolean;
}

/** Runs the jobs of this process. */
export class SyncRunner {
  readonly #options: SyncRunnerOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #slots = new JobSlots();
  /** Called when a sync has ended, was paused or was resumed. */
  #onChange: (() => void)[] = [];
  /** Jobs that have not returned; those of ended syncs, too. */
  #jobs = 0;
  #jobsOfRunning = 0;

  constructor(options: SyncRunnerOptions) {
    this.#options = options;
  }

  /** Runs `job` for a sync that this process owns. */
  start(record: SyncRecord, job: SyncJob, { failures = [], keptFailures, attempt = {} }: RunStart = {}): AdoptedSync {
    const { store, calls, throttleMs, timeouts, ender, observers, onWaiting } = this.#options;
    const { syncId, connectorType } = record.snapshot;
    const startedAt = performance.now();
    observers.onEvent({ level: "info", event: "run-started", syncId, connectorType });
    const key = entryKey(record.scope, syncId);
    const report = (error: unknown) => this.#options.onError(error, syncId);
    const left = new AbortController();
    let isEnding = false;
    let isLost = false;
    let resolve = (_: SyncSnapshot) => {};
    const settled = new Promise<SyncSnapshot>((settle) => {
      resolve = settle;
    });
    const result = new AttemptResult();

    const writer = new RunWriter({ store, calls, record, onLost: (why) => lose(why), keptFailures });
    for (const failure of failures) writer.addFailure(failure);
    const run = new ActiveRun({
      record,
      writer,
      throttleMs,
      timeouts,
      onTimeout: (outcome) => void stop(outcome),
      onError: report,
    });

    // The first end counts: a job may ignore its signal and finish long after it was cancelled.
    const end = (outcome: SyncOutcome, cause: unknown) => {
      conclude(async () => {
        if (outcome.status === "error" && !isLastTry(cause)) return release(cause);
        const last = run.end(outcome);
        const ended = await ender.end(record, last, (notices) => writer.end(last, notices));
        if (!ended.isWritten) return leave(ended.why);
        result.settle(ended.snapshot, cause);
        return ended.snapshot;
      });
      return settled;
    };
    const stop = (outcome: SyncOutcome) => end(outcome, stopReasonOf(outcome));
    const interrupt = () => void stop(INTERRUPTED);
    const isLastTry = (cause: unknown): boolean => {
      if (attempt.isLastTry === undefined || (isInstance(cause, SyncJobError, "SyncJobError") && cause.isFinal))
        return true;
      try {
        return attempt.isLastTry(cause);
      } catch (error) {
        report(error);
        return true;
      }
    };
    /** Leaves the sync to the next attempt. */
    const release = async (cause: unknown) => {
      const waiting = run.release(stopReasonOf(INTERRUPTED));
      const released = await writer.end(waiting);
      if (!released.isWritten) return leave(released.why);
      isLost = true;
      onWaiting(writer.record);
      result.reject(cause);
      return released.snapshot;
    };
    /** Waits for the end of a sync that somebody else owns or has ended. */
    const leave = async (why: "ended" | "superseded") => {
      isLost = true;
      const reason = new SyncStoppedError("superseded", STOP_MESSAGES[why]);
      run.stop(reason);
      this.#notifyChange();
      if (why === "superseded") {
        observers.onEvent({ level: "warn", event: "lease-lost", syncId, connectorType });
        result.reject(reason);
      }
      const last = await awaitEnd({ ...this.#options, writer });
      result.settle(last, reason);
      return last;
    };
    const lose = (why: "ended" | "superseded") => conclude(() => leave(why));
    const conclude = (find: () => Promise<SyncSnapshot>) => {
      // Before anything else: the store may notify of the end while it is written.
      if (isEnding) return;
      isEnding = true;
      void find()
        .catch(() => {
          result.reject(stopReasonOf(INTERRUPTED));
          return endSnapshot(writer.written, INTERRUPTED);
        })
        .then((last) => {
          // A later attempt of the same sync may run here by now.
          if (this.#entries.get(key) === entry) this.#entries.delete(key);
          attempt.signal?.removeEventListener("abort", interrupt);
          left.abort();
          observers.onEvent({
            level: "debug",
            event: "run-ended",
            syncId,
            connectorType,
            result: resultOf(last),
            errorCode: last.errorCode,
            durationMs: performance.now() - startedAt,
          });
          resolve(last);
          this.#notifyChange();
        });
    };

    const entry: Entry = {
      record,
      writer,
      settled,
      end: stop,
      lose,
      isHeld: () => !isLost,
      get written() {
        return writer.written;
      },
      get isPaused() {
        return run.isPaused;
      },
      hold: async (command) => {
        const isDone = command === "pause" ? run.pause() : run.resume();
        this.#notifyChange();
        await writer.idle();
        return isDone;
      },
    };
    this.#entries.set(key, entry);
    void this.#follow(entry, left.signal);
    void this.#play(record, run, job, report).then(({ outcome, cause }) => end(outcome, cause));
    attempt.signal?.addEventListener("abort", interrupt);
    if (attempt.signal?.aborted === true) interrupt();
    return { syncId, settled, finished: result.promise };
  }

  /** A sync that this process owns. */
  find(scope: Scope, syncId: string): LocalSync | undefined {
    const entry = this.#entries.get(entryKey(scope, syncId));
    return entry?.isHeld() === true ? entry : undefined;
  }

  held(): readonly HeldSync[] {
    const held = [...this.#entries.values()].filter((entry) => entry.isHeld());
    return held.map(({ record: { scope, snapshot } }) => ({ scope, syncId: snapshot.syncId }));
  }

  /** Stops the job of a sync that this process no longer owns. */
  lose(syncId: string): void {
    for (const entry of this.#entries.values()) {
      if (entry.record.snapshot.syncId === syncId) entry.lose("superseded");
    }
  }

  /** Takes a new claim to a sync that runs here already. Returns whether it does. */
  retake({ scope, snapshot, claim }: SyncRecord): boolean {
    const entry = this.#entries.get(entryKey(scope, snapshot.syncId));
    if (entry === undefined || !entry.isHeld() || claim === null) return false;
    entry.writer.fence = claim.fence;
    return true;
  }

  /** Resolves when no sync runs here, or only paused ones, which would not finish by themselves. */
  async idle(): Promise<void> {
    while ([...this.#entries.values()].some((entry) => entry.isHeld() && !entry.isPaused)) {
      await new Promise<void>((resolve) => this.#onChange.push(resolve));
    }
  }

  async endAll(outcome: SyncOutcome): Promise<void> {
    await Promise.all([...this.#entries.values()].map((entry) => entry.end(outcome)));
  }

  /** Gives up what could not be stored yet. */
  abandonAll(): void {
    for (const { writer } of this.#entries.values()) writer.abandon();
  }

  stats(): { readonly activeSyncs: number; readonly stoppingJobs: number } {
    return { activeSyncs: this.#entries.size, stoppingJobs: this.#jobs - this.#jobsOfRunning };
  }

  #notifyChange(): void {
    for (const resolve of this.#onChange.splice(0)) resolve();
  }

  /** Runs the job when its slot is free. Resolves with the outcome; a job whose sync has ended by then never begins. */
  async #play(
    { scope, snapshot }: SyncRecord,
    run: ActiveRun,
    job: SyncJob,
    report: (error: unknown) => void,
  ): Promise<{ readonly outcome: SyncOutcome; readonly cause: unknown }> {
    const slot = entryKey(scope, snapshot.connectorType);
    try {
      await this.#slots.run(slot, async () => {
        if (run.signal.aborted) return;
        const stopCounting = () => {
          this.#jobsOfRunning -= 1;
        };
        this.#jobs += 1;
        this.#jobsOfRunning += 1;
        run.signal.addEventListener("abort", stopCounting, { once: true });
        try {
          const { syncId, connectorType } = snapshot;
          await this.#options.observers.runJob({ syncId, connectorType }, () => job(run));
        } finally {
          this.#jobs -= 1;
          run.signal.removeEventListener("abort", stopCounting);
          if (!run.signal.aborted) stopCounting();
        }
      });
      return { outcome: COMPLETE, cause: null };
    } catch (error) {
      if (!isInstance(error, SyncStoppedError, "SyncStoppedError")) report(error);
      return { outcome: failedWith(error), cause: error };
    }
  }

  /** Receives the commands to a sync, and notices when it is ended elsewhere, as long as it runs here. */
  async #follow(entry: Entry, signal: AbortSignal): Promise<void> {
    const { hub, calls } = this.#options;
    const { scope, snapshot } = entry.record;
    const member = {
      change: (change: SyncChange) => {
        if (change.type === "command") obey(entry, change.command);
        if (change.type === "snapshot" && isTerminalStatus(change.snapshot.status)) entry.lose("ended");
      },
      // What else was missed shows when the lease is renewed, or with the next write.
      gap: () => void entry.writer.restoreIfLost().catch(() => {}),
    };
    try {
      const leave = await calls.untilDone(() => hub.join(scope, { syncId: snapshot.syncId }, member), signal);
      signal.addEventListener("abort", leave);
      if (signal.aborted) leave();
    } catch {
      // The sync has ended before the store could watch.
    }
  }
}

const STOP_MESSAGES = {
  ended: "The sync was ended elsewhere.",
  superseded: "Another process has taken over the sync.",
} as const;

function obey(entry: Entry, command: SyncCommand): void {
  if (command === "cancel") void entry.end(CANCELLED);
  else void entry.hold(command).catch(() => {});
}

function entryKey(scope: Scope, name: string): string {
  return JSON.stringify([keyOf(scope), name]);
}
