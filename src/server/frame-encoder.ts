import { HEARTBEAT_EVENT, type SnapshotEventName } from "../protocol/events.js";
import type { SyncSnapshot, WireSnapshot } from "../protocol/snapshot.js";
import { encodeSseFrame, type SseFrame } from "../protocol/sse-frame.js";

/** Encodes SSE frames for the streams of a server. */
export interface FrameEncoder {
  frame(frame: SseFrame): Uint8Array;
  /** A snapshot is encoded once for all its readers, as long as they are given the same object. */
  snapshot(event: SnapshotEventName, snapshot: SyncSnapshot): Uint8Array;
  readonly heartbeat: Uint8Array;
}

/** Creates the encoder of a server, which writes snapshots as `encodeSnapshot` does. */
export function createFrameEncoder(encodeSnapshot: (snapshot: SyncSnapshot) => WireSnapshot): FrameEncoder {
  // Not at the top level: the mock backend is imported where there may be no TextEncoder until it is used (jsdom).
  const encoder = new TextEncoder();
  const encoded = new WeakMap<SyncSnapshot, Map<SnapshotEventName, Uint8Array>>();
  const frame = (given: SseFrame) => encoder.encode(encodeSseFrame(given));

  return {
    frame,
    heartbeat: frame({ event: HEARTBEAT_EVENT, data: "{}" }),
    snapshot(event, snapshot) {
      const byEvent = encoded.get(snapshot) ?? new Map<SnapshotEventName, Uint8Array>();
      encoded.set(snapshot, byEvent);
      const bytes = byEvent.get(event);
      if (bytes !== undefined) return bytes;
      const id = snapshot.seq === null ? {} : { id: snapshot.seq };
      const fresh = frame({ ...id, event, data: JSON.stringify(encodeSnapshot(snapshot)) });
      byEvent.set(event, fresh);
      return fresh;
    },
  };
}
