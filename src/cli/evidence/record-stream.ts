import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { Endpoints } from "../../protocol/endpoints.js";
import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { isTerminalStatus } from "../../protocol/status.js";
import type { Exchange } from "../http/exchange.js";
import type { StreamItem, StreamRecord } from "../http/read-stream.js";
import type { Evidence, SyncOrigin } from "./evidence.js";
import { type BesideEvidence, NOTHING_BESIDE, recordBeside } from "./record-beside.js";
import type { Recorder } from "./recorder.js";
import { readState, stateOfResponse, statesOf } from "./stream-states.js";

/** How often it is decided whether the stream was read for long enough, in ms. */
const TICK_MS = 50;

/**
 * Reads the stream of a sync to its end, or for as long as there is something to learn; and beside it the snapshot endpoint,
 * the list, the feed, and the sync as somebody else. A sync that the doctor has started is cancelled while its stream is open.
 */
export async function recordStream(
  recorder: Recorder,
  endpoints: Endpoints,
  sync: SyncOrigin,
): Promise<Pick<Evidence, "stream" | "cancel">> {
  const before = await recorder.get(endpoints.snapshot(sync.syncId));
  const watch = new StreamWatch(recorder, endpoints, sync);
  const [record, beside] = await Promise.all([watch.read(), watch.requestBeside(), watch.decide()]);
  const after = await recorder.get(endpoints.snapshot(sync.syncId));
  const stream = { record, before, after, polls: watch.polls, ...beside };
  return { stream, cancel: watch.cancel ?? (await cancelRest()) };

  /** Cancels what still runs after a stream that broke or had to be closed first. */
  async function cancelRest(): Promise<Exchange | null> {
    const states = [stateOfResponse(after), statesOf(record.items).at(-1)];
    const isOver = states.some(
      (state) => state !== null && state !== undefined && isTerminalStatus(state.snapshot.status),
    );
    if (!watch.canCancel || isOver) return null;
    return recorder.cancel(endpoints, sync.syncId);
  }
}

class StreamWatch {
  readonly polls: Exchange[] = [];
  cancel: Exchange | null = null;
  readonly #recorder: Recorder;
  readonly #endpoints: Endpoints;
  readonly #sync: SyncOrigin;
  readonly #stopping = new AbortController();
  readonly #startedAtMs = performance.now();
  #lastItemAtMs = performance.now();
  #latest: SyncSnapshot | null = null;
  #events = 0;
  /** When the stream, or else the snapshot endpoint, has first said that the sync has ended. */
  #endedAtMs: number | null = null;
  #isRead = false;
  #isBesideDone = false;

  constructor(recorder: Recorder, endpoints: Endpoints, sync: SyncOrigin) {
    this.#recorder = recorder;
    this.#endpoints = endpoints;
    this.#sync = sync;
  }

  async read(): Promise<StreamRecord> {
    const { streamMs, closeMs, requestMs } = this.#recorder.target.timings;
    const record = await this.#recorder.stream(
      this.#endpoints.stream(this.#sync.syncId),
      streamMs + 2 * (closeMs + requestMs),
      {
        signal: AbortSignal.any([this.#recorder.signal, this.#stopping.signal]),
        follower: { onItem: (item) => this.#onItem(item) },
      },
    );
    this.#isRead = true;
    return record;
  }

  /** Requests the snapshot again and again, and the rest after its first response. */
  async requestBeside(): Promise<BesideEvidence> {
    const { firstEventMs, pollMs } = this.#recorder.target.timings;
    while (this.#events === 0 && !this.#isRead && this.#elapsedMs < firstEventMs) await this.#tick();
    if (!(await this.#poll())) {
      // A server that serves nothing else while a stream is open would be blamed for everything at once.
      this.#stopping.abort();
      return NOTHING_BESIDE;
    }
    const beside = await recordBeside(this.#recorder, this.#endpoints, this.#sync.syncId);
    this.#isBesideDone = true;
    let polledAtMs = performance.now();
    while (!this.#isRead) {
      await this.#tick();
      if (this.#isRead || performance.now() - polledAtMs < pollMs) continue;
      await this.#poll();
      polledAtMs = performance.now();
    }
    return beside;
  }

  /** Ends the reading when nothing more is to be learned. */
  async decide(): Promise<void> {
    const { closeMs } = this.#recorder.target.timings;
    while (!this.#isRead) {
      await this.#tick();
      if (!this.#isBesideDone) continue;
      if (this.#endedAtMs !== null) {
        if (performance.now() - this.#endedAtMs >= closeMs) this.#stopping.abort();
      } else if (this.#isEnough) {
        if (this.canCancel) await this.#cancelSync();
        else this.#stopping.abort();
      }
    }
  }

  get #elapsedMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  /** It was read for long enough, or was silent for longer than a stream may be. */
  get #isEnough(): boolean {
    const { streamMs, idleMs } = this.#recorder.target.timings;
    return this.#elapsedMs >= streamMs || performance.now() - this.#lastItemAtMs >= idleMs;
  }

  get canCancel(): boolean {
    // Older backends do not say what they offer.
    return this.#sync.isOurs && this.cancel === null && (this.#latest?.capabilities?.includes("cancel") ?? true);
  }

  #onItem(item: StreamItem): undefined {
    this.#lastItemAtMs = item.atMs;
    if (item.kind !== "event") return;
    this.#events += 1;
    const seconds = Math.round(this.#elapsedMs / 1_000);
    this.#recorder.onActivity(`Reading the stream for ${seconds} s: ${this.#events} events`);
    const state = readState(item);
    if (state !== null) this.#onSnapshot(state.snapshot, item.atMs);
  }

  #onSnapshot(snapshot: SyncSnapshot, atMs: number): void {
    this.#latest = snapshot;
    if (isTerminalStatus(snapshot.status)) this.#endedAtMs ??= atMs;
  }

  /** Returns whether there was a response. */
  async #poll(): Promise<boolean> {
    const response = await this.#recorder.get(this.#endpoints.snapshot(this.#sync.syncId));
    this.polls.push(response);
    const state = stateOfResponse(response);
    if (state !== null) this.#onSnapshot(state.snapshot, state.atMs);
    return response.failure?.kind !== "timeout";
  }

  async #cancelSync(): Promise<void> {
    this.#recorder.onActivity("Cancelling the sync that was started");
    this.cancel = await this.#recorder.cancel(this.#endpoints, this.#sync.syncId);
    // Its end has to arrive; when it does not, the reading ends as after any end.
    this.#endedAtMs ??= performance.now();
  }

  #tick(): Promise<void> {
    return wait(TICK_MS);
  }
}
