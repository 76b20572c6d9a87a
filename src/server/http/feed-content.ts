import { encodeReady, type FeedReady, READY_EVENT } from "../../protocol/feed.js";
import type { Scope } from "../scope.js";
import type { FeedChannels, FeedMember } from "./feed-channels.js";
import type { FeedFrame } from "./feed-frame.js";
import type { FeedLog } from "./feed-log.js";
import type { EncodeFrame } from "./snapshot-frame.js";
import type { ContentListener, StreamContent } from "./stream-content.js";
import type { StreamTraffic } from "./stream-traffic.js";

/** Who reads a feed. */
export interface FeedReader {
  readonly scope: Scope;
  /** The id of the last event that the reader has got, if it comes back. */
  readonly lastEventId: string | null;
  /** A key of the person. */
  readonly viewer: string | null;
}

/**
 * All syncs of a person for one reader: first the state, or what has changed since the reader was here, then `ready`, then
 * every change. Of each sync the newest frame waits for a slow reader, in the place of the one before it: its memory is that
 * of the syncs, no end is lost, and none has to wait for ever behind one that changes all the time.
 *
 * Only an event after which nothing waits has an id, since an id says that all before it was sent.
 */
export class FeedContent implements StreamContent, FeedMember {
  readonly kind = "feed";
  /** It ends with no sync. */
  readonly isComplete = false;
  readonly #reader: FeedReader;
  readonly #channels: FeedChannels;
  readonly #encode: EncodeFrame;
  readonly #traffic: StreamTraffic;
  readonly #waiting = new Map<string, FeedFrame>();
  #listener: ContentListener | null = null;
  #log: FeedLog | null = null;
  /** How many of those that wait belong to the state at the beginning, which is a whole one or not. */
  #initialLeft = 0;
  #isReset = true;
  /** To be sent after that. */
  #ready: FeedReady | null = null;
  #isClosed = false;

  constructor(reader: FeedReader, channels: FeedChannels, encode: EncodeFrame, traffic: StreamTraffic) {
    this.#reader = reader;
    this.#channels = channels;
    this.#encode = encode;
    this.#traffic = traffic;
  }

  async open(listener: ContentListener): Promise<boolean> {
    const { scope, lastEventId, viewer } = this.#reader;
    const log = await this.#channels.join(scope, this);
    if (this.#isClosed) return false;
    const { frames, isReset, omitted } = log.start(lastEventId);
    for (const frame of frames) this.#waiting.set(frame.syncId, frame);
    this.#initialLeft = frames.length;
    this.#isReset = isReset;
    this.#ready = { isReset, omitted, viewer };
    this.#log = log;
    this.#listener = listener;
    listener.onContent();
    return true;
  }

  next(): Uint8Array | null {
    if (this.#initialLeft === 0 && this.#ready !== null) return this.#nextReady(this.#ready);
    const [frame] = this.#waiting.values();
    if (frame === undefined) return null;
    this.#waiting.delete(frame.syncId);
    if (this.#initialLeft === 0) return frame.as(this.#waiting.size === 0 ? "latest" : "behind");
    this.#initialLeft -= 1;
    return frame.as(this.#isReset ? "reset" : "resumed");
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
    this.#channels.leave(this.#reader.scope, this);
  }

  take(frame: FeedFrame): void {
    // What comes before the state is in it.
    if (this.#log === null) return;
    if (this.#waiting.has(frame.syncId)) this.#traffic.coalesced += 1;
    this.#waiting.set(frame.syncId, frame);
    this.#listener?.onContent();
  }

  #nextReady(ready: FeedReady): Uint8Array {
    this.#ready = null;
    const id = this.#log === null || this.#waiting.size > 0 ? {} : { id: this.#log.position };
    return this.#encode({ ...id, event: READY_EVENT, data: encodeReady(ready) });
  }
}
