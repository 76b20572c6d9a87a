import type { Scope } from "../scope.js";
import type { ChannelMember, SnapshotChannels } from "./snapshot-channels.js";
import type { SnapshotFrame } from "./snapshot-frame.js";
import type { ContentListener, StreamContent } from "./stream-content.js";
import type { StreamTraffic } from "./stream-traffic.js";

/**
 * One sync for one reader: `current_state` first, then the newest frame whenever the reader can take one, and nothing after a
 * terminal one. What a slow reader has not taken is replaced, so that its memory is constant and the terminal event is always
 * the one that remains.
 */
export class SyncContent implements StreamContent, ChannelMember {
  readonly kind = "sync";
  readonly #scope: Scope;
  readonly #syncId: string;
  readonly #channels: SnapshotChannels;
  readonly #traffic: StreamTraffic;
  #listener: ContentListener | null = null;
  #latest: SnapshotFrame | null = null;
  #waiting: SnapshotFrame | null = null;
  #hasState = false;
  /** Nothing more is needed of the sync. */
  #isSettled = false;
  #isComplete = false;

  constructor(scope: Scope, syncId: string, channels: SnapshotChannels, traffic: StreamTraffic) {
    this.#scope = scope;
    this.#syncId = syncId;
    this.#channels = channels;
    this.#traffic = traffic;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  open(listener: ContentListener): Promise<boolean> {
    this.#listener = listener;
    return this.#channels.join(this.#scope, this.#syncId, this);
  }

  next(): Uint8Array | null {
    const frame = this.#waiting;
    if (frame === null) return null;
    this.#waiting = null;
    const bytes = this.#hasState ? frame.asNext : frame.asFirst;
    this.#hasState = true;
    this.#isComplete = frame.isTerminal;
    return bytes;
  }

  close(): void {
    this.#isSettled = true;
    this.#channels.leave(this.#scope, this.#syncId, this);
  }

  take(frame: SnapshotFrame): void {
    if (this.#isSettled || frame === this.#latest) return;
    this.#latest = frame;
    if (this.#waiting !== null) this.#traffic.coalesced += 1;
    this.#waiting = frame;
    // Also if it has to wait: nothing follows.
    if (frame.isTerminal) this.close();
    this.#listener?.onContent();
  }

  onDeleted(): void {
    this.#listener?.onGone();
  }
}
