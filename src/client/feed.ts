import { decodeHeartbeat, HEARTBEAT_EVENT } from "../protocol/events.js";
import { decodeReady, decodeRemoved, type FeedReady, READY_EVENT, REMOVED_EVENT } from "../protocol/feed.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isMovingStatus, isTerminalStatus } from "../protocol/status.js";
import { type Transition, transition } from "./connection.js";
import type { ConnectionPolicy } from "./connection-policy.js";
import { ConnectionRunner } from "./connection-runner.js";
import {
  type ConnectionEvent,
  type ConnectionState,
  type Decision,
  initialConnection,
  type ProbeResult,
} from "./connection-state.js";
import { looksEqual } from "./derive-view.js";
import { FeedMessages } from "./feed-messages.js";
import type { FrameScheduler } from "./frame-scheduler.js";
import { type ActiveList, requestActiveList } from "./list-active.js";
import { mergeSnapshot } from "./merge-snapshot.js";
import type { FeedSink, SyncTransport } from "./sync-transport.js";
import { changeDueAt } from "./tracked-sync.js";
import { describeFailure, type Watch } from "./watch.js";

/** The surroundings of a feed. */
export interface FeedEnvironment {
  readonly transport: SyncTransport;
  readonly policy: ConnectionPolicy;
  readonly frames: FrameScheduler;
  /** Whose syncs it must bring; `null` if the backend does not say. */
  readonly viewer: string | null;
  /** Opens its stream: the transport's own, or one that is shared with other tabs. */
  readonly openFeed: (sink: FeedSink) => () => void;
  onMessage(name: string, data: string): void;
  /** A sync that nobody watches has changed. */
  onUnwatched(snapshot: SyncSnapshot): void;
  /** It is of no use any more: the backend has none, or somebody else is signed in. */
  onGone(): void;
  onDecision(decision: Decision, connection: ConnectionState): void;
  onError(error: unknown): void;
}

type FeedEvent =
  | Exclude<ConnectionEvent, { readonly type: "response" }>
  | { readonly type: "list-result"; readonly request: number; readonly result: ListResult };
type ListResult =
  | { readonly kind: "list"; readonly list: ActiveList }
  | Exclude<ProbeResult, { readonly kind: "content" }>;

interface Entry {
  readonly watch: Watch;
  /** Its snapshots come by the feed, and not by a connection of its own. */
  isShared: boolean;
  readonly joinedAt: number;
}

/** How long the feed may take to bring a sync that was just started, in ms. */
const EXPECT_MS = 1_000;
/** How many syncs that have ended are kept for those who may look at them. */
const MAX_ENDED = 200;

/**
 * One connection for all syncs of a person. It runs the same state machine as that of a single sync, with the list of
 * running syncs for the snapshot of one. A sync that the feed does not bring (it ended long ago, or is not there) has a
 * connection of its own, which finds out.
 */
export class Feed {
  readonly #environment: FeedEnvironment;
  readonly #runner: ConnectionRunner<FeedEvent>;
  readonly #watches = new Map<string, Entry>();
  /** The latest snapshot of every sync that the feed has brought. */
  readonly #snapshots = new Map<string, SyncSnapshot>();
  readonly #ended: string[] = [];
  readonly #messages: FeedMessages;
  /** What the stream has brought since it was opened. */
  readonly #seen = new Set<string>();
  readonly #expected = new Map<string, ReturnType<typeof setTimeout>>();
  /** The server has said whose syncs the stream brings; what comes before that waits. */
  #isReady = false;
  /** The whole state is here: a running sync that is not in it is not there. */
  #isComplete = false;
  #connection: ConnectionState;
  /** The state of the connection that the views show. */
  #shown: ConnectionState;

