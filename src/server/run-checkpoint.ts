import { isObject, readCount, readOptionalText } from "../protocol/decoding.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";

/** The counts that belong to a checkpoint, so that a sync that continues from it counts nothing twice. */
type CheckpointCounts = Pick<
  SyncSnapshot,
  "phase" | "totalItems" | "processedItems" | "failedItems" | "percentComplete"
>;

/** The text that a store keeps of a checkpoint: the job's data, and the counts at that moment. */
export function encodeCheckpoint(data: unknown, snapshot: SyncSnapshot): string {
  const { phase, totalItems, processedItems, failedItems, percentComplete } = snapshot;
  return JSON.stringify({ data, phase, totalItems, processedItems, failedItems, percentComplete });
}

/** Reads what {@link encodeCheckpoint} has written; `null` if it is none. */
export function decodeCheckpoint(
  text: string | null,
): { readonly data: unknown; readonly counts: CheckpointCounts } | null {
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) return null;
  return {
    data: value.data ?? null,
    counts: {
      phase: readOptionalText(value.phase, Number.POSITIVE_INFINITY),
      totalItems: readCount(value.totalItems),
      processedItems: readCount(value.processedItems) ?? 0,
      failedItems: readCount(value.failedItems) ?? 0,
      percentComplete: typeof value.percentComplete === "number" ? value.percentComplete : null,
    },
  };
}
