import type { SnapshotEventName } from "../protocol/events.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import type { FrameEncoder } from "./frame-encoder.js";

export interface SnapshotStreamOptions {
  /** Answers the newest snapshot, and tells `listener` every further one until `unsubscribe` is called. */
  readonly subscribe: (listener: (snapshot: SyncSnapshot) => void) => {
    readonly latest: SyncSnapshot;
    readonly unsubscribe: () => void;
  };
  /** Encodes the frames; shared by the readers of a server. */
  readonly frames: FrameEncoder;
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
  frames,
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
    controller.enqueue(frames.snapshot(event, snapshot));
    if (!isTerminalStatus(snapshot.status)) return;
    stop();
    controller.close();
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(frames.frame({ retry: retryMs }));
      const { latest, unsubscribe } = subscribe((snapshot) => {
        if (!isOpen) return;
        if (canTake(controller)) send(controller, eventName(snapshot), snapshot);
        else waiting = snapshot;
      });
      const heartbeat = setInterval(() => {
        if (canTake(controller)) controller.enqueue(frames.heartbeat);
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
