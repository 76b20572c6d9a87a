import type { IntegrationDefinition } from "./integration-definition.js";
import type { AttemptOptions } from "./job-engine.js";
import type { Scope } from "./scope.js";
import type { AdoptedSync } from "./started-sync.js";
import { requestOfRecord } from "./sync-request.js";
import type { SyncService } from "./sync-service.js";

/** Options of {@link runAttempt}. */
export interface RunAttemptOptions extends AttemptOptions {
  readonly service: SyncService;
  /** What can be synced; one of them has the type of the sync. */
  readonly integrations: readonly IntegrationDefinition[];
  readonly scope: Scope;
  readonly syncId: string;
}

/**
 * Runs one attempt of a sync that the routes have given to a job engine: what its integration does, with the request that
 * the sync was started with. `null` if there is nothing to do, as for {@link SyncService.adopt}.
 *
 * @throws as {@link SyncService.adopt}
 */
export async function runAttempt(options: RunAttemptOptions): Promise<AdoptedSync | null> {
  const { service, integrations, ...sync } = options;
  const record = await service.get(sync.scope, sync.syncId);
  if (record === null) return null;
  const { connectorType } = record.snapshot;
  return service.adopt(sync, async (run) => {
    const definition = integrations.find(({ type }) => type === connectorType);
    // Tried again, because a newer version may know it: workers are not deployed in one moment.
    if (definition === undefined) throw new Error(`SyncProgressError: there is no integration "${connectorType}".`);
    await definition.sync(run, await requestOfRecord(service, record));
  });
}
