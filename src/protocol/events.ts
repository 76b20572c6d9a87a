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

/** The `data` of a heartbeat. */
export function encodeHeartbeat(intervalMs: number): string {
  return JSON.stringify({ interval_ms: intervalMs });
}

/** When the next heartbeat follows, in ms; `null` if the heartbeat does not say, as those of older backends. */
export function decodeHeartbeat(data: unknown): number | null {
  const json = typeof data === "string" ? decodeJson(data) : null;
  if (json === null || !json.ok || !isObject(json.value)) return null;
  const intervalMs = json.value["interval_ms"];
  const isValid = typeof intervalMs === "number" && intervalMs > 0 && intervalMs <= MAX_HEARTBEAT_INTERVAL_MS;
  return isValid ? intervalMs : null;
}

/** What our server advises browsers to wait before they reconnect, in ms. */
export const RETRY_MS = 2_000;
