/** Listeners of one subject. One that throws is reported, and neither the others nor the subject notice. */
export class ListenerSet<Args extends readonly unknown[]> {
  readonly #listeners = new Set<{ readonly listener: (...args: Args) => void }>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Adds a listener. Returns a function that removes it. */
  add(listener: (...args: Args) => void): () => void {
    // An entry of its own, since one function may be added twice.
    const entry = { listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  notify(...args: Args): void {
    // A copy, since listeners may be added or removed meanwhile.
    for (const entry of [...this.#listeners]) {
      try {
        if (this.#listeners.has(entry)) entry.listener(...args);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  clear(): void {
    this.#listeners.clear();
  }
}
