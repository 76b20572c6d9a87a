import { setLongTimeout } from "./long-timeout.js";

/** When a run is given up, in ms. `Infinity` for never. */
export interface RunTimeouts {
  /** How long the whole sync may take; time in which it is paused does not count. Default `Infinity`. */
  readonly totalMs?: number;
  /** How long it may report nothing at all while it is not paused. Default 120,000. */
  readonly idleMs?: number;
}

const DEFAULT_IDLE_MS = 120_000;

/**
 * Checks timeouts.
 *
 * @throws TypeError when one is not a number above 0.
 */
export function checkTimeouts(timeouts: RunTimeouts): void {
  for (const name of ["totalMs", "idleMs"] as const) {
    const ms = timeouts[name];
    if (ms !== undefined && !(ms > 0)) {
      throw new TypeError(
        `SyncProgressError: timeouts.${name} must be a number above 0 or Infinity, got ${String(ms)}.`,
      );
    }
  }
}

/** The clocks of one run: how long it takes, and how long it has reported nothing. Both stand still in a pause. */
export class RunClocks {
  readonly #idleMs: number;
  readonly #totalMs: number;
  readonly #onTimeout: (message: string) => void;
  #totalLeft: number;
  #startedAt: number | null = null;
  #clearTotal = () => {};
  #clearIdle = () => {};

  constructor({ totalMs, idleMs }: RunTimeouts, onTimeout: (message: string) => void) {
    this.#totalMs = totalMs ?? Number.POSITIVE_INFINITY;
    this.#idleMs = idleMs ?? DEFAULT_IDLE_MS;
    this.#totalLeft = this.#totalMs;
    this.#onTimeout = onTimeout;
  }

  /** Lets the clocks run, or run on. */
  start(): void {
    if (this.#startedAt !== null) return;
    this.#startedAt = performance.now();
    this.#clearTotal = setLongTimeout(
      () => this.#onTimeout(`The sync took longer than ${inWords(this.#totalMs)}, so it was stopped.`),
      this.#totalLeft,
    );
    this.#watchIdle();
  }

  /** Something was reported. */
  touch(): void {
    if (this.#startedAt !== null) this.#watchIdle();
  }

  stop(): void {
    if (this.#startedAt === null) return;
    this.#totalLeft = Math.max(0, this.#totalLeft - (performance.now() - this.#startedAt));
    this.#startedAt = null;
    this.#clearTotal();
    this.#clearIdle();
  }

  #watchIdle(): void {
    this.#clearIdle();
    this.#clearIdle = setLongTimeout(
      () => this.#onTimeout(`No progress for ${inWords(this.#idleMs)}, so the sync was stopped.`),
      this.#idleMs,
    );
  }
}

/** A duration in the largest unit that fits it exactly. */
function inWords(ms: number): string {
  if (ms < 1_000) return `${ms} milliseconds`;
  const seconds = Math.round(ms / 1_000);
  if (seconds >= 120 && seconds % 60 === 0) return `${seconds / 60} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}
