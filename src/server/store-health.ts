import type { StoreCalls } from "./store-calls.js";
import type { SyncStore } from "./sync-store.js";

/** How long a look at the store counts, in ms: however often a probe comes, the store has one read a second. */
const FRESH_MS = 1_000;

/** A sync of nobody: every store can look for it, and finds nothing. */
const NOBODY = { tenantId: "", userId: "" };

/** Looks whether the store responds. */
export class StoreHealth {
  readonly #store: SyncStore;
  readonly #calls: StoreCalls;
  #look: Promise<boolean> | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(store: SyncStore, calls: StoreCalls) {
    this.#store = store;
    this.#calls = calls;
  }

  /** Whether the store responds, as of a second ago at most. */
  isReachable(): Promise<boolean> {
    const now = performance.now();
    if (this.#look === null || now - this.#lookedAt >= FRESH_MS) {
      this.#lookedAt = now;
      this.#look = this.#calls
        .once((signal) => this.#store.get(NOBODY, "health", signal))
        .then(
          () => true,
          () => false,
        );
    }
    return this.#look;
  }
}
