import { isObject } from "../../protocol/decoding.js";
import type { Scope } from "../scope.js";

/** The data of a job: whose its sync is. All else is in the store. */
export interface SyncJobData {
  readonly scope: Scope;
}

/** Reads the data of a job; `null` if it is no job of a sync. */
export function scopeOfJob(data: unknown): Scope | null {
  if (!isObject(data) || !isObject(data.scope)) return null;
  const { tenantId, userId } = data.scope;
  return typeof tenantId === "string" && typeof userId === "string" ? { tenantId, userId } : null;
}
