import { decodeSnapshotEvent } from "../protocol/decode-snapshot.js";
import { encodeSnapshot, type SyncSnapshot } from "../protocol/snapshot.js";
import type { Scope } from "./scope.js";

/** A snapshot as stores keep it: as on the wire, so that the one decoder reads it. */
export function snapshotToText(snapshot: SyncSnapshot): string {
  return JSON.stringify(encodeSnapshot(snapshot));
}

/**
 * Reads {@link snapshotToText}; `given` is what the store keeps beside it.
 *
 * @throws Error when it is none of ours: the data was changed by others.
 */
export function snapshotFromText(text: string, given: Partial<SyncSnapshot>): SyncSnapshot {
  const decoded = decodeSnapshotEvent(text);
  if (!decoded.ok) throw new Error(`SyncProgressError: the stored data is damaged: ${decoded.problem.message}.`);
  return { ...decoded.value, ...given };
}

/** The scope of a key that `keyOf` has made. */
export function scopeOfKey(key: string): Scope {
  const [tenantId, userId]: unknown[] = JSON.parse(key);
  return { tenantId: String(tenantId), userId: String(userId) };
}
