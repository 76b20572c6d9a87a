/** Counts the streams of a client: browsers allow six HTTP/1.1 connections to a host, for all tabs together. */
export class StreamLimit {
  readonly #max: number;
  readonly #onAvailable: () => void;
  #open = 0;

  /** @param onAvailable Called when a stream became available. */
  constructor(max: number, onAvailable: () => void) {
    this.#max = max;
    this.#onAvailable = onAvailable;
  }

  /** Takes one; returns whether there was one. */
  acquire(): boolean {
    if (this.#open >= this.#max) return false;
    this.#open += 1;
    return true;
  }

  /** Gives one back. */
  release(): void {
    this.#open -= 1;
    this.#onAvailable();
  }
}
