import type { DatabaseSync } from "node:sqlite";

interface Step {
  readonly act: () => void;
  readonly isDurable: boolean;
  readonly signal: AbortSignal | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Carries out all writes of one turn of the event loop in one transaction: a commit costs far more than a write, and
 * SQLite blocks the process meanwhile.
 */
export class WriteBatch {
  readonly #database: DatabaseSync;
  readonly #onCommitted: () => void;
  #steps: Step[] = [];
  #isClosed = false;

  constructor(database: DatabaseSync, onCommitted: () => void) {
    this.#database = database;
    this.#onCommitted = onCommitted;
  }

  /**
   * Carries out `act` with the next transaction, and resolves with its result when that is committed. A durable one
   * survives a loss of power; the others survive the death of the process.
   */
  run<T>(act: () => T, signal: AbortSignal | undefined, isDurable = false): Promise<T> {
    if (this.#isClosed) return Promise.reject(new Error("The store is closed."));
    return new Promise((resolve, reject) => {
      let result: () => T;
      const step: Step = {
        act: () => {
          const value = act();
          result = () => value;
        },
        isDurable,
        signal,
        resolve: () => resolve(result()),
        reject,
      };
      this.#steps.push(step);
      if (this.#steps.length === 1) setImmediate(() => this.flush());
    });
  }

  /** Commits what waits, and takes nothing more. */
  close(): void {
    this.#isClosed = true;
    this.flush();
  }

  flush(): void {
    const steps = this.#steps;
    this.#steps = [];
    const wanted = steps.filter(({ signal, reject }) => {
      if (signal?.aborted === true) reject(signal.reason);
      return signal?.aborted !== true;
    });
    if (wanted.length === 0) return;
    try {
      this.#commit(wanted);
    } catch (error) {
      for (const { reject } of wanted) reject(error);
      return;
    }
    for (const { resolve } of wanted) resolve();
    this.#onCommitted();
  }

  #commit(steps: readonly Step[]): void {
    const isDurable = steps.some((step) => step.isDurable);
    this.#database.exec(`PRAGMA synchronous = ${isDurable ? "FULL" : "NORMAL"}; BEGIN IMMEDIATE`);
    try {
      for (const { act } of steps) act();
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}
