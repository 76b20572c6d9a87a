import type { SyncSnapshot } from "../protocol/snapshot.js";

/** How an attempt is over, for the engine that runs it. The first result counts. */
export class AttemptResult {
  readonly promise: Promise<SyncSnapshot>;
  #resolve = (_: SyncSnapshot) => {};
  reject = (_: unknown) => {};

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.reject = reject;
    });
    // Whoever runs no engine does not look at it.
    this.promise.catch(() => {});
  }

  settle(last: SyncSnapshot, cause: unknown): void {
    if (last.status === "error") this.reject(cause);
    else this.#resolve(last);
  }
}
