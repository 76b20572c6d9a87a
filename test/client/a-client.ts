import type { SyncDiagnostic } from "../../src/client/diagnostic.js";
import type { EventLike, EventSourceLike } from "../../src/client/event-source.js";
import { SyncClient } from "../../src/client/sync-client.js";
import type { SyncClientOptions } from "../../src/client/sync-client-options.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { isTerminalStatus } from "../../src/protocol/status.js";
import { aSnapshot } from "../support/a-snapshot.js";

/** An event source that does what the test says. */
export class FakeSource implements EventSourceLike {
  readyState = 0;
  isClosed = false;
  readonly #listeners = new Map<string, ((event: EventLike) => void)[]>();

  constructor(
    readonly url: string,
    readonly withCredentials: boolean,
  ) {}

  addEventListener(type: string, listener: (event: EventLike) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  close(): void {
    this.isClosed = true;
    this.readyState = 2;
  }

  emit(type: string, event: EventLike = {}): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }

  send(given: Partial<SyncSnapshot> = {}): void {
    const snapshot = aSnapshot(given);
    const event = isTerminalStatus(snapshot.status) ? snapshot.status : "progress";
    this.emit(event, { data: JSON.stringify(encodeSnapshot(snapshot)) });
  }

  giveUp(): void {
    this.readyState = 2;
    this.emit("error");
  }
}

export const snapshotResponse = (given: Partial<SyncSnapshot> = {}) =>
  Response.json({ success: true, progress: encodeSnapshot(aSnapshot(given)) });

/** A client whose streams and responses are made by the test. */
export function aClient(
  options: SyncClientOptions = {},
  respond: (url: string, init: RequestInit) => Response = () => snapshotResponse(),
) {
  const sources: FakeSource[] = [];
  const requests: string[] = [];
  const diagnostics: SyncDiagnostic[] = [];
  const client = new SyncClient({
    createEventSource: (url, { withCredentials }) => {
      const source = new FakeSource(url, withCredentials);
      sources.push(source);
      return source;
    },
    fetch: async (input, init) => {
      requests.push(`${init?.method} ${String(input)}`);
      return respond(String(input), init ?? {});
    },
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    // The requests that ask for a feed are the subject of other tests.
    feed: false,
    ...options,
  });
  const last = () => {
    const source = sources.at(-1);
    if (source === undefined) throw new Error("no stream was opened");
    return source;
  };
  return { client, sources, requests, diagnostics, last };
}
