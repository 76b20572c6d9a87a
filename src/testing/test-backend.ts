import { SyncRequestError } from "../client/sync-request.js";
import type { RunningSyncCommand, StartSyncOptions, StreamSink, SyncTransport } from "../client/sync-transport.js";
import { accept } from "../protocol/decoding.js";
import type { SyncFailure } from "../protocol/failure.js";
import type { Integration } from "../protocol/integration.js";
import { MAX_RUNNING_PERCENT, percentByPhase } from "../protocol/phases.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus, type SyncStatus } from "../protocol/status.js";

/** A request that the application has sent to the backend of a test. */
export type TestSyncRequest =
  | { readonly name: "start"; readonly integrationType: string; readonly options: StartSyncOptions }
  | { readonly name: "cancel" | "pause" | "resume" | "retry" | "retry_failed"; readonly syncId: string }
  | { readonly name: "notify"; readonly syncId: string; readonly email: boolean };

/** A sync and what belongs to it. */
interface StoredSync {
  readonly snapshot: SyncSnapshot;
  readonly failures: readonly SyncFailure[];
}

/** Whether requests and streams reach the backend, and what they meet there. */
export type Reachability = "connected" | "disconnected" | "signed-out";

/** A backend in memory: what its transport brings is whatever the test has set. No network, no timers. */
export class TestBackend {
  readonly requests: TestSyncRequest[] = [];
  reachability: Reachability = "connected";
  /** What the next command, start or retry is refused with. */
  refusal: SyncRequestError | null = null;
  readonly #initial: SyncSnapshot;
  readonly #integrations: readonly Integration[];
  readonly #syncs = new Map<string, StoredSync>();
  readonly #sinks = new Map<string, StreamSink>();
  readonly #statusBeforePause = new Map<string, SyncStatus>();
  #count = 0;

  /** @param initial How every sync begins. */
  constructor(initial: SyncSnapshot, integrations: readonly Integration[]) {
    this.#initial = initial;
    this.#integrations = integrations;
  }

  /** The sync that was started last; before the first one, the id that it will have. */
  get latestId(): string {
    return `sync-${Math.max(1, this.#count)}`;
  }

  /** @throws Error when no sync has this id. */
  get(syncId: string): StoredSync {
    const sync = this.#syncs.get(syncId);
    if (sync === undefined) throw new Error(`SyncProgressError: there is no sync "${syncId}"; start one first.`);
    return sync;
  }

