import type { StreamKind } from "../service-event.js";

/** What a stream sends. */
export interface StreamContent {
  readonly kind: StreamKind;
  /**
   * Begins, and notifies the listener from then on. Resolves with whether there is anything to follow; rejects when that
   * cannot be read.
   */
  open(listener: ContentListener): Promise<boolean>;
  /** The bytes to send next; `null` if there is nothing to send now. What was not taken is replaced by what is newer. */
  next(): Uint8Array | null;
  /** Nothing follows what `next` has returned. */
  readonly isComplete: boolean;
  /** Releases what it follows. */
  close(): void;
}

/** Listens to the content of a stream. */
export interface ContentListener {
  /** There is something to send. */
  onContent(): void;
  /** What was followed is gone. */
  onGone(): void;
}
