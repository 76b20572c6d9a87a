import { encodeHeartbeat, HEARTBEAT_EVENT } from "../../protocol/events.js";
import type { SyncService } from "../sync-service.js";
import type { EncodeFrame } from "./snapshot-frame.js";

export interface HeartbeatsOptions {
  readonly service: Pick<SyncService, "health">;
  readonly encode: EncodeFrame;
  /** ms between heartbeats of a stream. */
  readonly heartbeatMs: number;
}

/** ms between two looks at the store. */
const LOOK_MS = 1_000;
/** How long the store may take to respond until it counts as away, in ms: one that is only slow does not. */
const TIMEOUT_MS = 3_000;

/** The heartbeats of all streams of a server. They say so while the store is away, and with it the state of all syncs. */
export class Heartbeats {
  readonly #service: HeartbeatsOptions["service"];
  readonly #fresh: Uint8Array;
  readonly #stale: Uint8Array;
  #isStale = false;
  #isLooking = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor({ service, encode, heartbeatMs }: HeartbeatsOptions) {
    this.#service = service;
    this.#fresh = encode({ event: HEARTBEAT_EVENT, data: encodeHeartbeat(heartbeatMs) });
    this.#stale = encode({ event: HEARTBEAT_EVENT, data: encodeHeartbeat(heartbeatMs, true) });
  }

  /** The next heartbeat of a stream, by the look at the store that was begun with an earlier one. */
  next(): Uint8Array {
    void this.#look();
    return this.#isStale ? this.#stale : this.#fresh;
  }

  /** Once a second at most, whatever the number of streams. */
  async #look(): Promise<void> {
    const now = performance.now();
    if (this.#isLooking || now - this.#lookedAt < LOOK_MS) return;
    this.#isLooking = true;
    this.#lookedAt = now;
    const { isStoreReachable } = await this.#service.health({ timeoutMs: TIMEOUT_MS });
    this.#isStale = !isStoreReachable;
    this.#isLooking = false;
  }
}
