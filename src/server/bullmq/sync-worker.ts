import { type Job, UnrecoverableError, WaitingError, Worker, type WorkerOptions } from "bullmq";
import type { SyncSnapshot } from "../../protocol/snapshot.js";
import type { IntegrationDefinition } from "../integration-definition.js";
import { isInstance } from "../is-instance.js";
import { runAttempt } from "../run-attempt.js";
import { SyncServiceClosedError } from "../service-shutdown.js";
import { within } from "../store-calls.js";
import { SyncJobError, SyncStoppedError } from "../sync-job-error.js";
import type { SyncService } from "../sync-service.js";
import { type SyncJobData, scopeOfJob } from "./job-data.js";

/** Options of {@link createSyncWorker}, and all of BullMQ's own: `connection`, `concurrency`, `lockDuration`, ... */
export interface SyncWorkerOptions extends WorkerOptions {
  /** On the same store as that of the processes that add the jobs, and with the queue as its `engine`. */
  readonly service: SyncService;
  /** What can be synced: those that the routes `offer`, with the work itself. */
  readonly integrations: readonly IntegrationDefinition[];
}

/** What BullMQ keeps as the return value of a job; `null` if there was nothing to do, because its sync had ended. */
export type SyncJobResult = Pick<SyncSnapshot, "status" | "processedItems" | "failedItems"> | null;

type SyncBullMQJob = Job<SyncJobData, SyncJobResult>;

/** Why the signal of a job is aborted when another worker may get it. */
const LOCK_LOST = "The lock of the job was lost.";

/** How long the end of the service waits for the worker to give its jobs back, in ms. */
const CLOSE_MS = 5_000;

/**
 * Starts a worker of BullMQ that runs the syncs of a queue. When its service drains, it takes no more jobs; jobs that
 * have not finished by the deadline go back into the queue, and another worker continues them at their checkpoint.
 *
 * @example
 * const worker = createSyncWorker("syncs", { service, integrations: [gmail], connection, concurrency: 5 });
 * worker.on("error", (error) => log.warn(error));
 * process.on("SIGTERM", () => void service.drain());
 */
export function createSyncWorker(
  queueName: string,
  { service, integrations, ...options }: SyncWorkerOptions,
): Worker<SyncJobData, SyncJobResult> {
  const worker = new Worker<SyncJobData, SyncJobResult>(queueName, process, options);
  const removeListener = service.onShutdown(async (state) => {
    // A drain waits until its deadline for the jobs that run.
    if (state === "draining") await worker.close();
    else await within(CLOSE_MS, worker.close());
  });
  worker.on("closed", removeListener);
  worker.on("lockRenewalFailed", (jobIds) => {
    for (const jobId of jobIds) worker.cancelJob(jobId, LOCK_LOST);
  });
  worker.on("failed", (job, error) => {
    // Without `finishedOn` it will be tried again.
    if (job?.finishedOn !== undefined) void giveUp(job, error).catch((reason) => worker.emit("error", asError(reason)));
  });
  return worker;

  async function process(job: SyncBullMQJob, token?: string, signal?: AbortSignal): Promise<SyncJobResult> {
    try {
      return await runJob(job, signal);
    } catch (error) {
      if (service.state !== "running" && isShutdown(error)) {
        void worker.close();
        await job.moveToWait(token);
        throw new WaitingError();
      }
      if (isInstance(error, SyncJobError, "SyncJobError") && error.isFinal) throw new UnrecoverableError(error.message);
      throw error;
    }
  }

  async function runJob(job: SyncBullMQJob, signal: AbortSignal | undefined): Promise<SyncJobResult> {
    const scope = scopeOfJob(job.data);
    const syncId = job.id;
    if (scope === null || syncId === undefined) {
      throw new UnrecoverableError("SyncProgressError: this job was not added by createSyncQueue.");
    }
    const attempt = await runAttempt({
      service,
      integrations,
      scope,
      syncId,
      fence: job.attemptsStarted,
      signal,
      isLastTry: (error) => !willRunAgain(job, error, signal),
    });
    if (attempt === null) return null;
    const { status, processedItems, failedItems } = await attempt.finished;
    return { status, processedItems, failedItems };
  }

  /** Whether there will be another attempt after this error, as BullMQ decides it. */
  function willRunAgain(job: SyncBullMQJob, error: unknown, signal: AbortSignal | undefined): boolean {
    // Neither is an attempt that has failed: the job goes back into the queue, here or by whoever finds it stalled.
    if (isShutdown(error) && (service.state !== "running" || signal?.reason === LOCK_LOST)) return true;
    const { maxStartedAttempts = Number.POSITIVE_INFINITY } = options;
    return (
      !isUnrecoverable(error) &&
      job.attemptsMade + 1 < (job.opts.attempts ?? 1) &&
      job.attemptsStarted < maxStartedAttempts
    );
  }

  /** Ends the sync of a job that BullMQ has given up without an attempt that could: mostly one that has stalled too often. */
  async function giveUp(job: SyncBullMQJob, error: Error): Promise<void> {
    const scope = scopeOfJob(job.data);
    if (scope === null || job.id === undefined) return;
    const isOfJob = !isUnrecoverable(error) && !isInstance(error, SyncStoppedError, "SyncStoppedError");
    await service.giveUp(scope, job.id, isOfJob ? error : undefined);
  }
}

function isShutdown(error: unknown): boolean {
  if (isInstance(error, SyncServiceClosedError, "SyncServiceClosedError")) return true;
  return isInstance(error, SyncStoppedError, "SyncStoppedError") && error.why === "interrupted";
}

function isUnrecoverable(error: unknown): boolean {
  return isInstance(error, UnrecoverableError, "UnrecoverableError");
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
