import type { SnapshotEventName } from "../../protocol/events.js";
import type { SyncSnapshot, WireSnapshot } from "../../protocol/snapshot.js";
import { encodeSseFrame, type SseFrame } from "../../protocol/sse-frame.js";
import { isTerminalStatus } from "../../protocol/status.js";

/** Encodes an SSE frame. */
export type EncodeFrame = (frame: SseFrame) => Uint8Array;

/** Creates the encoder of a server. */
export function createFrameEncoder(): EncodeFrame {
  // Not at the top level: the mock backend is imported where there may be no TextEncoder until it is used (jsdom).
  const encoder = new TextEncoder();
  return (frame) => encoder.encode(encodeSseFrame(frame));
}

/** A snapshot on its way to any number of readers, encoded once for all of them. */
export class SnapshotFrame {
  /** Nothing follows. */
  readonly isTerminal: boolean;
  readonly #snapshot: SyncSnapshot;
  readonly #toWire: (snapshot: SyncSnapshot) => WireSnapshot;
  readonly #encode: EncodeFrame;
  #first: Uint8Array | null = null;
  #next: Uint8Array | null = null;

  constructor(snapshot: SyncSnapshot, toWire: (snapshot: SyncSnapshot) => WireSnapshot, encode: EncodeFrame) {
    this.isTerminal = isTerminalStatus(snapshot.status);
    this.#snapshot = snapshot;
    this.#toWire = toWire;
    this.#encode = encode;
  }

  /** As the first event of a stream. */
  get asFirst(): Uint8Array {
    this.#first ??= this.#bytes("current_state");
    return this.#first;
  }

  /** As an event after the first. */
  get asNext(): Uint8Array {
    this.#next ??= this.#bytes(eventName(this.#snapshot));
    return this.#next;
  }

  #bytes(event: SnapshotEventName): Uint8Array {
    const { seq } = this.#snapshot;
    const data = JSON.stringify(this.#toWire(this.#snapshot));
    return this.#encode({ ...(seq === null ? {} : { id: seq }), event, data });
  }
}

/** The name of the event that carries a snapshot after the first one. */
export function eventName({ status, seq }: SyncSnapshot): SnapshotEventName {
  if (isTerminalStatus(status)) return status;
  // The sync was created with 1; its first report makes 2.
  return seq === 2 ? "started" : "progress";
}
