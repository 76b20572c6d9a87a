import type { EventSync, ServiceEvent } from "./service-event.js";

/** Observes what happens in a process. */
export interface SyncObserver {
  /** Called at once, also in the midst of work: return soon. What it throws goes to `onError` and changes nothing. */
  onEvent?(event: ServiceEvent): void;
  /**
   * Calls the job of a sync and returns its promise, in a context that what the job does is to belong to. Default: calls it
   * as it is. The job runs once, and its own result counts: what this throws before it goes to `onError`.
   */
  runJob?(sync: EventSync, job: () => Promise<void>): Promise<void>;
}

/** Several observers as one, which never throws. */
export class Observers implements Required<SyncObserver> {
  readonly #observers: readonly SyncObserver[];
  readonly #onError: (error: unknown) => void;

  constructor(observers: readonly SyncObserver[], onError: (error: unknown) => void) {
    this.#observers = observers;
    this.#onError = onError;
  }

  get isEmpty(): boolean {
    return this.#observers.length === 0;
  }

  onEvent(event: ServiceEvent): void {
    for (const observer of this.#observers) {
      try {
        observer.onEvent?.(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  async runJob(sync: EventSync, job: () => Promise<void>): Promise<void> {
    const running: Promise<void>[] = [];
    const begin = async () => {
      // Also if it throws at once.
      if (running.length === 0) running.push((async () => job())());
      await running[0];
    };
    const observed = this.#observers.reduceRight<() => Promise<void>>(
      (call, observer) => async () => observer.runJob?.(sync, call) ?? call(),
      begin,
    );
    try {
      await observed();
    } catch (error) {
      if (running.length === 0) this.#onError(error);
    }
    // Whatever observers make of it: the job runs once, and its own result counts.
    await begin();
  }
}
