import type { Decoded } from "../protocol/decoding.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { Transition } from "./connection.js";
import { closed } from "./connection-moves.js";
import type { ConnectionPolicy } from "./connection-policy.js";
import { ConnectionRunner } from "./connection-runner.js";
import type { ConnectionState, Decision } from "./connection-state.js";
import { deriveView } from "./derive-view.js";
import type { FrameScheduler } from "./frame-scheduler.js";
import { ListenerSet } from "./listener-set.js";
import type { StreamLimit } from "./stream-limit.js";
import { describeError, SyncRequestError } from "./sync-request.js";
import type { StreamMessage, SyncTransport } from "./sync-transport.js";
import type { SyncView } from "./sync-view.js";
import { hasEnded, type TrackingOptions } from "./tracked-sync.js";
import {
  initialWatch,
  type SnapshotResult,
  takeSnapshot,
  transitionWatch,
  type WatchEvent,
  type WatchState,
  withStall,
} from "./watch-state.js";

/** The surroundings of a watch. */
export interface WatchEnvironment {
  readonly transport: SyncTransport;
  readonly policy: ConnectionPolicy;
  readonly tracking: TrackingOptions;
  readonly frames: FrameScheduler;
  readonly streams: StreamLimit;
  /** A decision was taken; `connection` is the state it led to. */
  onDecision(decision: Decision, connection: ConnectionState): void;
  /** A message has come by its own stream. */
  onMessage(name: string, data: unknown): void;
  /** The view was replaced. */
  onChange(view: SyncView, before: SyncView): void;
  /** Something outside threw that should not have. */
  onError(error: unknown): void;
}

/**
 * Watches one sync, for all that listen to it: over a connection of its own, or over one that it shares with others, the
 * feed. All rules are in `watch-state.ts`, `connection.ts` and `tracked-sync.ts`.
 */
export class Watch {
  readonly #environment: WatchEnvironment;
  readonly #listeners: ListenerSet<[]>;
  readonly #syncId: string;
  #state: WatchState;
  #view: SyncView;
  #isDisposed = false;
  /** Runs its own connection; `null` while it shares one. */
  #runner: ConnectionRunner<WatchEvent> | null;
  /** The latest message of the stream, waiting for a frame. */
  #message: { readonly stream: number; message: StreamMessage; readonly cancel: () => void } | null = null;

  constructor(syncId: string, environment: WatchEnvironment) {
    this.#environment = environment;
    this.#listeners = new ListenerSet(environment.onError);
    this.#syncId = syncId;
    this.#state = initialWatch(syncId, environment.policy);
    this.#view = deriveView(this.#state, environment.transport, null);
    this.#runner = this.#createRunner();
  }

  get view(): SyncView {
    return this.#view;
  }

  /** What it has of the sync. */
  get sync(): WatchState["sync"] {
    return this.#state.sync;
  }

