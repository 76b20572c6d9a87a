import type { EventSourceLike } from "./event-source.js";
import { listenToStream } from "./event-source.js";
import type { SyncView } from "./sync-view.js";
import { wakeTime, wantedStream, watchMachine } from "./watch-machine.js";
import type { WatchPolicy } from "./watch-policy.js";
import { initialWatchState, type SnapshotAnswer, type WatchEvent, type WatchState } from "./watch-state.js";
import { watchView } from "./watch-view.js";

/** The world a watch acts on. */
export interface WatchEnvironment {
  /** Opens the sync's stream, or `null` where the platform has no EventSource. */
  openStream(): EventSourceLike | null;
  /** Asks the snapshot endpoint; never rejects. */
  askSnapshot(signal: AbortSignal): Promise<SnapshotAnswer>;
  /** Renews the credentials; answers whether that worked. */
  authorize(): Promise<boolean>;
  /** Told after every decision of the machine. */
  onDecision(state: WatchState): void;
  /** A listener threw; the watch goes on. */
  onListenerError(error: unknown): void;
}

/**
 * The one observation of one sync id: carries out what the watch machine wants, and holds the only timer of it. All
 * rules are in the machine; this class only keeps one stream, one request and one timer in step with its state.
 */
export class Watch {
  #state: WatchState;
  #view: SyncView;
  readonly #environment: WatchEnvironment;
  readonly #listeners = new Set<() => void>();
  #stream: { readonly id: number; readonly close: () => void } | null = null;
  #request: { readonly id: number; readonly controller: AbortController } | null = null;
  #timer: { readonly at: number; readonly handle: ReturnType<typeof setTimeout> } | null = null;
  #isAuthorizing = false;
  #isDisposed = false;
  #isTelling = false;
  readonly #inbox: WatchEvent[] = [];

  constructor(syncId: string, policy: WatchPolicy, environment: WatchEnvironment) {
    this.#state = initialWatchState(syncId, policy);
    this.#view = watchView(this.#state);
    this.#environment = environment;
  }

  get view(): SyncView {
    return this.#view;
  }

  /** Tells `listener` after every change of {@link view}. */
  addListener(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets something happen to the watch. */
  tell(event: WatchEvent): void {
    this.#inbox.push(event);
    // Carrying out an effect may tell something at once; it waits its turn, so that no state is skipped.
    if (this.#isTelling) return;
    this.#isTelling = true;
    const before = this.#state;
    for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) this.#take(next);
    this.#isTelling = false;
    if (this.#state !== before) this.#publish();
  }

  /** Ends the watch: nothing of it is left behind. */
  dispose(): void {
    this.#isDisposed = true;
    this.#closeStream();
    this.#abortRequest();
    this.#clearTimer();
    this.#listeners.clear();
  }

  #take(event: WatchEvent): void {
    if (this.#isDisposed) return;
    const before = this.#state;
    this.#state = watchMachine(before, { ...event, now: Date.now(), random: Math.random() });
    if (this.#state === before) return;
    if (this.#state.decision !== before.decision) this.#environment.onDecision(this.#state);
    this.#applyStream(this.#state);
    this.#applyRequest(this.#state);
    this.#applyAuthorization(this.#state);
    this.#applyTimer(this.#state);
  }

  #applyStream(state: WatchState): void {
    const id = wantedStream(state.link);
    if (this.#stream?.id === id) return;
    this.#closeStream();
    if (id === null) return;
    try {
      const source = this.#environment.openStream();
      if (source === null) {
        this.tell({ type: "stream-unsupported", stream: id, message: "There is no EventSource on this platform." });
        return;
      }
      const close = listenToStream(source, {
        onOpen: () => this.tell({ type: "stream-open", stream: id }),
        onHeartbeat: () => this.tell({ type: "stream-heartbeat", stream: id }),
        onRetrying: () => this.tell({ type: "stream-retrying", stream: id }),
        onClosed: () => this.tell({ type: "stream-closed", stream: id }),
        onSnapshot: (decoded) =>
          this.tell(
            decoded.ok
              ? { type: "stream-snapshot", stream: id, snapshot: decoded.value }
              : { type: "stream-unreadable", stream: id, problem: decoded.problem },
          ),
      });
      this.#stream = { id, close };
    } catch (error) {
      this.tell({
        type: "stream-unsupported",
        stream: id,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }

  #applyRequest(state: WatchState): void {
    const id = state.request?.id ?? null;
    if ((this.#request?.id ?? null) === id) return;
    this.#abortRequest();
    if (id === null) return;
    const controller = new AbortController();
    this.#request = { id, controller };
    void this.#environment.askSnapshot(controller.signal).then((answer) => {
      if (this.#request?.id === id) this.tell({ type: "answer", request: id, answer });
    });
  }

  #applyAuthorization(state: WatchState): void {
    if (state.link.kind !== "authorizing") {
      this.#isAuthorizing = false;
      return;
    }
    if (this.#isAuthorizing) return;
    this.#isAuthorizing = true;
    void this.#environment
      .authorize()
      .then((isAuthorized) => this.tell({ type: isAuthorized ? "authorized" : "authorization-failed" }));
  }

  #applyTimer(state: WatchState): void {
    const wanted = wakeTime(state);
    // Infinity means never, and setTimeout takes what is beyond 31 bits for 0.
    const at = wanted === null || wanted === Number.POSITIVE_INFINITY ? null : wanted;
    if ((this.#timer?.at ?? null) === at) return;
    this.#clearTimer();
    if (at === null) return;
    const handle = setTimeout(
      () => {
        this.#timer = null;
        this.tell({ type: "tick" });
        // Timers may fire a moment early against Date.now(); the machine then still waits for the same time.
        this.#applyTimer(this.#state);
      },
      Math.max(0, Math.min(at - Date.now(), 2_147_483_647)),
    );
    this.#timer = { at, handle };
  }

  #publish(): void {
    const view = watchView(this.#state, this.#view);
    if (view === this.#view) return;
    this.#view = view;
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        this.#environment.onListenerError(error);
      }
    }
  }

  #closeStream(): void {
    this.#stream?.close();
    this.#stream = null;
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
