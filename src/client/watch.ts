import type { Decoded } from "../protocol/decoding.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { wakeTime, wantedStream } from "./connection.js";
import type { ConnectionPolicy } from "./connection-policy.js";
import type { ConnectionState, Decision } from "./connection-state.js";
import { deriveView } from "./derive-view.js";
import type { FrameScheduler } from "./frame-scheduler.js";
import { ListenerSet } from "./listener-set.js";
import type { StreamLimit } from "./stream-limit.js";
import { describeError, SyncRequestError } from "./sync-request.js";
import type { StreamMessage, SyncTransport } from "./sync-transport.js";
import type { SyncView } from "./sync-view.js";
import type { TrackingOptions } from "./tracked-sync.js";
import { initialWatch, type SnapshotResult, transitionWatch, type WatchEvent, type WatchState } from "./watch-state.js";

/** The surroundings of a watch. */
export interface WatchEnvironment {
  readonly transport: SyncTransport;
  readonly policy: ConnectionPolicy;
  readonly tracking: TrackingOptions;
  readonly frames: FrameScheduler;
  readonly streams: StreamLimit;
  /** A decision was taken; `connection` is the state it led to. */
  onDecision(decision: Decision, connection: ConnectionState): void;
  /** The view was replaced. */
  onChange(view: SyncView, before: SyncView): void;
  /** Something outside threw that should not have. */
  onError(error: unknown): void;
}

/** setTimeout takes what is beyond 31 bits for 0. */
const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Carries out what a watch wants: keeps one stream, one request and one timer in step with its state. All rules are in
 * `watch-state.ts`, `connection.ts` and `tracked-sync.ts`. Nothing that a listener, callback or transport throws gets in
 * its way.
 */
export class Watch {
  readonly #environment: WatchEnvironment;
  readonly #listeners: ListenerSet<[]>;
  readonly #syncId: string;
  #state: WatchState;
  #view: SyncView;
  readonly #queue: WatchEvent[] = [];
  #isDispatching = false;
  #isDisposed = false;
  #stream: { readonly id: number; close: () => void } | null = null;
  #holdsStream = false;
  /** The latest message of the stream, waiting for a frame. */
  #message: { readonly stream: number; message: StreamMessage; readonly cancel: () => void } | null = null;
  #request: { readonly id: number; readonly controller: AbortController } | null = null;
  #timer: { readonly at: number; readonly handle: ReturnType<typeof setTimeout> } | null = null;
  #isAuthorizing = false;

  constructor(syncId: string, environment: WatchEnvironment) {
    this.#environment = environment;
    this.#listeners = new ListenerSet(environment.onError);
    this.#syncId = syncId;
    this.#state = initialWatch(syncId, environment.policy);
    this.#view = deriveView(this.#state, environment.transport, null);
  }

  get view(): SyncView {
    return this.#view;
  }

