import { isObject, readTime } from "../protocol/decoding.js";
import type { SyncFailure } from "../protocol/failure.js";
import type { SyncRequestContext } from "./integration-definition.js";
import type { Scope } from "./scope.js";
import type { SyncService } from "./sync-service.js";
import type { SyncRecord } from "./sync-store.js";

/** What the routes keep with a sync, so that a retry does the same. */
export interface SyncInput {
  readonly fullSync: boolean;
  readonly since: number | null;
  /** The sync whose failed items it is about; `null` for all items. */
  readonly failedOf: string | null;
}

/** How many failed items a retry of only those may name. */
const MAX_RETRIED_FAILURES = 10_000;

/** What a retry of a sync does: the same, or only what failed in it. */
export function inputOfRetry({ input, snapshot }: SyncRecord, isOnlyFailed: boolean): SyncInput {
  const before = readInput(input);
  return isOnlyFailed ? { ...before, failedOf: snapshot.syncId } : before;
}

/** The request that the job of a sync is given which the routes have started; that of a sync of others is for all items. */
export function requestOfRecord(service: SyncService, { scope, input }: SyncRecord): Promise<SyncRequestContext> {
  return requestOf(service, scope, readInput(input));
}

/** The request that a job is given. */
export async function requestOf(service: SyncService, scope: Scope, input: SyncInput): Promise<SyncRequestContext> {
  const { fullSync, since, failedOf } = input;
  return { scope, fullSync, since, onlyFailed: await failuresOf(service, scope, failedOf) };
}

async function failuresOf(
  service: SyncService,
  scope: Scope,
  syncId: string | null,
): Promise<readonly SyncFailure[] | null> {
  if (syncId === null) return null;
  const page = await service.listFailures(scope, syncId, { limit: MAX_RETRIED_FAILURES });
  return page?.failures ?? null;
}

function readInput(text: string | null): SyncInput {
  const value: unknown = text === null ? null : JSON.parse(text);
  if (!isObject(value)) return { fullSync: false, since: null, failedOf: null };
  return {
    fullSync: value.fullSync === true,
    since: readTime(value.since),
    failedOf: typeof value.failedOf === "string" ? value.failedOf : null,
  };
}
