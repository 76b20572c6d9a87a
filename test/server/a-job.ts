import { vi } from "vitest";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { createSyncService } from "../../src/server/create-sync-service.js";
import type { RunSyncOptions } from "../../src/server/sync-creator.js";
import type { SyncRun } from "../../src/server/sync-run.js";
import type { SyncService, SyncServiceOptions } from "../../src/server/sync-service.js";

export const ada = { tenantId: "acme", userId: "ada" };

/** A job that does what the test says. */
export function aJob() {
  const started = Promise.withResolvers<SyncRun>();
  const work = Promise.withResolvers<void>();
  const job = vi.fn((run: SyncRun) => {
    started.resolve(run);
    return work.promise;
  });
  return { job, started: started.promise, finish: work.resolve, crash: work.reject };
}

/** Starts a job in a service, and follows the sync. */
export async function startIn(service: SyncService, runOptions: RunSyncOptions = {}) {
  const work = aJob();
  const { syncId, settled } = await service.run(ada, work.job, { connectorType: "gmail", ...runOptions });
  const run = await work.started;
  const seen = await followIn(service, syncId);
  return { service, syncId, settled, run, seen, ...work };
}

/** Starts a job in a service of its own. */
export function startJob(options: SyncServiceOptions = {}, runOptions: RunSyncOptions = {}) {
  return startIn(createSyncService(options), runOptions);
}

/** The snapshots that a subscriber of the service is notified of. */
export async function followIn(service: SyncService, syncId: string): Promise<readonly SyncSnapshot[]> {
  const seen: SyncSnapshot[] = [];
  await service.subscribe(ada, { syncId }, (update) => {
    if (update.type === "snapshot") seen.push(update.snapshot);
  });
  return seen;
}

/** Lets everything happen that needs no time. */
export const settle = () => vi.advanceTimersByTimeAsync(0);
