import type { SyncCapability } from "../protocol/capabilities.js";
import { RETRY_STAGE } from "../protocol/retry-stage.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { SyncPhase } from "../protocol/sync-phase.js";
import { decodeCheckpoint } from "./run-checkpoint.js";
import type { Scope } from "./scope.js";
import type { Claim, SyncRecord } from "./sync-store.js";

/** What every sync of a service offers, whatever its integration. */
const SERVICE_CAPABILITIES: readonly SyncCapability[] = ["cancel", "pause", "failures", "log"];

export interface NewSync {
  readonly scope: Scope;
  readonly connectorType: string;
  readonly phases: readonly SyncPhase[];
  readonly input: unknown;
  readonly claim: Claim | null;
  /** The sync that it continues, if that has failed and left a checkpoint. */
  readonly from: SyncRecord | null;
  readonly startedBy: string | null;
  /** Whether a mail is requested for its end; `null` if none is offered. */
  readonly notifyEmail: boolean | null;
}

/** The record of a sync that waits in the queue. */
export function newRecord({
  scope,
  connectorType,
  phases,
  input,
  claim,
  from,
  startedBy,
  notifyEmail,
}: NewSync): SyncRecord {
  const now = Date.now();
  const canContinue = from?.snapshot.status === "error" && from.snapshot.connectorType === connectorType;
  const snapshot: SyncSnapshot = {
    syncId: crypto.randomUUID(),
    connectorType,
    status: "queued",
    stage: "",
    phase: null,
    phases,
    totalItems: null,
    processedItems: 0,
    failedItems: 0,
    currentItem: null,
    errorMessage: null,
    errorCode: null,
    percentComplete: null,
    capabilities: notifyEmail === null ? SERVICE_CAPABILITIES : [...SERVICE_CAPABILITIES, "notify"],
    notifyEmail,
    startedBy,
    seq: 1,
    startedAt: now,
    updatedAt: now,
    completedAt: null,
  };
  return atCheckpoint({
    scope,
    snapshot,
    claim,
    checkpoint: canContinue ? from.checkpoint : null,
    input: input === undefined ? null : JSON.stringify(input),
  });
}

/** The record with the counts of its checkpoint: what came after that is done again. */
function atCheckpoint(record: SyncRecord): SyncRecord {
  const checkpoint = decodeCheckpoint(record.checkpoint);
  if (checkpoint === null) return record;
  const { phase, ...counts } = checkpoint.counts;
  const isDeclared = record.snapshot.phases.some(({ name }) => name === phase);
  return { ...record, snapshot: { ...record.snapshot, ...counts, phase: isDeclared ? phase : null } };
}

/**
 * The record as the next attempt of its job begins: with the counts of its checkpoint, or of its start. The percentage
 * does not fall.
 */
export function atNextAttempt(record: SyncRecord): SyncRecord {
  const { snapshot } = record;
  const start = { phase: null, totalItems: null, processedItems: 0, failedItems: 0, percentComplete: null };
  const begun = atCheckpoint({ ...record, snapshot: { ...snapshot, ...start } });
  const percents = [snapshot.percentComplete, begun.snapshot.percentComplete].filter((percent) => percent !== null);
  return {
    ...begun,
    snapshot: {
      ...begun.snapshot,
      stage: snapshot.status === "queued" ? "" : snapshot.stage,
      percentComplete: percents.length === 0 ? null : Math.max(...percents),
    },
  };
}

/** The state of a sync between two attempts of its job; one that is paused stays so. */
export function waitForRetry(snapshot: SyncSnapshot): SyncSnapshot {
  if (snapshot.status === "paused") return snapshot;
  const updatedAt = Math.max(Date.now(), snapshot.updatedAt ?? 0);
  return { ...snapshot, status: "queued", stage: RETRY_STAGE, currentItem: null, updatedAt };
}
