import { abortable } from "../store-calls.js";

/**
 * Lets writes of one sync go out in the order in which they were made: a pool sends them on several connections, where a
 * later one may overtake. One that is given up holds up no other.
 */
export class WriteOrder {
  readonly #last = new Map<string, Promise<void>>();

  async run<T>(key: string, signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const result = before === undefined ? call() : before.then(() => this.#unlessAborted(signal, call));
    const done = (signal === undefined ? result : abortable(result, signal)).then(ignore, ignore);
    this.#last.set(key, done);
    void done.then(() => {
      if (this.#last.get(key) === done) this.#last.delete(key);
    });
    return result;
  }

  async #unlessAborted<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    return call();
  }
}

function ignore(): void {}
