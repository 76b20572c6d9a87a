import { decodeJson, isObject, type JsonObject, readCount, readOptionalText, readText } from "./decoding.js";
import { TEXT_LIMITS } from "./limits.js";

/** The event of a feed that follows its initial state. */
export const READY_EVENT = "ready";

/** The event of a feed that names a sync which was deleted. */
export const REMOVED_EVENT = "removed";

/** Longest key of a viewer that is read. */
const MAX_VIEWER_LENGTH = 100;

/** What a feed says when its initial state is complete. */
export interface FeedReady {
  /** What was sent before is the whole state: a sync that was not in it is not there. Else it was what has changed. */
  readonly isReset: boolean;
  /** How many syncs that run or have just ended were left out, because there are too many. */
  readonly omitted: number;
  /** Who reads: the same key for the same person, and no part of their name; `null` if the server does not say. */
  readonly viewer: string | null;
}

/** The `data` of the event that ends the initial state of a feed. */
export function encodeReady({ isReset, omitted, viewer }: FeedReady): string {
  return JSON.stringify({ reset: isReset, omitted, viewer });
}

/** Reads the `data` of {@link encodeReady}. What it does not say is read as a whole state, nothing omitted, and nobody. */
export function decodeReady(data: unknown): FeedReady {
  const { reset, omitted, viewer } = readObject(data);
  return { isReset: reset !== false, omitted: readCount(omitted) ?? 0, viewer: readViewer(viewer) };
}

/** The `data` of the event that names a deleted sync. */
export function encodeRemoved(syncId: string): string {
  return JSON.stringify({ sync_id: syncId });
}

/** The id of a deleted sync; `null` if the event names none. */
export function decodeRemoved(data: unknown): string | null {
  return readText(readObject(data).sync_id, TEXT_LIMITS.id) || null;
}

/** Reads the key of a viewer. */
export function readViewer(value: unknown): string | null {
  return readOptionalText(value, MAX_VIEWER_LENGTH);
}

function readObject(data: unknown): JsonObject {
  const json = decodeJson(data);
  return json.ok && isObject(json.value) ? json.value : {};
}
