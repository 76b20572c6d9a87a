import { decodeSnapshotEvent } from "../protocol/decode-snapshot.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { FrameScheduler } from "./frame-scheduler.js";
import { statusAndPhaseOf, syncIdOf } from "./snapshot-text.js";

/** What came by a feed since the last frame. */
export interface FeedBatch {
  /** Of each sync the latest. */
  readonly snapshots: readonly SyncSnapshot[];
  /** Why a message could not be decoded; `null` if all could. */
  readonly problem: string | null;
}

/** The surroundings of {@link FeedMessages}. */
export interface FeedMessagesEnvironment {
  readonly frames: FrameScheduler;
  /** What is known of a sync already. */
  latestOf(syncId: string): SyncSnapshot | undefined;
  /** It is time to take the batch. */
  onDue(): void;
}

/** The messages of a feed that wait for a frame, undecoded: of each sync the latest, since it replaces those before it. */
export class FeedMessages {
  readonly #environment: FeedMessagesEnvironment;
  readonly #messages = new Map<string, string>();
  /** The status and phase of each sync's last message. */
  readonly #marks = new Map<string, string>();
  #frame: { readonly isUrgent: boolean; readonly cancel: () => void } | null = null;

  constructor(environment: FeedMessagesEnvironment) {
    this.#environment = environment;
  }

  /** Adds a message, and schedules its frame unless it `waits` for more than that. */
  add(data: string, waits: boolean): void {
    const syncId = syncIdOf(data) ?? "";
    const isUrgent = this.#isUrgent(syncId, data);
    this.#messages.set(syncId, data);
    if (waits || (this.#frame !== null && (this.#frame.isUrgent || !isUrgent))) return;
    let cancel = () => {};
    this.#frame = { isUrgent, cancel: () => cancel() };
    cancel = this.#environment.frames.schedule(this.#onFrame, isUrgent);
  }

  /** Takes all that wait. */
  take(): FeedBatch {
    this.#cancelFrame();
    const snapshots: SyncSnapshot[] = [];
    let problem: string | null = null;
    for (const data of this.#messages.values()) {
      const decoded = decodeSnapshotEvent(data);
      if (decoded.ok) snapshots.push(decoded.value);
      else problem = decoded.problem.message;
    }
    this.#messages.clear();
    return { snapshots, problem };
  }

  /** Drops all that wait. */
  clear(): void {
    this.#cancelFrame();
    this.#messages.clear();
  }

  /** Forgets a sync that is not there any more. */
  forget(syncId: string): void {
    this.#messages.delete(syncId);
    this.#marks.delete(syncId);
  }

  readonly #onFrame = (): void => this.#environment.onDue();

  /** Whether a person must see a message at once. */
  #isUrgent(syncId: string, data: string): boolean {
    const mark = statusAndPhaseOf(data);
    const before = this.#marks.get(syncId);
    this.#marks.set(syncId, mark);
    if (before !== undefined) return before !== mark;
    const known = this.#environment.latestOf(syncId);
    if (known === undefined) return true;
    // It came by the list: the first messages of many such syncs must not be a frame each.
    const decoded = decodeSnapshotEvent(data);
    return decoded.ok && (decoded.value.status !== known.status || decoded.value.phase !== known.phase);
  }

  #cancelFrame(): void {
    this.#frame?.cancel();
    this.#frame = null;
  }
}
