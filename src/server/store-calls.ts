import { setLongTimeout } from "./long-timeout.js";

/** A call to the store that took too long. */
export class StoreTimeoutError extends Error {
  override readonly name = "StoreTimeoutError";
  constructor(ms: number) {
    super(`The store did not respond within ${ms} ms.`);
  }
}

export interface StoreCallsOptions {
  /** ms after which a call is given up. */
  readonly timeoutMs: number;
  /** Receives the error of every attempt that is repeated. */
  readonly onError: (error: unknown) => void;
}

/** A call to a store that can be given up. */
export type StoreCall<T> = (signal: AbortSignal) => Promise<T>;

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

/** Makes calls to a store that may fail, hang, or respond late. */
export class StoreCalls {
  readonly #options: StoreCallsOptions;

  constructor(options: StoreCallsOptions) {
    this.#options = options;
  }

  /** One attempt, which rejects with the store's error or a {@link StoreTimeoutError}. */
  async once<T>(call: StoreCall<T>): Promise<T> {
    const { timeoutMs } = this.#options;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new StoreTimeoutError(timeoutMs)), timeoutMs);
    try {
      return await abortable(call(late.signal), late.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A few attempts, one right after the other; rejects with the error of the last one. */
  async several<T>(call: StoreCall<T>, tries: number): Promise<T> {
    for (let left = tries - 1; left > 0; left -= 1) {
      try {
        return await this.once(call);
      } catch (error) {
        this.#options.onError(error);
      }
    }
    return this.once(call);
  }

  /** Repeats a call until it succeeds, with growing delays; rejects with the reason of `signal` when that aborts. */
  async untilDone<T>(call: StoreCall<T>, signal: AbortSignal): Promise<T> {
    for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, MAX_DELAY_MS)) {
      signal.throwIfAborted();
      try {
        return await abortable(this.once(call), signal);
      } catch (error) {
        signal.throwIfAborted();
        this.#options.onError(error);
      }
      await pause(delayMs, signal);
    }
  }
}

/** Waits, or ends early when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}

/** The result of a promise, unless `signal` aborts first; then it rejects with the signal's reason. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** The result of a promise, or `null` if it takes too long. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let clear = () => {};
  const late = new Promise<null>((resolve) => {
    clear = setLongTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clear();
  }
}
