import type { SyncObserver } from "../observers.js";

/** How often what was sent is reported at most, in ms. */
const REPORT_EVERY_MS = 1_000;

/** Counts what all streams of a server send: two additions an event, whoever observes. */
export class StreamTraffic {
  /** Events that were written to readers. */
  delivered = 0;
  /** Snapshots that a newer one has replaced before their reader could take them. */
  coalesced = 0;
  readonly #observer: SyncObserver;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(observer: SyncObserver) {
    this.#observer = observer;
  }

  /** Reports what was sent since the last report, unless that was just now. */
  report(now: number): void {
    if (now - this.#reportedAt >= REPORT_EVERY_MS) this.flush(now);
  }

  /** Reports what was sent since the last report. */
  flush(now: number): void {
    const { delivered, coalesced } = this;
    if (delivered === 0 && coalesced === 0) return;
    this.#reportedAt = now;
    this.delivered = 0;
    this.coalesced = 0;
    this.#observer.onEvent?.({ level: "debug", event: "events-sent", delivered, coalesced });
  }
}
