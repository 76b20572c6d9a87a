import { HEARTBEAT_EVENT, type SnapshotEventName } from "../protocol/events.js";
import { encodeSnapshot, type SyncSnapshot } from "../protocol/snapshot.js";
import { encodeSseFrame } from "../protocol/sse-frame.js";
import { isTerminalStatus } from "../protocol/status.js";

const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(encodeSseFrame({ event: HEARTBEAT_EVENT, data: "{}" }));

/** A snapshot is encoded once for all its readers: every reader of a sync is told the same object. */
const encoded = new WeakMap<SyncSnapshot, Map<SnapshotEventName, Uint8Array>>();

export interface SnapshotStreamOptions {
  /** Answers the newest snapshot, and tells `listener` every further one until `unsubscribe` is called. */
  readonly subscribe: (listener: (snapshot: SyncSnapshot) => void) => {
    readonly latest: SyncSnapshot;
    readonly unsubscribe: () => void;
  };
  /** ms between heartbeats. */
  readonly heartbeatMs: number;
  /** ms that the browser is told to wait before it reconnects. */
  readonly retryMs: number;
}

/**
 * The SSE stream of one sync for one reader: `current_state` first, then the newest snapshot whenever the reader can
 * take one, and the end after a terminal event. What a slow reader has not taken is replaced and never queued, so
 * that memory for a reader is constant and the terminal event is always the one that remains.
 */
export function createSnapshotStream({
  subscribe,
  heartbeatMs,
  retryMs,
}: SnapshotStreamOptions): ReadableStream<Uint8Array> {
  let waiting: SyncSnapshot | null = null;
  let isOpen = true;
  let stop = () => {};

  const canTake = (controller: ReadableStreamDefaultController<Uint8Array>) => (controller.desiredSize ?? 0) > 0;

  function send(
    controller: ReadableStreamDefaultController<Uint8Array>,
    event: SnapshotEventName,
    snapshot: SyncSnapshot,
  ): void {
    waiting = null;
    controller.enqueue(encodeEvent(event, snapshot));
    if (!isTerminalStatus(snapshot.status)) return;
    stop();
    controller.close();
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(encodeSseFrame({ retry: retryMs })));
      const { latest, unsubscribe } = subscribe((snapshot) => {
        if (!isOpen) return;
        if (canTake(controller)) send(controller, eventName(snapshot), snapshot);
        else waiting = snapshot;
      });
      const heartbeat = setInterval(() => {
        if (canTake(controller)) controller.enqueue(HEARTBEAT);
      }, heartbeatMs);
      stop = () => {
        isOpen = false;
        clearInterval(heartbeat);
        unsubscribe();
      };
      send(controller, "current_state", latest);
    },
    pull(controller) {
      if (waiting !== null) send(controller, eventName(waiting), waiting);
    },
    cancel() {
      stop();
    },
  });
}

function eventName({ status, seq }: SyncSnapshot): SnapshotEventName {
  if (isTerminalStatus(status)) return status;
  // The sync was made with 1; its first report makes 2.
  return seq === 2 ? "started" : "progress";
}

function encodeEvent(event: SnapshotEventName, snapshot: SyncSnapshot): Uint8Array {
  const known = encoded.get(snapshot) ?? new Map<SnapshotEventName, Uint8Array>();
  encoded.set(snapshot, known);
  const bytes = known.get(event);
  if (bytes !== undefined) return bytes;
  const id = snapshot.seq === null ? {} : { id: snapshot.seq };
  const fresh = encoder.encode(encodeSseFrame({ ...id, event, data: JSON.stringify(encodeSnapshot(snapshot)) }));
  known.set(event, fresh);
  return fresh;
}
