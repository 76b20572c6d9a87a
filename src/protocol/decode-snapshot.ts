import { readCapabilities } from "./capabilities.js";
import {
  accept,
  type Decoded,
  decodeJson,
  isObject,
  readCount,
  readOptionalText,
  readText,
  readTime,
  refuse,
} from "./decoding.js";
import { TEXT_LIMITS } from "./limits.js";
import type { SyncSnapshot } from "./snapshot.js";
import { parseStatus } from "./status.js";
import { readPhases } from "./sync-phase.js";

/**
 * Reads a snapshot off the wire, tolerating what older backends leave out (`seq`, `percent_complete`, `phases`, `capabilities`, times).
 * A count that is no count (negative, NaN, text) is read as unknown for the total and 0 for the others.
 */
export function decodeSnapshot(value: unknown): Decoded<SyncSnapshot> {
  if (!isObject(value)) return refuse("not-an-object", "a snapshot must be a JSON object");
  const syncId = readText(value.sync_id, TEXT_LIMITS.id);
  if (syncId === "") return refuse("missing-field", "a snapshot must have a sync_id");
  const word = readText(value.status, TEXT_LIMITS.word);
  if (word === "") return refuse("missing-field", `the snapshot of ${syncId} must have a status`);

  const status = parseStatus(word);
  const percent = value.percent_complete;
  return accept({
    syncId,
    connectorType: readText(value.connector_type, TEXT_LIMITS.word),
    status,
    stage: readText(value.stage, TEXT_LIMITS.sentence) || (status === "running" ? word : ""),
    phase: readOptionalText(value.phase, TEXT_LIMITS.word),
    phases: readPhases(value.phases),
    totalItems: readCount(value.total_items),
    processedItems: readCount(value.processed_items) ?? 0,
    failedItems: readCount(value.failed_items) ?? 0,
    currentItem: readOptionalText(value.current_item, TEXT_LIMITS.item),
    errorMessage: readOptionalText(value.error_message, TEXT_LIMITS.sentence),
    errorCode: readOptionalText(value.error_code, TEXT_LIMITS.word),
    percentComplete: typeof percent === "number" && percent >= 0 ? Math.min(percent, 100) : null,
    capabilities: readCapabilities(value.capabilities),
    notifyEmail: typeof value.notify_email === "boolean" ? value.notify_email : null,
    startedBy: readOptionalText(value.started_by, TEXT_LIMITS.word),
    seq: readCount(value.seq),
    startedAt: readTime(value.started_at),
    updatedAt: readTime(value.updated_at),
    completedAt: readTime(value.completed_at),
  });
}

/** Reads the `data` of a snapshot event. */
export function decodeSnapshotEvent(data: unknown): Decoded<SyncSnapshot> {
  const json = decodeJson(data);
  return json.ok ? decodeSnapshot(json.value) : json;
}

/** Reads the body of a response of the snapshot endpoint: `{success, progress}`, or a bare snapshot. */
export function decodeSnapshotResponse(text: unknown): Decoded<SyncSnapshot> {
  const json = decodeJson(text);
  if (!json.ok) return json;
  return decodeSnapshot(isObject(json.value) && "progress" in json.value ? json.value.progress : json.value);
}
