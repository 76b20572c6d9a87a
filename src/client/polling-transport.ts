import type { SyncCapability } from "../protocol/capabilities.js";
import { decodeSnapshot } from "../protocol/decode-snapshot.js";
import { type Decoded, decodeJson, isObject } from "../protocol/decoding.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { checkDuration } from "./check-duration.js";
import { decodeMapped, type MapSnapshot } from "./map-snapshot.js";
import { describeError, readResponse, SyncRequestError } from "./sync-request.js";
import type { SyncTransport } from "./sync-transport.js";

/** How a status endpoint is polled. */
export interface PollingTransportOptions {
  /**
   * Requests the status of a sync: resolves with a `Response` of `fetch`, or with the JSON value in it. Pass `signal` on. With
   * a `Response`, its status is understood: 401 and 403 as signed out, 404 and 410 as not found, Retry-After as a wait.
   */
  readonly getStatus: (syncId: string, signal: AbortSignal) => Promise<unknown>;
  /** Turns the status into a snapshot. Default: the status is one, as in the wire contract. */
  readonly mapSnapshot?: MapSnapshot | undefined;
  /** ms between requests. Default 2,000. */
  readonly intervalMs?: number | undefined;
  /** What the backend offers, if its snapshots do not say. Default none. */
  readonly capabilities?: readonly SyncCapability[] | undefined;
}

/**
 * Any status endpoint, requested at an interval. Combine it with methods of your own for commands.
 *
 * @example
 * const transport = pollingTransport({
 *   getStatus: (id, signal) => fetch(`/jobs/${id}`, { signal }),
 *   mapSnapshot: (job) => ({ status: job.state, totalItems: job.total, processedItems: job.done }),
 * });
 * const client = new SyncClient({ transport: { ...transport, startSync } });
 *
 * @throws TypeError when `getStatus` is no function or `intervalMs` not a positive number.
 */
export function pollingTransport(options: PollingTransportOptions): SyncTransport {
  const { getStatus, mapSnapshot, intervalMs, capabilities } = options;
  if (typeof getStatus !== "function") {
    throw new TypeError(`SyncProgressError: getStatus must be a function, got ${typeof getStatus}.`);
  }
  const decode = (value: unknown, syncId: string): Decoded<SyncSnapshot> => {
    if (mapSnapshot !== undefined) return decodeMapped(value, syncId, mapSnapshot);
    return decodeSnapshot(isObject(value) && "progress" in value ? value.progress : value);
  };
  return {
    pollIntervalMs: checkDuration("intervalMs", intervalMs, 2_000),
    ...(capabilities === undefined ? {} : { capabilities }),
    async getSnapshot(syncId, signal) {
      const decoded = await read(getStatus, syncId, signal);
      const snapshot = decoded.ok ? decode(decoded.value, syncId) : decoded;
      if (snapshot.ok) return snapshot.value;
      const message = `The status of ${syncId} cannot be used: ${snapshot.problem.message}.`;
      throw new SyncRequestError(message, { kind: "invalid-response" });
    },
  };
}

async function read(
  getStatus: PollingTransportOptions["getStatus"],
  syncId: string,
  signal: AbortSignal,
): Promise<Decoded<unknown>> {
  try {
    const status = await getStatus(syncId, signal);
    if (typeof Response !== "function" || !(status instanceof Response)) return { ok: true, value: status };
    return decodeJson(await readResponse(`getStatus(${JSON.stringify(syncId)})`, status));
  } catch (error) {
    throw error instanceof SyncRequestError
      ? error
      : new SyncRequestError(`getStatus failed: ${describeError(error)}.`);
  }
}
