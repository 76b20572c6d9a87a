import { readText } from "../protocol/decoding.js";
import { TEXT_LIMITS } from "../protocol/limits.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { encodeLogEntry, logLinesOf } from "./log-entry.js";
import { waitForRetry } from "./new-record.js";
import { decodeCheckpoint, encodeCheckpoint } from "./run-checkpoint.js";
import {
  pauseRun,
  type ReportResult,
  type RunState,
  reportAdvance,
  reportFailure,
  reportUpdate,
  resumeRun,
} from "./run-report.js";
import { RunClocks, type RunTimeouts } from "./run-timeouts.js";
import type { RunWriter } from "./run-writer.js";
import type { SyncStoppedError } from "./sync-job-error.js";
import { endSnapshot, type SyncOutcome, stopReasonOf, timedOut } from "./sync-outcome.js";
import type { RunChange, RunFailure, RunStep, SyncRun } from "./sync-run.js";
import { checkCheckpoint, type SyncRecord } from "./sync-store.js";

export interface ActiveRunOptions {
  readonly record: SyncRecord;
  readonly writer: RunWriter;
  /** ms between publications of mere counts. */
  readonly throttleMs: number;
  readonly timeouts: RunTimeouts;
  /** The sync has taken too long. */
  readonly onTimeout: (outcome: SyncOutcome) => void;
  /** Receives reports that are not valid. */
  readonly onError: (error: unknown) => void;
}

/** One sync as this process runs it: turns the job's reports into states, and publishes them throttled. */
export class ActiveRun implements SyncRun {
  readonly resumedFrom: unknown;
  readonly #options: ActiveRunOptions;
  readonly #abort = new AbortController();
  readonly #clocks: RunClocks;
  #state: RunState;
  #resumed: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  #publishedAt = Number.NEGATIVE_INFINITY;
  #publishTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ActiveRunOptions) {
    const { record, timeouts } = options;
    this.#options = options;
    this.resumedFrom = decodeCheckpoint(record.checkpoint)?.data ?? null;
    // An attempt before this one was paused: nobody has said that it may continue.
    const isPaused = record.snapshot.status === "paused";
    this.#state = { snapshot: record.snapshot, statusBeforePause: isPaused ? "queued" : null };
    this.#clocks = new RunClocks(timeouts, (message) => options.onTimeout(timedOut(message)));
    if (isPaused) this.#hold();
    else this.#clocks.start();
  }

  get syncId(): string {
    return this.#state.snapshot.syncId;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  update(change: RunChange): void {
    this.#report(reportUpdate(this.#state, change));
  }

  advance(step: RunStep = {}): void {
    this.#report(reportAdvance(this.#state, step));
  }

  fail(failure: RunFailure): void {
    if (this.signal.aborted) return;
    this.#options.writer.addFailure({
      item: readText(failure.item, TEXT_LIMITS.item),
      reason: readText(failure.reason, TEXT_LIMITS.sentence),
      at: Date.now(),
    });
    this.#report(reportFailure(this.#state, failure));
  }

  log(line: string): void {
    if (this.signal.aborted) return;
    this.#options.writer.addLog([encodeLogEntry("log", line)]);
    if (this.#resumed === null) this.#clocks.touch();
    this.#publishSoon();
  }

  async checkpoint(data?: unknown): Promise<void> {
    this.signal.throwIfAborted();
    if (data !== undefined) this.#keep(data);
    while (this.#resumed !== null) {
      await this.#resumed.promise;
      this.signal.throwIfAborted();
    }
  }

  get isPaused(): boolean {
    return this.#resumed !== null;
  }

  /** Holds the job at its next checkpoint. Returns whether it was running. */
  pause(): boolean {
    const paused = this.signal.aborted ? null : pauseRun(this.#state);
    if (paused === null) return false;
    this.#change(paused);
    this.#hold();
    this.#clocks.stop();
    this.#publish();
    return true;
  }

  /** Lets a paused job continue. Returns whether it was paused. */
  resume(): boolean {
    const resumed = this.signal.aborted ? null : resumeRun(this.#state);
    if (resumed === null) return false;
    this.#change(resumed);
    this.#release();
    this.#clocks.start();
    this.#publish();
    return true;
  }

  /** Stops the job; no report is taken after it. Returns the last snapshot, to be written. */
  end(outcome: SyncOutcome): SyncSnapshot {
    this.stop(stopReasonOf(outcome));
    const last = endSnapshot(this.#state.snapshot, outcome);
    this.#options.writer.addLog(logLinesOf(this.#state.snapshot, last));
    return last;
  }

  /** Stops the job because a later attempt will continue. Returns the state until then, to be written. */
  release(reason: SyncStoppedError): SyncSnapshot {
    this.stop(reason);
    const waiting = waitForRetry(this.#state.snapshot);
    this.#options.writer.addLog(logLinesOf(this.#state.snapshot, waiting));
    return waiting;
  }

  /** Stops the job, and publishes nothing more. */
  stop(reason: SyncStoppedError): void {
    this.#clocks.stop();
    clearTimeout(this.#publishTimer);
    if (!this.signal.aborted) this.#abort.abort(reason);
    this.#release();
  }

  #hold(): void {
    let resolve = () => {};
    const promise = new Promise<void>((release) => {
      resolve = release;
    });
    this.#resumed = { promise, resolve };
  }

  #keep(data: unknown): void {
    try {
      const checkpoint = encodeCheckpoint(data, this.#state.snapshot);
      checkCheckpoint(checkpoint);
      this.#options.writer.setCheckpoint(checkpoint);
    } catch (error) {
      this.#options.onError(error);
      return;
    }
    this.#publishSoon();
  }

  #report(result: ReportResult): void {
    if (this.signal.aborted) return;
    if ("problem" in result) {
      this.#options.onError(new TypeError(`SyncProgressError: ${result.problem}; the report is ignored.`));
      return;
    }
    this.#change(result.state);
    if (this.#resumed === null) this.#clocks.touch();
    if (result.isUrgent) this.#publish();
    else this.#publishSoon();
  }

  #change(state: RunState): void {
    this.#options.writer.addLog(logLinesOf(this.#state.snapshot, state.snapshot));
    this.#state = state;
  }

  /** A change of status goes out at once; counts wait until the last publication is `throttleMs` old. */
  #publishSoon(): void {
    const wait = this.#publishedAt + this.#options.throttleMs - performance.now();
    if (wait <= 0) this.#publish();
    else this.#publishTimer ??= setTimeout(() => this.#publish(), wait);
  }

  #publish(): void {
    clearTimeout(this.#publishTimer);
    this.#publishTimer = undefined;
    this.#publishedAt = performance.now();
    const { snapshot } = this.#state;
    // Durations are made of these times, and a clock may have been set back.
    const updatedAt = Math.max(Date.now(), snapshot.updatedAt ?? 0);
    this.#state = { ...this.#state, snapshot: { ...snapshot, updatedAt } };
    // What goes wrong is the service's to handle, where it ends the sync.
    this.#options.writer.write(this.#state.snapshot).catch(() => {});
  }

  #release(): void {
    this.#resumed?.resolve();
    this.#resumed = null;
  }
}
