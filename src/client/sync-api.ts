import { decodeSnapshotResponse } from "../protocol/decode-snapshot.js";
import type { Decoded } from "../protocol/decoding.js";
import { createEndpoints, type Endpoints, type SyncAction } from "../protocol/endpoints.js";
import { decodeFailurePage, type FailurePage } from "../protocol/failure.js";
import { decodeIntegrations, type Integration } from "../protocol/integration.js";
import { decodeStartResponse } from "../protocol/responses.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { type EventSourceLike, nativeEventSource } from "./event-source.js";
import type { SyncClientOptions } from "./sync-client-options.js";
import { type RequestContext, requestText, type SyncRequest, SyncRequestError } from "./sync-request.js";
import type { SnapshotAnswer } from "./watch-state.js";

/** What a sync is started with. */
export interface StartSyncOptions {
  /** Sync everything again, not only what is new. */
  readonly fullSync?: boolean;
  /** Only what changed since then, ISO 8601. */
  readonly since?: string;
}

/** The requests of the sync API, each with the credentials that are valid then. */
export class SyncApi {
  readonly #endpoints: Endpoints;
  readonly #options: SyncClientOptions;
  readonly #context: RequestContext;
  #authorization: Promise<boolean> | null = null;

  constructor(options: SyncClientOptions, requestTimeout: number) {
    this.#endpoints = createEndpoints(options.baseUrl ?? "/api");
    this.#options = options;
    this.#context = {
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      credentials: options.credentials ?? "same-origin",
      timeoutMs: requestTimeout,
    };
  }

  /** Opens the stream of a sync; `null` where there is no EventSource. */
  openStream(syncId: string): EventSourceLike | null {
    const create = this.#options.createEventSource ?? nativeEventSource();
    const withCredentials = this.#context.credentials === "include";
    return create?.(this.#endpoints.stream(syncId), { withCredentials }) ?? null;
  }

  /** Asks where a sync is. Never rejects: what went wrong is an answer as well. */
  async askSnapshot(syncId: string, signal: AbortSignal): Promise<SnapshotAnswer> {
    try {
      const text = await requestText(this.#context, this.#endpoints.snapshot(syncId), { signal });
      const decoded = decodeSnapshotResponse(text);
      return decoded.ok
        ? { kind: "snapshot", snapshot: decoded.value }
        : { kind: "unreadable", problem: decoded.problem };
    } catch (error) {
      if (!(error instanceof SyncRequestError)) return { kind: "no-answer", message: String(error) };
      const { status, retryAfterMs, message } = error;
      return status === null ? { kind: "no-answer", message } : { kind: "refused", status, retryAfterMs, message };
    }
  }

  /** Many are refused together; the credentials are renewed once for all of them. */
  authorize(): Promise<boolean> {
    const { onUnauthorized } = this.#options;
    if (onUnauthorized === undefined) return Promise.resolve(false);
    this.#authorization ??= (async () => onUnauthorized())()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        this.#authorization = null;
      });
    return this.#authorization;
  }

  startSync(integrationType: string, { fullSync, since }: StartSyncOptions): Promise<string> {
    const body = {
      ...(fullSync === undefined ? {} : { full_sync: fullSync }),
      ...(since === undefined ? {} : { since }),
    };
    return this.#start(this.#endpoints.startSync(integrationType), body);
  }

  retry(syncId: string, options: { readonly only?: "failed" }): Promise<string> {
    return this.#start(this.#endpoints.action(syncId, "retry"), options);
  }

  /** Gives a command; `null` where the answer tells no state. */
  async command(syncId: string, action: SyncAction): Promise<SyncSnapshot | null> {
    const text = await this.#request(this.#endpoints.action(syncId, action), { method: "POST" });
    const decoded = decodeSnapshotResponse(text);
    return decoded.ok ? decoded.value : null;
  }

  getIntegrations(signal: AbortSignal | undefined): Promise<readonly Integration[]> {
    return this.#read(this.#endpoints.integrations(), decodeIntegrations, signal);
  }

  getFailures(
    syncId: string,
    page: { readonly cursor?: string; readonly limit?: number },
    signal: AbortSignal | undefined,
  ): Promise<FailurePage> {
    return this.#read(this.#endpoints.failures(syncId, page), decodeFailurePage, signal);
  }

  async #start(url: string, body: unknown): Promise<string> {
    return unwrap(url, decodeStartResponse(await this.#postStart(url, body)));
  }

  async #postStart(url: string, body: unknown): Promise<string> {
    try {
      return await this.#request(url, { method: "POST", body });
    } catch (error) {
      // 409: it runs already, and the answer names the sync that does.
      if (error instanceof SyncRequestError && error.status === 409 && decodeStartResponse(error.body).ok)
        return error.body;
      throw error;
    }
  }

  async #read<T>(url: string, decode: (text: unknown) => Decoded<T>, signal: AbortSignal | undefined): Promise<T> {
    return unwrap(url, decode(await this.#request(url, signal === undefined ? {} : { signal })));
  }

  /** Makes a request; where the credentials have expired, renews them and asks once more. */
  async #request(url: string, request: SyncRequest): Promise<string> {
    try {
      return await requestText(this.#context, url, request);
    } catch (error) {
      const isUnauthorized = error instanceof SyncRequestError && (error.status === 401 || error.status === 403);
      if (!isUnauthorized || !(await this.authorize())) throw error;
      return requestText(this.#context, url, request);
    }
  }
}

function unwrap<T>(url: string, decoded: Decoded<T>): T {
  if (decoded.ok) return decoded.value;
  throw new SyncRequestError(`The answer of ${url} cannot be used: ${decoded.problem.message}.`);
}
