import type { SyncFailure } from "../protocol/failure.js";
import type { Integration, IntegrationStatus } from "../protocol/integration.js";
import { isTerminalStatus } from "../protocol/status.js";
import type { SyncPhase } from "../protocol/sync-phase.js";
import type { QueuedSync } from "./job-engine.js";
import type { Scope } from "./scope.js";
import type { SyncRun } from "./sync-run.js";
import type { SyncService } from "./sync-service.js";

/** What one sync of an integration has to do. */
export interface SyncRequestContext {
  readonly scope: Scope;
  /** Sync everything again, not only what is new. */
  readonly fullSync: boolean;
  /** Only what changed since then; `null` for no bound. ms since the epoch. */
  readonly since: number | null;
  /** Only these items, which failed before; `null` for all. */
  readonly onlyFailed: readonly SyncFailure[] | null;
}

/** What a person sees of an integration. */
export interface IntegrationDescription {
  /** Its name in URLs, such as `"gmail"`. */
  readonly type: string;
  /** Its name for people. */
  readonly name: string;
  readonly description?: string;
  /** URL of a logo. */
  readonly icon?: string;
  /**
   * The phases of its syncs in their order, shown to the person with what is done, current and pending. Counts begin
   * anew in each. Default none: then counts and percentage are those of the whole sync.
   */
  readonly phases?: readonly SyncPhase[];
  /** The state of the connection to the source, for this person. Default `"connected"`. */
  status?(scope: Scope): IntegrationStatus | Promise<IntegrationStatus>;
  /** How many items of this person are synced. Default what the last complete sync counted. */
  totalItemsSynced?(scope: Scope): number | Promise<number>;
}

/** An integration whose syncs run in the process that starts them, or in a worker. */
export interface IntegrationDefinition extends IntegrationDescription {
  /** The work of one sync. Throw a `SyncJobError` to show the person what went wrong. */
  sync(run: SyncRun, context: SyncRequestContext): Promise<void>;
}

/** An integration whose syncs are run by a job engine, in whatever process. */
export interface EnqueuedIntegration extends IntegrationDescription {
  /**
   * Adds a job for a new sync to the engine, with the sync's id as its own. If it rejects or takes longer than 10 s, the
   * sync ends as an error.
   */
  enqueue(sync: QueuedSync): Promise<unknown>;
}

/** The integration as this person sees it: the definition, and how its syncs went. */
export async function describeIntegration(
  definition: IntegrationDescription,
  service: SyncService,
  scope: Scope,
): Promise<Integration> {
  const connectorType = definition.type;
  const one = { limit: 1 };
  const [newest] = (await service.list(scope, { connectorType }, one)).records;
  const [complete] = (await service.list(scope, { connectorType, status: "complete" }, one)).records;
  const isActive = newest !== undefined && !isTerminalStatus(newest.snapshot.status);
  const hasFailed = newest?.snapshot.status === "error";
  const connection = (await definition.status?.(scope)) ?? "connected";
  return {
    type: definition.type,
    name: definition.name,
    description: definition.description ?? "",
    icon: definition.icon ?? null,
    status: connection === "connected" ? statusOf(newest?.snapshot.status, isActive) : connection,
    lastSyncAt: complete?.snapshot.completedAt ?? null,
    totalItemsSynced: (await definition.totalItemsSynced?.(scope)) ?? complete?.snapshot.processedItems ?? 0,
    errorMessage: hasFailed ? newest.snapshot.errorMessage : null,
    activeSyncId: isActive ? newest.snapshot.syncId : null,
  };
}

function statusOf(status: string | undefined, isActive: boolean): IntegrationStatus {
  if (isActive) return status === "paused" ? "paused" : "syncing";
  return status === "error" ? "error" : "connected";
}
