import { createParser } from "eventsource-parser";
import { decodeReady, decodeRemoved, type FeedReady } from "../../src/protocol/feed.js";
import type { WireSnapshot } from "../../src/protocol/snapshot.js";

/** What a reader of a feed knows, over any number of connections: the contract of the feed, as short as it can be. */
export class FeedModel {
  readonly syncs = new Map<string, WireSnapshot>();
  /** Every event, heartbeats left out, as `name sync-id`. */
  readonly events: string[] = [];
  readonly ready: FeedReady[] = [];
  /** The id that a browser would come back with. */
  lastEventId: string | null = null;
  readonly #listed = new Set<string>();
  #parser = this.#createParser();

  /** A new connection begins. */
  connect(): Record<string, string> {
    this.#listed.clear();
    this.#parser = this.#createParser();
    return this.lastEventId === null ? {} : { "last-event-id": this.lastEventId };
  }

  feed(text: string): void {
    this.#parser.feed(text);
  }

  #createParser() {
    return createParser({ onEvent: ({ id, event = "message", data }) => this.#receive(event, data, id) });
  }

  #receive(event: string, data: string, id: string | undefined): void {
    if (id !== undefined) this.lastEventId = id;
    if (event === "heartbeat") return;
    if (event === "ready") {
      const ready = decodeReady(data);
      this.events.push("ready");
      this.ready.push(ready);
      if (ready.isReset)
        for (const syncId of this.syncs.keys()) if (!this.#listed.has(syncId)) this.syncs.delete(syncId);
      return;
    }
    if (event === "removed") {
      const syncId = decodeRemoved(data) ?? "";
      this.events.push(`removed ${syncId}`);
      this.syncs.delete(syncId);
      return;
    }
    const snapshot: WireSnapshot = JSON.parse(data);
    this.events.push(`${event} ${snapshot.sync_id}`);
    this.#listed.add(snapshot.sync_id);
    this.syncs.set(snapshot.sync_id, snapshot);
  }
}
