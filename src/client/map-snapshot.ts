import { decodeSnapshot } from "../protocol/decode-snapshot.js";
import { type Decoded, decodeJson, refuse } from "../protocol/decoding.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus, parseStatus } from "../protocol/status.js";
import type { StreamMessage } from "./sync-transport.js";

/**
 * A snapshot made of a backend's own JSON: whatever that has of a {@link SyncSnapshot}. `status` may be any word; one that
 * is not ours counts as running. Times are ISO 8601 or ms since the epoch. Values of a wrong type are ignored.
 */
export type MappedSnapshot = { readonly [Key in keyof SyncSnapshot]?: SyncSnapshot[Key] | string | undefined } & {
  readonly status: string;
};

/**
 * Turns a backend's own JSON into a snapshot, or into `null` if it is something else, such as a message about another sync.
 *
 * @example
 * const mapSnapshot: MapSnapshot = (job) => ({ status: job.state, totalItems: job.progress.total, processedItems: job.progress.done });
 */
export type MapSnapshot = (value: unknown, syncId: string) => MappedSnapshot | null;

/** Reads a value in a backend's own JSON. */
export function decodeMapped(value: unknown, syncId: string, mapSnapshot: MapSnapshot): Decoded<SyncSnapshot> {
  const mapping = applyMapping(value, syncId, mapSnapshot);
  if (!mapping.ok) return mapping;
  if (mapping.value === null) return refuse("not-an-object", `mapSnapshot returned null for ${syncId}`);
  return decodeSnapshot(toWire(mapping.value, syncId));
}

/**
 * A stream's message in a backend's own JSON; `null` if it is not about the sync. Mapped at once, since a message about
 * something else must not replace the one before it.
 */
export function mapMessage(data: unknown, syncId: string, mapSnapshot: MapSnapshot): StreamMessage | null {
  const json = decodeJson(data);
  const mapping = json.ok ? applyMapping(json.value, syncId, mapSnapshot) : json;
  if (!mapping.ok) return { isUrgent: false, decode: () => mapping };
  const { value } = mapping;
  if (value === null || (value.syncId ?? syncId) !== syncId) return null;
  return {
    isUrgent: isTerminalStatus(parseStatus(value.status)),
    decode: () => decodeSnapshot(toWire(value, syncId)),
  };
}

function applyMapping(value: unknown, syncId: string, mapSnapshot: MapSnapshot): Decoded<MappedSnapshot | null> {
  try {
    return { ok: true, value: mapSnapshot(value, syncId) };
  } catch (error) {
    return refuse("wrong-type", `mapSnapshot threw ${String(error)}`);
  }
}

/** The snapshot as if it had come over the wire, for the one decoder and its limits. */
function toWire(mapped: MappedSnapshot, syncId: string): unknown {
  const entries = Object.entries(mapped).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return { ...Object.fromEntries(entries), sync_id: mapped.syncId ?? syncId };
}