  /** Starts another sync and returns its id. */
  start(connectorType: string): string {
    this.#count += 1;
    const syncId = this.latestId;
    const now = Date.now();
    const snapshot = { ...this.#initial, syncId, connectorType, seq: 1, startedAt: now, updatedAt: now };
    this.#syncs.set(syncId, { snapshot: withPercent(snapshot), failures: [] });
    return syncId;
  }

  /** Changes a sync; {@link publish} brings that to its stream. @throws Error when it has ended or does not exist. */
  change(syncId: string, change: Partial<SyncSnapshot>, failure?: SyncFailure): SyncSnapshot {
    const { snapshot, failures } = this.get(syncId);
    if (isTerminalStatus(snapshot.status)) {
      throw new Error(`SyncProgressError: the sync "${syncId}" has ended as ${snapshot.status}; start another one.`);
    }
    const now = Date.now();
    const next = { ...snapshot, ...change, seq: (snapshot.seq ?? 0) + 1, updatedAt: now };
    const ended = isTerminalStatus(next.status) ? { completedAt: now } : {};
    const current = { ...(change.percentComplete === undefined ? withPercent(next) : next), ...ended };
    this.#syncs.set(syncId, { snapshot: current, failures: failure === undefined ? failures : [...failures, failure] });
    return current;
  }

  /** Sends the state of a sync to its stream, or ends that if it is refused. Returns whether there is a stream. */
  publish(syncId: string): boolean {
    const sink = this.#sinks.get(syncId);
    if (sink !== undefined) this.#bring(syncId, sink);
    return sink !== undefined;
  }

  /** Forgets a sync; {@link publish} ends its stream. */
  remove(syncId: string): void {
    this.#syncs.delete(syncId);
  }

  /** Interrupts every stream; each would reconnect by itself. */
  interruptStreams(): void {
    for (const sink of [...this.#sinks.values()]) sink.onInterrupted();
  }

  readonly transport = {
    openStream: (syncId, sink) => {
      this.#sinks.set(syncId, sink);
      this.#bring(syncId, sink);
      return () => {
        if (this.#sinks.get(syncId) === sink) this.#sinks.delete(syncId);
      };
    },
    getSnapshot: async (syncId) => this.#find(syncId).snapshot,
    command: async (syncId, name) => {
      this.#take({ name, syncId });
      return this.#obey(this.#find(syncId).snapshot, name);
    },
    startSync: async (integrationType, options) => {
      this.#take({ name: "start", integrationType, options });
      const running = [...this.#syncs.values()].find(
        ({ snapshot }) => snapshot.connectorType === integrationType && !isTerminalStatus(snapshot.status),
      );
      return running?.snapshot.syncId ?? this.start(integrationType);
    },
    retry: async (syncId, { only }) => {
      this.#take({ name: only === "failed" ? "retry_failed" : "retry", syncId });
      return this.start(this.#find(syncId).snapshot.connectorType);
    },
    setNotify: async (syncId, { email }) => {
      this.#take({ name: "notify", syncId, email });
      this.#find(syncId);
      return this.change(syncId, { notifyEmail: email });
    },
    listSyncs: async () => {
      this.#requireReachable();
      const syncs = [...this.#syncs.values()].map(({ snapshot }) => snapshot).reverse();
      return { syncs, nextCursor: null, hasFeed: false, viewer: null };
    },
    getIntegrations: async () => {
      this.#requireReachable();
      return this.#integrations;
    },
    getFailures: async (syncId) => ({ failures: this.#find(syncId).failures, nextCursor: null }),
  } satisfies SyncTransport;

  /** Opens a stream as far as the backend can be reached: with the whole state, like every stream of a real one. */
  #bring(syncId: string, sink: StreamSink): void {
    if (this.reachability === "disconnected") return;
    const sync = this.#syncs.get(syncId);
    if (sync === undefined || this.reachability === "signed-out") {
      sink.onClosed();
      return;
    }
    sink.onOpen();
    // Urgent: it is in the view when this returns, not in the next frame.
    sink.onSnapshot({ isUrgent: true, decode: () => accept(sync.snapshot) });
  }

  #obey(snapshot: SyncSnapshot, name: RunningSyncCommand): SyncSnapshot {
    const { syncId, status } = snapshot;
    // What a real backend refuses with 409 is no change here either.
    if (isTerminalStatus(status)) throw new SyncRequestError("The sync has ended.", { status: 409 });
    if (name === "cancel") return this.change(syncId, { status: "cancelled" });
    if (name === "resume") return this.change(syncId, { status: this.#statusBeforePause.get(syncId) ?? status });
    if (status !== "paused") this.#statusBeforePause.set(syncId, status);
    return this.change(syncId, { status: "paused" });
  }

  /** Takes a request that changes something. @throws SyncRequestError when it is to be refused. */
  #take(request: TestSyncRequest): void {
    this.#requireReachable();
    this.requests.push(request);
    const { refusal } = this;
    this.refusal = null;
    if (refusal !== null) throw refusal;
  }

  #find(syncId: string): StoredSync {
    this.#requireReachable();
    const sync = this.#syncs.get(syncId);
    if (sync === undefined) throw new SyncRequestError("There is no such sync.", { status: 404 });
    return sync;
  }

  #requireReachable(): void {
    if (this.reachability === "disconnected") throw new SyncRequestError("The server cannot be reached.");
    if (this.reachability === "signed-out") throw new SyncRequestError("Sign in to see this.", { status: 401 });
  }
}

/** The percentage as our server reckons it: from the counts and phases, never falling, 100 only at the end. */
function withPercent(snapshot: SyncSnapshot): SyncSnapshot {
  if (snapshot.status === "complete") return { ...snapshot, percentComplete: 100 };
  const percent = percentByPhase(snapshot, snapshot.phases);
  if (percent === null) return snapshot;
  const percentComplete = Math.min(Math.max(percent, snapshot.percentComplete ?? 0), MAX_RUNNING_PERCENT);
  return { ...snapshot, percentComplete };
}
