/** Names of the SSE events that carry a snapshot. */
export const SNAPSHOT_EVENTS = ["current_state", "started", "progress", "complete", "error", "cancelled"] as const;

/** The name of an SSE event that carries a snapshot. */
export type SnapshotEventName = (typeof SNAPSHOT_EVENTS)[number];

/** A named event, because page scripts never see SSE comments. */
export const HEARTBEAT_EVENT = "heartbeat";

/** How often our server sends a heartbeat, in ms. */
export const HEARTBEAT_INTERVAL_MS = 15_000;

/** What our server advises browsers to wait before they reconnect, in ms. */
export const RETRY_MS = 2_000;
