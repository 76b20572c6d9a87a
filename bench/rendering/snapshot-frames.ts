import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { SNAPSHOT_EVENTS } from "../../src/protocol/events.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { encodeSseFrame } from "../../src/protocol/sse-frame.js";

const START_TIME = Date.UTC(2026, 0, 1);
const TICK_MS = 4;

/** A sync that has done some of its items; complete with the last. */
export function snapshotOf(syncId: string, processedItems: number, totalItems: number): SyncSnapshot {
  const isComplete = processedItems === totalItems;
  return {
    syncId,
    connectorType: "bench",
    status: isComplete ? "complete" : "syncing",
    stage: "Fetching messages...",
    phase: null,
    phases: [],
    totalItems,
    processedItems,
    failedItems: 0,
    currentItem: `Message ${processedItems} about the weather of this week.eml`,
    errorMessage: null,
    errorCode: null,
    percentComplete: null,
    capabilities: ["cancel", "pause"],
    notifyEmail: null,
    startedBy: null,
    seq: processedItems + 1,
    startedAt: START_TIME,
    updatedAt: START_TIME + processedItems,
    completedAt: isComplete ? START_TIME + processedItems : null,
  };
}

/** The event of a stream that carries the snapshot. */
export function frameOf(event: (typeof SNAPSHOT_EVENTS)[number], snapshot: SyncSnapshot): string {
  return encodeSseFrame({ event, id: snapshot.seq ?? 0, data: JSON.stringify(encodeSnapshot(snapshot)) });
}

/** Writes the frames to a stream, evenly over time. Resolves when all are written. */
export async function sendAtRate(
  stream: ServerResponse,
  frames: readonly Uint8Array[],
  eventsPerSecond: number,
): Promise<void> {
  const startedAt = performance.now();
  let sent = 0;
  while (sent < frames.length) {
    const due = Math.min(frames.length, Math.floor(((performance.now() - startedAt) / 1_000) * eventsPerSecond));
    if (due > sent && !stream.write(Buffer.concat(frames.slice(sent, due)))) await once(stream, "drain");
    sent = Math.max(sent, due);
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}