  /** Notifies `listener` after every change of {@link view}. Returns a function that unsubscribes. */
  addListener(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Tries a stream that became available; returns whether it waited for one. */
  takeStream(): boolean {
    const { link } = this.#state.connection;
    if (this.#runner === null || link.kind !== "polling" || !link.awaitsStream) return false;
    this.dispatch({ type: "stream-available" });
    return true;
  }

  /** Takes an event. One that is about its own connection changes nothing while it shares one. */
  dispatch(event: WatchEvent): void {
    if (this.#isDisposed) return;
    if (this.#runner === null) {
      if (event.type === "command") this.#replace({ ...this.#state, command: event.command });
      if (event.type === "command-snapshot") this.receive(event.snapshot);
      return;
    }
    const message = this.#takeMessage();
    if (message !== null) this.#runner.dispatch(message);
    this.#runner?.dispatch(event);
  }

  /** Shares a connection from now on, in place of its own: what comes by it is given to {@link receive}. */
  share(connection: ConnectionState): void {
    if (this.#isDisposed || hasEnded(this.#state.sync)) return;
    this.#runner?.dispose();
    this.#runner = null;
    if (connection !== this.#state.connection) this.#replace({ ...this.#state, connection });
  }

  /** Has a connection of its own again. */
  unshare(): void {
    if (this.#isDisposed || this.#runner !== null || hasEnded(this.#state.sync)) return;
    const { connection } = initialWatch(this.#syncId, this.#environment.policy);
    const { hasContent, disconnectedAt } = this.#state.connection;
    this.#state = { ...this.#state, connection: { ...connection, hasContent, disconnectedAt } };
    this.#runner = this.#createRunner();
    this.#runner.dispatch({ type: "start" });
  }

  /** Takes a snapshot of the shared connection. Returns whether that was news. */
  receive(snapshot: SyncSnapshot): boolean {
    const before = this.#state;
    let state = takeSnapshot(before, snapshot, Date.now(), this.#environment.tracking);
    if (hasEnded(state.sync)) state = { ...state, connection: closed(state.connection) };
    this.#replace(state);
    return state.sync !== before.sync;
  }

  /** Marks the sync as stalled if it should have moved by now: the backend has confirmed that it has not. */
  confirmStall(): void {
    const { state, decisions } = withStall(this.#state, [], Date.now(), this.#environment.tracking);
    for (const decision of decisions) this.#environment.onDecision(decision, state.connection);
    this.#replace(state);
  }

  /** Ends the watch; nothing of it is left behind. */
  dispose(): void {
    this.#isDisposed = true;
    this.#listeners.clear();
    this.#runner?.dispose();
  }

  #createRunner(): ConnectionRunner<WatchEvent> {
    const { transport, tracking, streams, onDecision, onError } = this.#environment;
    const state = () => this.#state;
    return new ConnectionRunner<WatchEvent>(
      {
        get connection() {
          return state().connection;
        },
        transition: (event, at) => this.#transition(event, at, tracking),
        openStream: (id) => this.#openStream(id),
        request: async (id, signal) => ({
          type: "snapshot-result",
          request: id,
          result: await requestSnapshot(transport, this.#syncId, signal),
        }),
        reauthorize: async () => transport.reauthorize?.() ?? false,
        onDecision,
        onError,
        onIdle: () => this.#publish(),
      },
      streams,
    );
  }

  #transition(event: WatchEvent, at: { now: number; random: number }, tracking: TrackingOptions): Transition {
    const { state, decisions } = transitionWatch(this.#state, event, at, tracking);
    this.#state = state;
    return { state: state.connection, decisions };
  }

  #openStream(id: number): () => void {
    const { transport, frames } = this.#environment;
    if (transport.openStream === undefined) throw new TypeError("The transport has no streams.");
    let isFirst = true;
    const isCurrent = () => this.#runner?.streamId === id;
    const dispatch = (event: WatchEvent) => {
      if (isCurrent()) this.dispatch(event);
    };
    const close = transport.openStream(this.#syncId, {
      onOpen: () => dispatch({ type: "stream-open", stream: id }),
      onHeartbeat: (intervalMs = null, isStale = false) =>
        dispatch({ type: "stream-heartbeat", stream: id, intervalMs, isStale }),
      onInterrupted: () => dispatch({ type: "stream-interrupted", stream: id }),
      onClosed: () => dispatch({ type: "stream-closed", stream: id }),
      onRaw: this.#environment.onMessage,
      onSnapshot: (message) => {
        if (!isCurrent()) return;
        if (isFirst || message.isUrgent) {
          isFirst = false;
          this.#dropMessage();
          return this.dispatch({ type: "stream-snapshot", stream: id, decoded: decodeMessage(message) });
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
    return () => {
      this.#dropMessage();
      close();
    };
  }

  readonly #flushMessage = (): void => {
    const waiting = this.#message;
    if (waiting === null) return;
    this.#message = null;
    this.dispatch({ type: "stream-snapshot", stream: waiting.stream, decoded: decodeMessage(waiting.message) });
  };

  /** The waiting message, to be put before whatever happens now. */
  #takeMessage(): WatchEvent | null {
    const waiting = this.#message;
    if (waiting === null) return null;
    this.#message = null;
    waiting.cancel();
    return { type: "stream-snapshot", stream: waiting.stream, decoded: decodeMessage(waiting.message) };
  }

  #dropMessage(): void {
    this.#message?.cancel();
    this.#message = null;
  }

  #replace(state: WatchState): void {
    this.#state = state;
    this.#publish();
  }

  #publish(): void {
    if (this.#isDisposed) return;
    const before = this.#view;
    this.#view = deriveView(this.#state, this.#environment.transport, before);
    if (this.#view === before) return;
    this.#environment.onChange(this.#view, before);
    this.#listeners.notify();
  }
}

/** Reads a message; one that throws is unreadable. */
function decodeMessage(message: StreamMessage): Decoded<SyncSnapshot> {
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
    return describeFailure(error);
  }
}

/** What the rejection of a request says to a connection. */
export function describeFailure(error: unknown): Exclude<SnapshotResult, { readonly kind: "snapshot" }> {
  const message = describeError(error);
  if (!(error instanceof SyncRequestError)) return { kind: "no-response", message };
  const { status, retryAfterMs, kind } = error;
  if (kind === "invalid-response") return { kind: "unusable", reason: "response-unreadable", message };
  return status === null ? { kind: "no-response", message } : { kind: "refused", status, retryAfterMs, message };
}