  /** Notifies `listener` after every change of {@link view}. Returns a function that unsubscribes. */
  addListener(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Tries a stream that became available; returns whether it waited for one. */
  takeStream(): boolean {
    const { link } = this.#state.connection;
    if (link.kind !== "polling" || !link.awaitsStream) return false;
    this.dispatch({ type: "stream-available" });
    return true;
  }

  dispatch(event: WatchEvent): void {
    if (this.#isDisposed) return;
    this.#takeMessage();
    this.#queue.push(event);
    // Applying an effect may dispatch at once; that waits its turn, so that no state is skipped.
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#process(next);
    } finally {
      this.#isDispatching = false;
    }
    this.#publish();
  }

  /** Ends the watch; nothing of it is left behind. */
  dispose(): void {
    this.#isDisposed = true;
    this.#listeners.clear();
    this.#closeStream();
    this.#releaseStream();
    this.#abortRequest();
    this.#clearTimer();
  }

  #process(event: WatchEvent): void {
    if (this.#isDisposed) return;
    const { tracking, onDecision } = this.#environment;
    const before = this.#state.connection;
    const { state, decisions } = transitionWatch(
      this.#state,
      event,
      { now: Date.now(), random: Math.random() },
      tracking,
    );
    this.#state = state;
    for (const decision of decisions) onDecision(decision, state.connection);
    // A listener of decisions may have ended the watch.
    if (state.connection !== before && !this.#isDisposed) this.#applyEffects(state.connection);
  }

  #applyEffects(state: ConnectionState): void {
    this.#applyStream(state);
    // Opening a stream runs the application's code, which may have ended the watch.
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
    this.#holdsStream ||= this.#environment.streams.acquire();
    if (!this.#holdsStream) {
      this.dispatch({ type: "stream-limit", stream: id });
      return;
    }
    // Set before it is opened, so that what it reports at once is not lost.
    const stream = { id, close: () => {} };
    this.#stream = stream;
    try {
      const close = this.#openStream(id);
      if (this.#stream === stream) stream.close = close;
      else close();
    } catch (error) {
      if (this.#stream === stream) this.#stream = null;
      this.#releaseStream();
      this.dispatch({ type: "stream-unsupported", stream: id, message: describeError(error) });
    }
  }

  #openStream(id: number): () => void {
    const { transport, frames } = this.#environment;
    if (transport.openStream === undefined) throw new TypeError("The transport has no streams.");
    let isFirst = true;
    const isCurrent = () => this.#stream?.id === id;
    const dispatch = (event: WatchEvent) => {
      if (isCurrent()) this.dispatch(event);
    };
    return transport.openStream(this.#syncId, {
      onOpen: () => dispatch({ type: "stream-open", stream: id }),
      onHeartbeat: (intervalMs = null) => dispatch({ type: "stream-heartbeat", stream: id, intervalMs }),
      onInterrupted: () => dispatch({ type: "stream-interrupted", stream: id }),
      onClosed: () => dispatch({ type: "stream-closed", stream: id }),
      onSnapshot: (message) => {
        if (!isCurrent()) return;
        if (isFirst || message.isUrgent) {
          isFirst = false;
          this.#dropMessage();
          return this.dispatch({ type: "stream-snapshot", stream: id, decoded: decode(message) });
        }
        if (this.#message !== null) {
          // Its frame is on the way: to schedule another for each event would cost more than all else an event does.
          this.#message.message = message;
          return;
        }
        let cancel = () => {};
        this.#message = { stream: id, message, cancel: () => cancel() };
        cancel = frames.schedule(this.#flushMessage);
      },
    });
  }

  readonly #flushMessage = (): void => {
    const waiting = this.#message;
    if (waiting === null) return;
    this.#message = null;
    this.dispatch({ type: "stream-snapshot", stream: waiting.stream, decoded: decode(waiting.message) });
  };

  /** Puts the waiting message before whatever happens now. */
  #takeMessage(): void {
    const waiting = this.#message;
    if (waiting === null) return;
    this.#message = null;
    waiting.cancel();
    this.#queue.push({ type: "stream-snapshot", stream: waiting.stream, decoded: decode(waiting.message) });
  }

  #applyRequest(state: ConnectionState): void {
    const id = state.request?.id ?? null;
    if ((this.#request?.id ?? null) === id) return;
    this.#abortRequest();
    if (id === null) return;
    const controller = new AbortController();
    this.#request = { id, controller };
    void requestSnapshot(this.#environment.transport, this.#syncId, controller.signal).then((result) => {
      if (this.#request?.id === id) this.dispatch({ type: "snapshot-result", request: id, result });
    });
  }

  #applyAuthorization({ link }: ConnectionState): void {
    if (link.kind !== "authorizing") {
      this.#isAuthorizing = false;
      return;
    }
    if (this.#isAuthorizing) return;
    this.#isAuthorizing = true;
    void (async () => this.#environment.transport.reauthorize?.() ?? false)()
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
      if (!this.#isDisposed) this.#applyTimer(this.#state.connection);
    };
    const handle = setTimeout(onTimeout, Math.max(0, Math.min(at - Date.now(), MAX_TIMEOUT_MS)));
    this.#timer = { at, handle };
  }

  #publish(): void {
    const before = this.#view;
    this.#view = deriveView(this.#state, this.#environment.transport, before);
    if (this.#view === before) return;
    this.#environment.onChange(this.#view, before);
    this.#listeners.notify();
  }

  #dropMessage(): void {
    this.#message?.cancel();
    this.#message = null;
  }

  #closeStream(): void {
    const stream = this.#stream;
    this.#stream = null;
    this.#dropMessage();
    try {
      stream?.close();
    } catch (error) {
      this.#environment.onError(error);
    }
  }

  #releaseStream(): void {
    if (!this.#holdsStream) return;
    this.#holdsStream = false;
    this.#environment.streams.release();
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

function decode(message: StreamMessage): Decoded<SyncSnapshot> {
  try {
    return message.decode();
  } catch (error) {
    return { ok: false, problem: { kind: "wrong-type", message: describeError(error) } };
  }
}

/** Requests the snapshot; never rejects. */
async function requestSnapshot(transport: SyncTransport, syncId: string, signal: AbortSignal): Promise<SnapshotResult> {
  if (transport.getSnapshot === undefined) return { kind: "unsupported" };
  try {
    return { kind: "snapshot", snapshot: await transport.getSnapshot(syncId, signal) };
  } catch (error) {
    const message = describeError(error);
    if (!(error instanceof SyncRequestError)) return { kind: "no-response", message };
    const { status, retryAfterMs, kind } = error;
    if (kind === "invalid-response") return { kind: "unusable", reason: "response-unreadable", message };
    return status === null ? { kind: "no-response", message } : { kind: "refused", status, retryAfterMs, message };
  }
}
