import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { isTerminalStatus } from "../../protocol/status.js";
import { RECENT_MS, type SyncUpdate } from "../sync-subscription.js";
import { FeedFrame, type FeedFrameTools } from "./feed-frame.js";

/** Where a reader of a feed begins. */
export interface FeedStart {
  /** What it is sent first, oldest change first. */
  readonly frames: readonly FeedFrame[];
  /** They are the whole state, and not only what has changed since it was here. */
  readonly isReset: boolean;
  /** How many syncs were left out of the whole state. */
  readonly omitted: number;
}

/** How many syncs the state at the beginning has at most. */
const MAX_INITIAL = 200;
/** How many deletions are kept for readers that come back. */
const MAX_REMOVED = 200;

/**
 * The syncs of a scope that run or have ended within the last ten minutes, each with the version of its newest change, so
 * that a reader who comes back gets what has changed since.
 */
export class FeedLog {
  readonly #tools: FeedFrameTools;
  /** Names this log: a version counts for nothing in another one. */
  readonly #epoch = crypto.randomUUID();
  readonly #running = new Map<string, FeedFrame>();
  /** In the order in which they have ended, as far as is known. */
  readonly #ended = new Map<string, FeedFrame>();
  readonly #removed = new Map<string, FeedFrame>();
  #version = 0;
  /** What has changed up to this version may be gone. */
  #completeFrom = 0;

  constructor(tools: FeedFrameTools) {
    this.#tools = tools;
  }

  /** The id of an event that says: everything up to now was sent. */
  get position(): string {
    return this.#idOf(this.#version);
  }

  /** Takes a change. Returns its frame. */
  add(update: SyncUpdate): FeedFrame {
    const isDeleted = update.type === "deleted";
    const syncId = isDeleted ? update.syncId : update.snapshot.syncId;
    const snapshot = isDeleted ? null : update.snapshot;
    this.#version += 1;
    const position = { version: this.#version, id: this.#idOf(this.#version) };
    const frame = new FeedFrame({ syncId, snapshot }, position, this.#tools);
    for (const frames of [this.#running, this.#ended, this.#removed]) frames.delete(syncId);
    this.#partOf(snapshot).set(syncId, frame);
    this.#dropOld();
    return frame;
  }

  /** Where a reader begins, who may come back with the id of the last event it has got. */
  start(lastEventId: string | null): FeedStart {
    this.#dropOld();
    const since = this.#versionOf(lastEventId);
    if (since !== null && since >= this.#completeFrom) {
      const all = [...this.#running.values(), ...this.#ended.values(), ...this.#removed.values()];
      const frames = all.filter(({ version }) => version > since);
      return { frames: inOrder(frames), isReset: false, omitted: 0 };
    }
    // Newest first; those that run come before those that have ended.
    const wanted = [...newestFirst(this.#running), ...newestFirst(this.#ended)];
    const frames = inOrder(wanted.slice(0, MAX_INITIAL));
    return { frames, isReset: true, omitted: wanted.length - frames.length };
  }

  #partOf(snapshot: SyncSnapshot | null): Map<string, FeedFrame> {
    if (snapshot === null) return this.#removed;
    return isTerminalStatus(snapshot.status) ? this.#ended : this.#running;
  }

  /** Each frame is dropped once, so that a change costs the same however many there are. */
  #dropOld(): void {
    const since = Date.now() - RECENT_MS;
    for (const [syncId, frame] of this.#ended) {
      if ((frame.snapshot?.completedAt ?? 0) >= since) break;
      this.#drop(this.#ended, syncId, frame);
    }
    for (const [syncId, frame] of this.#removed) {
      if (this.#removed.size <= MAX_REMOVED) break;
      this.#drop(this.#removed, syncId, frame);
    }
  }

  #drop(frames: Map<string, FeedFrame>, syncId: string, { version }: FeedFrame): void {
    frames.delete(syncId);
    this.#completeFrom = Math.max(this.#completeFrom, version);
  }

  #idOf(version: number): string {
    return `${this.#epoch}.${version}`;
  }

  /** The version that an id of this log names; `null` for any other text. */
  #versionOf(id: string | null): number | null {
    const [epoch, version = ""] = id?.split(".") ?? [];
    if (epoch !== this.#epoch || !/^\d{1,15}$/.test(version)) return null;
    return Number(version) <= this.#version ? Number(version) : null;
  }
}

function inOrder(frames: readonly FeedFrame[]): readonly FeedFrame[] {
  return [...frames].sort((a, b) => a.version - b.version);
}

function newestFirst(frames: ReadonlyMap<string, FeedFrame>): readonly FeedFrame[] {
  const startOf = ({ snapshot }: FeedFrame) => snapshot?.startedAt ?? 0;
  return [...frames.values()].sort((a, b) => startOf(b) - startOf(a));
}
