import { decodeJson, isObject } from "./decoding.js";

/** Names of the SSE events that carry a snapshot. */
export const SNAPSHOT_EVENTS = ["current_state", "started", "progress", "complete", "error", "cancelled"] as const;

/** The name of an SSE event that carries a snapshot. */
export type SnapshotEventName = (typeof SNAPSHOT_EVENTS)[number];

/** A named event, because page scripts never see SSE comments. */
export const HEARTBEAT_EVENT = "heartbeat";

/** How often our server sends a heartbeat, in ms: more often than the shortest timeout that proxies commonly have (10 s). */
export const HEARTBEAT_INTERVAL_MS = 5_000;

/** Longest interval of heartbeats, in ms. */
export const MAX_HEARTBEAT_INTERVAL_MS = 600_000;

/** What a heartbeat says. */
export interface Heartbeat {
  /** When the next one follows, in ms; `null` if it does not say, as those of older backends. */
  readonly intervalMs: number | null;
  /** The server cannot read the current state at present: what was sent last may be out of date. */
  readonly isStale: boolean;
}

/** The `data` of a heartbeat. */
export function encodeHeartbeat(intervalMs: number, isStale = false): string {
  return JSON.stringify({ interval_ms: intervalMs, ...(isStale ? { stale: true } : {}) });
}

/** Reads the `data` of a heartbeat. */
export function decodeHeartbeat(data: unknown): Heartbeat {
  const json = typeof data === "string" ? decodeJson(data) : null;
  const given = json?.ok && isObject(json.value) ? json.value : {};
  const intervalMs = given["interval_ms"];
  const isValid = typeof intervalMs === "number" && intervalMs > 0 && intervalMs <= MAX_HEARTBEAT_INTERVAL_MS;
  return { intervalMs: isValid ? intervalMs : null, isStale: given["stale"] === true };
}

/** What our server advises browsers to wait before they reconnect, in ms. */
export const RETRY_MS = 2_000;