  constructor(environment: FeedEnvironment) {
    this.#environment = environment;
    this.#connection = initialConnection(environment.policy);
    this.#shown = this.#connection;
    this.#messages = new FeedMessages({
      frames: environment.frames,
      latestOf: (syncId) => this.#snapshots.get(syncId),
      onDue: () => this.#flush(),
    });
    const connection = () => this.#connection;
    this.#runner = new ConnectionRunner<FeedEvent>({
      get connection() {
        return connection();
      },
      transition: (event, at) => this.#transition(event, at),
      openStream: (id) => this.#openStream(id),
      request: (id, signal) => this.#request(id, signal),
      reauthorize: async () => environment.transport.reauthorize?.() ?? false,
      onDecision: environment.onDecision,
      onError: environment.onError,
      onIdle: () => this.#showConnection(),
    });
  }

  get viewer(): string | null {
    return this.#environment.viewer;
  }

  /** The latest snapshot of every sync that it has brought. */
  get snapshots(): Iterable<SyncSnapshot> {
    return this.#snapshots.values();
  }

  dispatch(event: FeedEvent): void {
    this.#runner.dispatch(event);
  }

  /** Brings the snapshots of a watch from now on: at once, or as soon as it has the sync if it `isConnected` already. */
  attach(watch: Watch, isConnected: boolean): void {
    const { syncId, isTerminal } = watch.view;
    if (isTerminal) return;
    const entry: Entry = { watch, isShared: false, joinedAt: Date.now() };
    this.#watches.set(syncId, entry);
    const snapshot = this.#snapshots.get(syncId);
    if (snapshot !== undefined) this.#give(entry, snapshot);
    else if (isConnected) return;
    else if (this.#isComplete && !this.#expected.has(syncId)) watch.dispatch({ type: "start" });
    else this.#share(entry);
  }

  detach(syncId: string): void {
    this.#watches.delete(syncId);
  }

  /** Whether the snapshots of this sync come by the feed. */
  isShared(syncId: string): boolean {
    return this.#watches.get(syncId)?.isShared === true;
  }

  /** A sync was started: the feed will bring it in a moment. */
  expect(syncId: string): void {
    if (this.#snapshots.has(syncId)) return;
    const stopWaiting = () => {
      this.#expected.delete(syncId);
      const entry = this.#watches.get(syncId);
      if (entry !== undefined && !this.#snapshots.has(syncId)) this.#unshare(entry);
    };
    this.#expected.set(syncId, setTimeout(stopWaiting, EXPECT_MS));
  }

  /** Closes it. Each watch has a connection of its own again. */
  release(): void {
    this.dispose();
    for (const entry of this.#watches.values()) this.#unshare(entry);
    this.#watches.clear();
  }

  /** Closes it; nothing of it is left behind. */
  dispose(): void {
    this.#runner.dispose();
    this.#messages.clear();
    for (const timer of this.#expected.values()) clearTimeout(timer);
  }

  #transition(event: FeedEvent, at: { readonly now: number; readonly random: number }): Transition {
    if (event.type === "list-result") return this.#onList(event.request, event.result, at);
    const { link, changeDueAt } = this.#connection;
    // What is overdue is counted only then: with many syncs it would cost more than all else an event does.
    if (event.type === "tick" && link.kind === "stream" && changeDueAt !== null && at.now >= changeDueAt) {
      this.#apply({ type: "change-due", changeDueAt: this.#changeDueAt() }, at);
    }
    return this.#apply(event, at);
  }

  #apply(event: ConnectionEvent, at: { readonly now: number; readonly random: number }): Transition {
    const result = transition(this.#connection, event, at);
    this.#connection = result.state;
    return result;
  }

  #openStream(id: number): () => void {
    this.#isReady = false;
    this.#seen.clear();
    const dispatch = (event: FeedEvent) => {
      if (this.#runner.streamId === id) this.#runner.dispatch(event);
    };
    const close = this.#environment.openFeed({
      onOpen: () => {
        this.#isReady = false;
        this.#seen.clear();
        dispatch({ type: "stream-open", stream: id });
      },
      onInterrupted: () => dispatch({ type: "stream-interrupted", stream: id }),
      onClosed: () => dispatch({ type: "stream-closed", stream: id }),
      onEvent: (name, data) => {
        this.#environment.onMessage(name, data);
        if (this.#runner.streamId === id) this.#onEvent(id, name, data);
      },
    });
    return () => {
      this.#messages.clear();
      close();
    };
  }

  #onEvent(stream: number, name: string, data: string): void {
    switch (name) {
      case HEARTBEAT_EVENT:
        this.#runner.dispatch({ type: "stream-heartbeat", stream, ...decodeHeartbeat(data) });
        break;
      case READY_EVENT:
        this.#onReady(stream, decodeReady(data));
        break;
      case REMOVED_EVENT:
        this.#remove(decodeRemoved(data) ?? "");
        break;
      default:
        this.#messages.add(data, !this.#isReady);
    }
  }

  /** Takes all messages that wait, each sync once. */
  #flush(): void {
    const { snapshots, problem } = this.#messages.take();
    const stream = this.#runner.streamId;
    if (stream === null || (snapshots.length === 0 && problem === null)) return;
    const news = snapshots.filter((snapshot) => this.#keep(snapshot));
    for (const { syncId } of snapshots) this.#seen.add(syncId);
    // The connection first, so that no view shows for a moment that it is not there.
    this.#runner.dispatch({
      type: "stream-content",
      stream,
      content: {
        isNews: news.length > 0,
        hasEnded: false,
        changeDueAt: this.#connection.changeDueAt ?? this.#dueLater(),
      },
    });
    this.#publish(news);
    if (problem !== null) this.#runner.dispatch({ type: "stream-unreadable", stream, message: problem });
  }

  #onReady(stream: number, { isReset, omitted, viewer }: FeedReady): void {
    if (this.#isForeign(viewer)) {
      this.#environment.onGone();
      return;
    }
    this.#isReady = true;
    this.#flush();
    const content = { isNews: false, hasEnded: false, changeDueAt: null };
    this.#runner.dispatch({ type: "stream-content", stream, content });
    if (omitted > 0) {
      // The list has what was left out.
      this.#runner.dispatch({ type: "stream-unreadable", stream, message: `${omitted} syncs were left out` });
      return;
    }
    this.#isComplete = true;
    if (isReset) this.#dropMissing(this.#seen, Number.POSITIVE_INFINITY);
  }

  async #request(request: number, signal: AbortSignal): Promise<FeedEvent> {
    const { transport } = this.#environment;
    const listSyncs = transport.listSyncs?.bind(transport);
    if (listSyncs === undefined) return { type: "list-result", request, result: { kind: "unsupported" } };
    try {
      const list = await requestActiveList(listSyncs, signal);
      return { type: "list-result", request, result: { kind: "list", list } };
    } catch (error) {
      return { type: "list-result", request, result: describeFailure(error) };
    }
  }

  #onList(request: number, result: ListResult, at: { readonly now: number; readonly random: number }): Transition {
    const pending = this.#connection.request;
    if (pending?.id !== request) return { state: this.#connection, decisions: [] };
    if (result.kind !== "list") {
      if (result.kind === "refused" && result.status === 404) queueMicrotask(() => this.#environment.onGone());
      return this.#apply({ type: "response", request, result }, at);
    }
    const { snapshots, viewer, hasFeed } = result.list;
    if (!hasFeed || this.#isForeign(viewer)) {
      // Not now: this is called by the runner, which is disposed of then.
      queueMicrotask(() => this.#environment.onGone());
      return { state: this.#connection, decisions: [] };
    }
    const news = snapshots.filter((snapshot) => this.#keep(snapshot));
    const content = { isNews: news.length > 0, hasEnded: false, changeDueAt: this.#changeDueAt() };
    const outcome = this.#apply({ type: "response", request, result: { kind: "content", content } }, at);
    this.#publish(news);
    this.#isComplete = true;
    this.#dropMissing(new Set(snapshots.map(({ syncId }) => syncId)), pending.since);
    for (const { watch, isShared } of [...this.#watches.values()]) if (isShared) watch.confirmStall();
    return outcome;
  }

  /** Keeps a snapshot if it is news. */
  #keep(snapshot: SyncSnapshot): boolean {
    const { syncId } = snapshot;
    const before = this.#snapshots.get(syncId) ?? null;
    const merged = mergeSnapshot(before, snapshot);
    if (merged === before) return this.#watches.get(syncId)?.isShared === false;
    this.#snapshots.set(syncId, merged);
    const timer = this.#expected.get(syncId);
    if (timer !== undefined) clearTimeout(timer);
    this.#expected.delete(syncId);
    if (isTerminalStatus(merged.status)) this.#ended.push(syncId);
    if (this.#ended.length > MAX_ENDED) this.#remove(this.#ended.shift() ?? "");
    return true;
  }

  #publish(snapshots: readonly SyncSnapshot[]): void {
    for (const snapshot of snapshots) {
      const entry = this.#watches.get(snapshot.syncId);
      if (entry === undefined) this.#environment.onUnwatched(snapshot);
      else this.#give(entry, snapshot);
    }
  }

  #give(entry: Entry, snapshot: SyncSnapshot): void {
    if (!entry.isShared) this.#share(entry);
    entry.watch.receive(snapshot);
    if (entry.watch.view.isTerminal) this.#watches.delete(snapshot.syncId);
  }

  #share(entry: Entry): void {
    entry.isShared = true;
    entry.watch.share(this.#connection);
  }

  #unshare(entry: Entry): void {
    if (!entry.isShared) return;
    entry.isShared = false;
    entry.watch.unshare();
  }

  /** Lets the syncs that should run but are not `present` find out by themselves; not those that came after `time`. */
  #dropMissing(present: ReadonlySet<string>, time: number): void {
    for (const [syncId, { status }] of [...this.#snapshots]) {
      if (!present.has(syncId) && !isTerminalStatus(status)) this.#snapshots.delete(syncId);
    }
    for (const [syncId, entry] of [...this.#watches]) {
      if (present.has(syncId) || entry.joinedAt >= time || this.#expected.has(syncId)) continue;
      this.#unshare(entry);
    }
  }

  #remove(syncId: string): void {
    this.#snapshots.delete(syncId);
    this.#messages.forget(syncId);
    const entry = this.#watches.get(syncId);
    if (entry !== undefined) this.#unshare(entry);
  }

  #isForeign(viewer: string | null): boolean {
    return viewer !== null && this.viewer !== null && viewer !== this.viewer;
  }

  /** When the first change of any sync is overdue. */
  #changeDueAt(): number | null {
    const { stallTimeoutMs } = this.#environment.policy;
    let first: number | null = null;
    for (const { watch, isShared } of this.#watches.values()) {
      const dueAt = isShared ? changeDueAt(watch.sync, { stallTimeoutMs, phases: [] }) : null;
      if (dueAt !== null && (first === null || dueAt < first)) first = dueAt;
    }
    return first;
  }

  /** When the next change is overdue of a sync that changes now. */
  #dueLater(): number | null {
    for (const { status } of this.#snapshots.values()) {
      if (isMovingStatus(status)) return Date.now() + this.#environment.policy.stallTimeoutMs;
    }
    return null;
  }

  #showConnection(): void {
    if (looksEqual(this.#shown, this.#connection)) return;
    this.#shown = this.#connection;
    for (const { watch, isShared } of [...this.#watches.values()]) if (isShared) watch.share(this.#connection);
  }
}
