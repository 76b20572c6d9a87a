import type { JobsOptions } from "bullmq";
import type { EnqueuedIntegration, IntegrationDescription } from "../integration-definition.js";
import type { JobEngine, QueuedSync } from "../job-engine.js";
import type { SyncJobData } from "./job-data.js";

/** What is used of a `Queue` of BullMQ. */
export interface BullMQQueue {
  add(name: string, data: SyncJobData, options: JobsOptions): Promise<unknown>;
  getJobState(jobId: string): Promise<string>;
}

/** Syncs whose jobs are in a queue of BullMQ; the `engine` of a service. */
export interface SyncQueue extends JobEngine {
  /** The integration with its syncs in this queue: for the routes, while the workers have the integration itself. */
  offer(integration: IntegrationDescription, options?: Omit<JobsOptions, "jobId">): EnqueuedIntegration;
  /** Adds the job of a sync, with the sync's id as its own: for `service.enqueue`. */
  add(sync: QueuedSync, options?: Omit<JobsOptions, "jobId">): Promise<void>;
}

/** The states of a job that does not run any more; `unknown` is one that was removed. */
const OVER: ReadonlySet<string> = new Set(["completed", "failed", "unknown"]);

/**
 * Keeps the jobs of syncs in a queue of BullMQ. Attempts, backoff, priority and how long ended jobs are kept are the
 * queue's `defaultJobOptions`, or given with each integration.
 *
 * @example
 * const queue = new Queue("syncs", { connection, defaultJobOptions: { attempts: 3, removeOnComplete: true } });
 * const syncQueue = createSyncQueue(queue);
 * const service = createSyncService({ store, engine: syncQueue });
 * const app = createSyncRoutes({ service, authenticate, integrations: [syncQueue.offer(gmail)] });
 */
export function createSyncQueue(queue: BullMQQueue): SyncQueue {
  async function add({ scope, syncId, connectorType }: QueuedSync, options: JobsOptions = {}): Promise<void> {
    await queue.add(connectorType, { scope }, { ...options, jobId: syncId });
  }
  return {
    add,
    offer: (integration, options) => ({ ...integration, enqueue: (sync) => add(sync, options) }),
    hasJob: async ({ syncId }) => !OVER.has(await queue.getJobState(syncId)),
  };
}
