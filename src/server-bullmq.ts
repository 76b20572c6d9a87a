export type { SyncJobData } from "./server/bullmq/job-data.js";
export { type BullMQQueue, createSyncQueue, type SyncQueue } from "./server/bullmq/sync-queue.js";
export { createSyncWorker, type SyncJobResult, type SyncWorkerOptions } from "./server/bullmq/sync-worker.js";
