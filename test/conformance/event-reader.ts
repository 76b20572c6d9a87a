import { createParser } from "eventsource-parser";

/** An event as it has arrived. */
export interface ReceivedEvent {
  readonly name: string;
  readonly id: string | null;
  readonly data: unknown;
  /** Monotonic clock, ms. */
  readonly at: number;
}

/** A reader of a stream, who notes what comes. */
export class EventReader {
  readonly events: ReceivedEvent[] = [];
  /** What the stream has advised to wait before a reconnection, in ms. */
  readonly retries: number[] = [];
  readonly response: Response;
  readonly #leave: AbortController;
  readonly #ended = Promise.withResolvers<void>();
  #wake = Promise.withResolvers<void>();
  #hasEnded = false;

  private constructor(response: Response, leave: AbortController) {
    this.response = response;
    this.#leave = leave;
    this.#read().then(this.#ended.resolve, this.#ended.reject);
    // A broken stream is a failure only for whoever waits for its end.
    this.#ended.promise.catch(() => {});
  }

  /** Opens a stream; rejects when there is no response within `timeoutMs`. */
  static async open(url: string, headers: Readonly<Record<string, string>>, timeoutMs = 5_000): Promise<EventReader> {
    const leave = new AbortController();
    const timer = setTimeout(
      () => leave.abort(new Error(`${url} has not responded within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const response = await fetch(url, { headers, signal: leave.signal });
    clearTimeout(timer);
    return new EventReader(response, leave);
  }

  /** Events without heartbeats. */
  get snapshots(): readonly ReceivedEvent[] {
    return this.events.filter(({ name }) => name !== "heartbeat" && name !== "ready" && name !== "removed");
  }

  /** The first event that is wanted, whether it has come or comes within `timeoutMs`. */
  async waitFor(isWanted: (event: ReceivedEvent) => boolean, what: string, timeoutMs = 10_000): Promise<ReceivedEvent> {
    const late = performance.now() + timeoutMs;
    for (;;) {
      const found = this.events.find(isWanted);
      if (found !== undefined) return found;
      const names = this.events.map(({ name }) => name).join(", ") || "nothing";
      if (this.#hasEnded) throw new Error(`The stream has ended without ${what}; it has brought ${names}.`);
      const left = late - performance.now();
      if (left <= 0) throw new Error(`${what} has not come within ${timeoutMs} ms; the stream has brought ${names}.`);
      await Promise.race([this.#wake.promise, pause(left)]);
    }
  }

  /** Resolves when the server has ended the stream; rejects when it breaks, or has not ended within `timeoutMs`. */
  async waitForEnd(timeoutMs = 10_000): Promise<void> {
    const late = pause(timeoutMs).then(() => {
      throw new Error(`The stream is still open after ${timeoutMs} ms.`);
    });
    await Promise.race([this.#ended.promise, late]);
  }

  /** Closes the connection. */
  leave(): void {
    this.#leave.abort();
  }

  async #read(): Promise<void> {
    const parser = createParser({
      onEvent: ({ event = "message", id = null, data }) => {
        this.events.push({ name: event, id, data: parse(data), at: performance.now() });
        this.#notify();
      },
      onRetry: (ms) => this.retries.push(ms),
    });
    const decoder = new TextDecoder();
    try {
      if (this.response.body === null) return;
      for await (const chunk of this.response.body) parser.feed(decoder.decode(chunk, { stream: true }));
    } finally {
      this.#hasEnded = true;
      this.#notify();
    }
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw new Error(`The data of an event is not JSON: ${data.slice(0, 80)}`);
  }
}

/** Waits; does not keep the process alive. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
