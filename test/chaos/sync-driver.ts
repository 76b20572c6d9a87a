import { setTimeout as wait } from "node:timers/promises";
import type { WireSnapshot } from "../../src/protocol/snapshot.js";
import type { Scope } from "../../src/server/scope.js";
import { headersOf } from "./sync-plans.js";

const PAUSE_MS = 200;
const TIMEOUT_MS = 10_000;

/** What one person does to their syncs, through whichever server is there: what fails is done again. */
export class SyncDriver {
  /** Responses with 5xx. */
  serverErrors = 0;
  readonly #url: string;
  readonly #scope: Scope;

  constructor(url: string, scope: Scope) {
    this.#url = url;
    this.#scope = scope;
  }

  /** Starts a sync, or continues one. Returns its id, which an attempt without a response may have started. */
  async start(type: string, interrupted: string | null): Promise<string> {
    const path = interrupted === null ? `integrations/${type}/sync` : `sync-progress/${interrupted}/retry`;
    const { sync_id: syncId } = await this.#untilDone("POST", path);
    return String(syncId);
  }

  async requestMail(syncId: string): Promise<void> {
    await this.#untilDone("PUT", `sync-progress/${syncId}/notify`, { email: true });
  }

  async cancel(syncId: string): Promise<void> {
    await this.#untilDone("POST", `sync-progress/${syncId}/cancel`);
  }

  async read(syncId: string): Promise<WireSnapshot> {
    const { progress } = await this.#untilDone("GET", `sync-progress/${syncId}`);
    return progress as WireSnapshot;
  }

  /** Repeats a request until a server has decided: with success, or with a conflict. */
  async #untilDone(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    for (;;) {
      const response = await this.#send(method, path, body).catch(() => null);
      if (response !== null && response.status < 500) {
        if (response.ok || response.status === 409) return response.json;
        throw new Error(`${method} ${path} was responded to with ${response.status}.`);
      }
      if (response !== null) this.serverErrors += 1;
      await wait(PAUSE_MS);
    }
  }

  async #send(method: string, path: string, body: object | undefined) {
    const response = await fetch(`${this.#url}/api/${path}`, {
      method,
      headers: { ...headersOf(this.#scope), "content-type": "application/json", connection: "close" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { ok: response.ok, status: response.status, json: (await response.json()) as Record<string, unknown> };
  }
}
