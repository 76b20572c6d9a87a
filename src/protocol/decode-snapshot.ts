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
import type { SyncSnapshot } from "./snapshot.js";
import { parseStatus } from "./status.js";
import { readPhases } from "./sync-phase.js";

const MAX_ID_LENGTH = 200;
const MAX_WORD_LENGTH = 100;
const MAX_SENTENCE_LENGTH = 500;
const MAX_ITEM_LENGTH = 1_000;

/**
 * Reads a snapshot off the wire, tolerating what older backends leave out (`seq`, `percent_complete`, `phases`, `capabilities`, times).
 * A count that is no count (negative, NaN, text) is read as unknown for the total and 0 for the others.
 */
export function decodeSnapshot(value: unknown): Decoded<SyncSnapshot> {
  if (!isObject(value)) return refuse("not-an-object", "a snapshot must be a JSON object");
  const syncId = readText(value.sync_id, MAX_ID_LENGTH);
  if (syncId === "") return refuse("missing-field", "a snapshot must have a sync_id");
  const word = readText(value.status, MAX_WORD_LENGTH);
  if (word === "") return refuse("missing-field", `the snapshot of ${syncId} must have a status`);

  const status = parseStatus(word);
  const percent = value.percent_complete;
  return accept({
    syncId,
    connectorType: readText(value.connector_type, MAX_WORD_LENGTH),
    status,
    stage: readText(value.stage, MAX_SENTENCE_LENGTH) || (status === "running" ? word : ""),
    phase: readOptionalText(value.phase, MAX_WORD_LENGTH),
    phases: readPhases(value.phases),
    totalItems: readCount(value.total_items),
    processedItems: readCount(value.processed_items) ?? 0,
    failedItems: readCount(value.failed_items) ?? 0,
    currentItem: readOptionalText(value.current_item, MAX_ITEM_LENGTH),
    errorMessage: readOptionalText(value.error_message, MAX_SENTENCE_LENGTH),
    errorCode: readOptionalText(value.error_code, MAX_WORD_LENGTH),
    percentComplete: typeof percent === "number" && percent >= 0 ? Math.min(percent, 100) : null,
    capabilities: readCapabilities(value.capabilities),
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
