import { encodeRemoved, REMOVED_EVENT } from "../../protocol/feed.js";
import type { SyncSnapshot, WireSnapshot } from "../../protocol/snapshot.js";
import { type EncodeFrame, eventName } from "./snapshot-frame.js";

/** The newest of a sync in a feed: its snapshot, or that it was deleted. Encoded once for all readers. */
export class FeedFrame {
  readonly syncId: string;
  /** Grows with every frame of a feed. */
  readonly version: number;
  /** The snapshot; `null` if the sync was deleted. */
  readonly snapshot: SyncSnapshot | null;
  readonly #id: string;
  readonly #tools: FeedFrameTools;
  readonly #encoded: Partial<Record<FrameForm, Uint8Array>> = {};

  constructor(
    sync: { readonly syncId: string; readonly snapshot: SyncSnapshot | null },
    position: { readonly version: number; readonly id: string },
    tools: FeedFrameTools,
  ) {
    this.syncId = sync.syncId;
    this.snapshot = sync.snapshot;
    this.version = position.version;
    this.#id = position.id;
    this.#tools = tools;
  }

  /** The event in one of its forms. */
  as(form: FrameForm): Uint8Array {
    this.#encoded[form] ??= this.#encode(form);
    return this.#encoded[form];
  }

  #encode(form: FrameForm): Uint8Array {
    const { encode, toWire } = this.#tools;
    const { snapshot } = this;
    const id = form === "latest" ? { id: this.#id } : form === "reset" ? NO_POSITION : {};
    if (snapshot === null) return encode({ ...id, event: REMOVED_EVENT, data: encodeRemoved(this.syncId) });
    const isInitial = form === "reset" || form === "resumed";
    const event = isInitial ? "current_state" : eventName(snapshot);
    return encode({ ...id, event, data: JSON.stringify(toWire(snapshot)) });
  }
}

/** A reader who has got only a part of a whole state can continue nowhere: the id that it came with is taken back. */
const NO_POSITION = { id: "" };

/**
 * `reset`: part of the whole state at the beginning. `resumed`: part of what has changed since the reader was here. `latest`: a change after which nothing waits for the reader, so that it may
 * continue there. `behind`: a change after which more follows.
 */
export type FrameForm = "reset" | "resumed" | "latest" | "behind";

/** What makes bytes of frames. */
export interface FeedFrameTools {
  readonly encode: EncodeFrame;
  readonly toWire: (snapshot: SyncSnapshot) => WireSnapshot;
}
