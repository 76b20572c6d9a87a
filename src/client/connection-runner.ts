import { type Transition, wakeTime, wantedStream } from "./connection.js";
import type { ConnectionEvent, ConnectionState, Decision } from "./connection-state.js";
import { StreamLimit } from "./stream-limit.js";
import { describeError } from "./sync-request.js";

/** The events that come of running a connection itself. */
type RunnerEvent = Extract<
  ConnectionEvent,
  { readonly type: "tick" | "stream-limit" | "stream-unsupported" | "authorized" | "authorization-failed" }
>;

/** Whose connection is run: it has the state, and knows what a stream and a request are. */
export interface ConnectionOwner<Event> {
  /** Its state now. */
  readonly connection: ConnectionState;
  /** Takes an event into its state, and returns what that did to the connection. */
  transition(event: Event | RunnerEvent, at: { readonly now: number; readonly random: number }): Transition;
  /**
   * Opens the stream with this number. Returns a function that closes it; nothing may be dispatched for it after that. May
   * throw if there are no streams.
   */
  openStream(id: number): () => void;
  /** Makes the request with this number and resolves with its outcome; never rejects. */
  request(id: number, signal: AbortSignal): Promise<Event>;
  /** Renews the credentials; resolves with whether that worked. */
  reauthorize(): Promise<boolean>;
  /** A decision was taken; `connection` is the state it led to. */
  onDecision(decision: Decision, connection: ConnectionState): void;
  /** Something outside threw that should not have. */
  onError(error: unknown): void;
  /** All that was dispatched is done. */
  onIdle(): void;
}

/** setTimeout takes what is beyond 31 bits for 0. */
const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Carries out what a connection wants: keeps one stream, one request and one timer in step with its state. All rules are
 * in `connection.ts`. Nothing that a callback or transport throws gets in its way.
 */
export class ConnectionRunner<Event> {
  readonly #owner: ConnectionOwner<Event>;
  readonly #streams: StreamLimit;
  readonly #queue: (Event | RunnerEvent)[] = [];
  #isDispatching = false;
  #isDisposed = false;
  #stream: { readonly id: number; close: () => void } | null = null;
  #holdsStream = false;
  #request: { readonly id: number; readonly controller: AbortController } | null = null;
  #timer: { readonly at: number; readonly handle: ReturnType<typeof setTimeout> } | null = null;
  #isAuthorizing = false;

  /** @param streams Counts the streams; none for one that is not counted. */
  constructor(owner: ConnectionOwner<Event>, streams = new StreamLimit(Number.POSITIVE_INFINITY, () => {})) {
    this.#owner = owner;
    this.#streams = streams;
  }

  /** The number of the stream that is open. */
  get streamId(): number | null {
    return this.#stream?.id ?? null;
  }

  dispatch(event: Event | RunnerEvent): void {
    if (this.#isDisposed) return;
    this.#queue.push(event);
    // Applying an effect may dispatch at once; that waits its turn, so that no state is skipped.
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#process(next);
    } finally {
      this.#isDispatching = false;
    }
    if (!this.#isDisposed) this.#owner.onIdle();
  }

  /** Closes everything; nothing is left behind. */
  dispose(): void {
    this.#isDisposed = true;
    this.#closeStream();
    this.#releaseStream();
    this.#abortRequest();
    this.#clearTimer();
  }

  #process(event: Event | RunnerEvent): void {
    if (this.#isDisposed) return;
    const before = this.#owner.connection;
    const { state, decisions } = this.#owner.transition(event, { now: Date.now(), random: Math.random() });
    for (const decision of decisions) this.#owner.onDecision(decision, state);
    // A listener of decisions may have ended the connection.
    if (state !== before && !this.#isDisposed) this.#applyEffects(state);
  }

  #applyEffects(state: ConnectionState): void {
    this.#applyStream(state);
    // Opening a stream runs the application's code, which may have ended the connection.
    if (this.#isDisposed) return;
    this.#applyRequest(state);
    this.#applyAuthorization(state);
    this.#applyTimer(state);
  }

  #applyStream(state: ConnectionState): void {
    const id = wantedStream(state.link);
    if (this.#stream?.id === id) return;
    if (this.#stream === null && id === null) return;
    this.#closeStream();
    if (id === null) {
      this.#releaseStream();
      return;
    }
    this.#holdsStream ||= this.#streams.acquire();
    if (!this.#holdsStream) {
      this.dispatch({ type: "stream-limit", stream: id });
      return;
    }
    // Set before it is opened, so that what it reports at once is not lost.
    const stream = { id, close: () => {} };
    this.#stream = stream;
    try {
      const close = this.#owner.openStream(id);
      if (this.#stream === stream) stream.close = close;
      else close();
    } catch (error) {
      if (this.#stream === stream) this.#stream = null;
      this.#releaseStream();
      this.dispatch({ type: "stream-unsupported", stream: id, message: describeError(error) });
    }
  }

  #applyRequest(state: ConnectionState): void {
    const id = state.request?.id ?? null;
    if ((this.#request?.id ?? null) === id) return;
    this.#abortRequest();
    if (id === null) return;
    const controller = new AbortController();
    this.#request = { id, controller };
    void this.#owner.request(id, controller.signal).then((outcome) => {
      if (this.#request?.id === id) this.dispatch(outcome);
    });
  }

  #applyAuthorization({ link }: ConnectionState): void {
    if (link.kind !== "authorizing") {
      this.#isAuthorizing = false;
      return;
    }
    if (this.#isAuthorizing) return;
    this.#isAuthorizing = true;
    void (async () => this.#owner.reauthorize())()
      .catch(() => false)
      .then((isAuthorized) => this.dispatch({ type: isAuthorized ? "authorized" : "authorization-failed" }));
  }

  #applyTimer(state: ConnectionState): void {
    const wakeAt = wakeTime(state);
    const at = wakeAt === Number.POSITIVE_INFINITY ? null : wakeAt;
    if ((this.#timer?.at ?? null) === at) return;
    this.#clearTimer();
    if (at === null) return;
    const onTimeout = () => {
      this.#timer = null;
      this.dispatch({ type: "tick" });
      // A timer may fire a moment before Date.now() is there; the connection then still waits for the same time.
      if (!this.#isDisposed) this.#applyTimer(this.#owner.connection);
    };
    const handle = setTimeout(onTimeout, Math.max(0, Math.min(at - Date.now(), MAX_TIMEOUT_MS)));
    this.#timer = { at, handle };
  }

  #closeStream(): void {
    const stream = this.#stream;
    this.#stream = null;
    try {
      stream?.close();
    } catch (error) {
      this.#owner.onError(error);
    }
  }

  #releaseStream(): void {
    if (!this.#holdsStream) return;
    this.#holdsStream = false;
    this.#streams.release();
  }

  #abortRequest(): void {
    this.#request?.controller.abort();
    this.#request = null;
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer.handle);
    this.#timer = null;
  }
}
