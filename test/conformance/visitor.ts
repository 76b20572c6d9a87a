import assert from "node:assert/strict";
import { isObject, type JsonObject } from "../../src/protocol/decoding.js";
import type { Backend, Credentials, SyncShape } from "./backend.js";
import { EventReader, pause } from "./event-reader.js";

/** What was responded to a request. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; an empty object if it is none. */
  readonly body: JsonObject;
}

interface Init {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How often something that has to come about is looked at again, in ms. */
const LOOK_MS = 20;

/** Uses a backend as one person, by HTTP alone, and leaves nothing open. */
export class Visitor {
  readonly backend: Backend;
  readonly #credentials: Credentials;
  readonly #readers: EventReader[] = [];

  constructor(backend: Backend, credentials: Credentials) {
    this.backend = backend;
    this.#credentials = credentials;
  }

  /** Makes a request to a path below the base. */
  async request(path: string, init: Init = {}): Promise<Reply> {
    const headers = { ...this.#credentials, ...init.headers };
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(this.backend.baseUrl + path, { ...init, headers, signal });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parseObject(text) };
  }

  post(path: string, init: Init = {}): Promise<Reply> {
    return this.request(path, { ...init, method: "POST" });
  }

  /** Starts a sync. Returns its id. */
  async start(shape: SyncShape): Promise<string> {
    const type = this.backend.types[shape];
    if (this.backend.startSync !== undefined) return this.backend.startSync(type, this.#credentials);
    const { status, body, text } = await this.post(`/integrations/${type}/sync`);
    assert.equal(status, 202, `a start must be responded to with 202, not with ${status}: ${text}`);
    assert.ok(typeof body.sync_id === "string" && body.sync_id !== "", `a start must name a sync_id: ${text}`);
    return body.sync_id;
  }

  /** The snapshot of a sync. */
  async snapshot(syncId: string): Promise<JsonObject> {
    const { status, body, text } = await this.request(`/sync-progress/${syncId}`);
    assert.equal(status, 200, `a snapshot must be responded to with 200, not with ${status}: ${text}`);
    const snapshot = "progress" in body ? body.progress : body;
    assert.ok(isObject(snapshot), `the response must hold a snapshot: ${text}`);
    return snapshot;
  }

  /** Waits until a sync has a status. Returns its snapshot. */
  async settled(syncId: string, isSettled = (status: unknown) => isEnd(status)): Promise<JsonObject> {
    for (let tries = 0; tries < 1_000; tries += 1) {
      const snapshot = await this.snapshot(syncId);
      if (isSettled(snapshot.status)) return snapshot;
      await pause(LOOK_MS);
    }
    throw new Error("The sync has not come to the status that was expected.");
  }

  /** Opens a stream. */
  async open(path: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
    const reader = await EventReader.open(this.backend.baseUrl + path, { ...this.#credentials, ...headers });
    this.#readers.push(reader);
    return reader;
  }

  stream(syncId: string, headers?: Readonly<Record<string, string>>): Promise<EventReader> {
    return this.open(`/sync-progress/${syncId}/stream`, headers);
  }

  /** Closes the streams, and cancels what runs if that is offered. */
  async leave(): Promise<void> {
    for (const reader of this.#readers.splice(0)) reader.leave();
    if (!this.backend.offers.has("cancel") || !this.backend.offers.has("list")) return;
    const { body } = await this.request("/sync-progress?active=true");
    const syncs = Array.isArray(body.syncs) ? body.syncs.filter(isObject) : [];
    for (const { sync_id: syncId } of syncs) {
      await this.post(`/sync-progress/${String(syncId)}/cancel`);
      await this.settled(String(syncId));
    }
  }
}

/** Whether a status is an end. */
export function isEnd(status: unknown): boolean {
  return status === "complete" || status === "error" || status === "cancelled";
}

/** Repeats a look until it succeeds, or throws what the last one threw. */
export async function until<T>(look: () => T | Promise<T>, timeoutMs = 10_000): Promise<T> {
  const late = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > late) throw error;
    }
    await pause(LOOK_MS);
  }
}

function parseObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
