const STATUS_AND_PHASE = /"(?:status|phase)":\s*"[^"]*"/g;

/**
 * What a person must see at once when it changes, from the text of a snapshot: looked up there, since most events are never
 * decoded.
 */
export function statusAndPhaseOf(data: unknown): string {
  return typeof data === "string" ? String(data.match(STATUS_AND_PHASE)) : "";
}
