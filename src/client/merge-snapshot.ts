import { doneItems, type SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";

/**
 * The newer of two snapshots of one sync: `next`, or `current` itself if `next` brings nothing new. Terminal
 * absorbs. With `seq`, only a larger one is newer, or a later `updatedAt` under a smaller one (a server that lost its
 * count in a restart). Without `seq`, the done count may not fall within a phase.
 */
export function mergeSnapshot(current: SyncSnapshot | null, next: SyncSnapshot): SyncSnapshot {
  if (current === null) return next;
  if (isTerminalStatus(current.status)) return current;
  if (isTerminalStatus(next.status)) return next;
  return isNewer(current, next) ? next : current;
}

function isNewer(current: SyncSnapshot, next: SyncSnapshot): boolean {
  const isLater = current.updatedAt !== null && next.updatedAt !== null && next.updatedAt > current.updatedAt;
  const isEarlier = current.updatedAt !== null && next.updatedAt !== null && next.updatedAt < current.updatedAt;
  if (current.seq !== null && next.seq !== null) {
    return next.seq > current.seq || (next.seq < current.seq && isLater);
  }
  if (isEarlier) return false;
  const isSamePhase = next.phase === current.phase && next.status === current.status;
  if (isSamePhase && doneItems(next) < doneItems(current)) return false;
  return !isSameSnapshot(current, next);
}

function isSameSnapshot(a: SyncSnapshot, b: SyncSnapshot): boolean {
  return (
    a.status === b.status &&
    a.stage === b.stage &&
    a.phase === b.phase &&
    a.totalItems === b.totalItems &&
    a.processedItems === b.processedItems &&
    a.failedItems === b.failedItems &&
    a.currentItem === b.currentItem &&
    a.percentComplete === b.percentComplete &&
    a.seq === b.seq
  );
}
