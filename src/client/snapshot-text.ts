/* What is looked up in the text of a snapshot, since most events are never decoded. */

const STATUS_AND_PHASE = /"(?:status|phase)":\s*"[^"]*"/g;
const SYNC_ID = /"sync_id":\s*"([^"]*)"/;

/** What a person must see at once when it changes. */
export function statusAndPhaseOf(data: unknown): string {
  return typeof data === "string" ? String(data.match(STATUS_AND_PHASE)) : "";
}

/** Which sync it is about; `null` if the text does not say. */
export function syncIdOf(data: string): string | null {
  return SYNC_ID.exec(data)?.[1] ?? null;
}
