import type { JobWithMetadata, PgBoss } from "pg-boss";
import {
  type EnqueuedIntegration,
  type IntegrationDefinition,
  type IntegrationDescription,
  type JobEngine,
  runAttempt,
  type Scope,
  type SyncService,
} from "react-sync-progress/server";

const QUEUE = "syncs";
/** The states of a job that will run, or does. */
const PENDING: readonly string[] = ["created", "retry", "active"];

/** Once, when a process starts. */
export async function createQueue(boss: PgBoss) {
  await boss.createQueue(QUEUE, {
    retryLimit: 2,
    retryDelay: 5,
    retryBackoff: true,
    // A worker that died is noticed after that; without heartbeats only when the job expires.
    heartbeatSeconds: 30,
    // Longer than any sync takes: what runs longer is stopped, and tried again.
    expireInSeconds: 12 * 60 * 60,
  });
}

/** The `engine` of the service of every process. */
export function createEngine(boss: PgBoss): JobEngine {
  return {
    async hasJob({ syncId }) {
      const [job] = await boss.findJobs(QUEUE, { id: syncId });
      return job !== undefined && PENDING.includes(job.state);
    },
  };
}

/** An integration for the routes: a start adds a job, with the id of its sync. */
export function offer(boss: PgBoss, integration: IntegrationDescription): EnqueuedIntegration {
  return { ...integration, enqueue: ({ scope, syncId }) => boss.send(QUEUE, { scope }, { id: syncId }) };
}

/** Runs syncs in this process, five at a time; ends with `service.drain()` and then `boss.stop()`. */
export async function startWorker(boss: PgBoss, service: SyncService, integrations: readonly IntegrationDefinition[]) {
  const options = { includeMetadata: true, localConcurrency: 5, pollingIntervalSeconds: 0.5 } as const;
  await boss.work(QUEUE, options, async ([job]: JobWithMetadata<{ readonly scope: Scope }>[]) => {
    if (job === undefined) return;
    const attempt = await runAttempt({
      service,
      integrations,
      scope: job.data.scope,
      syncId: job.id,
      fence: job.retryCount + 1,
      signal: job.signal,
      isLastTry: () => job.retryCount >= job.retryLimit,
    });
    // Rejects if the attempt has failed: pg-boss tries again, as often as `retryLimit` says.
    await attempt?.finished;
  });
  // The drain waits for the jobs that run, which pg-boss finishes before it stops to work.
  service.onShutdown(() => boss.offWork(QUEUE));
}
