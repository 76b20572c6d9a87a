import { setLongTimeout } from "./long-timeout.js";

/** `running`; `draining`: what runs is finished and nothing new begins; `closed`: nothing runs any more. */
export type ServiceState = "running" | "draining" | "closed";

/**
 * Called when the service begins to drain, and when it is closed. The drain waits for what is returned when it begins, until
 * its deadline.
 */
export type ShutdownListener = (state: Exclude<ServiceState, "running">) => void | Promise<void>;

/** Options of `SyncService.drain`. */
export interface DrainOptions {
  /** ms that running syncs have to finish; those that have not are ended as `interrupted` then. Default 20,000. */
  readonly deadlineMs?: number;
  /** As in `close`: ms that the ends, and `onSettled`, may take after that. Default 5,000. */
  readonly graceMs?: number;
}

export interface ServiceShutdownOptions {
  /** Resolves when no sync runs that could finish. */
  readonly whenIdle: () => Promise<void>;
  /** Ends what runs; takes at most `graceMs`. */
  readonly endAll: (graceMs: number) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** The service drains or was closed, and takes no new syncs. */
export class SyncServiceClosedError extends Error {
  override readonly name = "SyncServiceClosedError";

  constructor(state: ServiceState = "closed") {
    super(`The service is ${state}.`);
  }
}

const DEADLINE_MS = 20_000;
const GRACE_MS = 5_000;

/** The end of a service: at once, or after what runs has finished. */
export class ServiceShutdown {
  readonly #options: ServiceShutdownOptions;
  readonly #listeners = new Set<ShutdownListener>();
  /** What began before the end, and is under way. */
  readonly #starts = new Set<Promise<unknown>>();
  readonly #closing = Promise.withResolvers<void>();
  #state: ServiceState = "running";
  #drained: Promise<void> | null = null;

  constructor(options: ServiceShutdownOptions) {
    this.#options = options;
  }

  get state(): ServiceState {
    return this.#state;
  }

  /** Returns a function that removes the listener. */
  listen(listener: ShutdownListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Runs what begins a sync, so that the end of the service does not overtake it.
   *
   * @throws SyncServiceClosedError when the service drains or is closed.
   */
  async start<T>(begin: () => Promise<T>): Promise<T> {
    if (this.#state !== "running") throw new SyncServiceClosedError(this.#state);
    const begun = begin();
    this.#starts.add(begun);
    try {
      return await begun;
    } finally {
      this.#starts.delete(begun);
    }
  }

  /** Drains once, however often it is called. */
  drain({ deadlineMs = DEADLINE_MS, graceMs = GRACE_MS }: DrainOptions = {}): Promise<void> {
    if (!(deadlineMs >= 0)) {
      throw new TypeError(`SyncProgressError: deadlineMs must be a number of at least 0, got ${String(deadlineMs)}.`);
    }
    this.#drained ??= this.#drain(deadlineMs, graceMs);
    return this.#drained;
  }

  /** Resolves when no start is under way. */
  async started(): Promise<void> {
    await Promise.allSettled(this.#starts);
  }

  async close(graceMs = GRACE_MS): Promise<void> {
    if (this.#state === "running") this.#state = "draining";
    this.#closing.resolve();
    await this.#options.endAll(graceMs);
    if (this.#state === "closed") return;
    this.#state = "closed";
    await this.#notify("closed");
  }

  async #drain(deadlineMs: number, graceMs: number): Promise<void> {
    if (this.#state === "running") {
      this.#state = "draining";
      const late = Promise.withResolvers<void>();
      const clear = setLongTimeout(late.resolve, deadlineMs);
      const idle = this.started().then(this.#options.whenIdle);
      const finished = Promise.all([idle, this.#notify("draining")]);
      // `close` cuts it short.
      await Promise.race([finished, late.promise, this.#closing.promise]);
      clear();
    }
    await this.close(graceMs);
  }

  async #notify(state: Exclude<ServiceState, "running">): Promise<void> {
    const notified = [...this.#listeners].map(async (listener) => {
      try {
        await listener(state);
      } catch (error) {
        this.#options.onError(error);
      }
    });
    await Promise.all(notified);
  }
}
