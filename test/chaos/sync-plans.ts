import type { Scope } from "../../src/server/scope.js";

/** What the syncs of an integration do if nothing happens to them. */
export interface SyncPlan {
  readonly type: string;
  readonly items: number;
  /** The last items fail. */
  readonly failedItems: number;
  /** `cancel`: somebody cancels it after a while. */
  readonly end: "complete" | "error" | "cancel";
}

/** Each person has one sync of each at a time. */
export const SYNC_PLANS: readonly SyncPlan[] = [
  { type: "blink", items: 2, failedItems: 0, end: "complete" },
  { type: "quick", items: 4, failedItems: 0, end: "complete" },
  { type: "short", items: 6, failedItems: 2, end: "complete" },
  { type: "broken", items: 7, failedItems: 1, end: "error" },
  { type: "middle", items: 10, failedItems: 0, end: "complete" },
  { type: "unwanted", items: 40, failedItems: 0, end: "cancel" },
  { type: "patchy", items: 15, failedItems: 4, end: "complete" },
  { type: "slow", items: 20, failedItems: 0, end: "complete" },
  { type: "long", items: 30, failedItems: 3, end: "complete" },
  { type: "endless", items: 60, failedItems: 0, end: "complete" },
];

/** The error code of syncs that end with an error as planned. */
export const PLANNED_ERROR = "planned";

export function planOf(type: string): SyncPlan {
  const plan = SYNC_PLANS.find((one) => one.type === type);
  if (plan === undefined) throw new Error(`There is no plan for ${type}.`);
  return plan;
}

const TENANTS = 4;

/** The people whose syncs run, spread over some tenants, so that the last has fewer of them if it does not come out. */
export function peopleFor(syncs: number): readonly Scope[] {
  return Array.from({ length: Math.ceil(syncs / SYNC_PLANS.length) }, (_, index) => ({
    tenantId: `tenant-${index % TENANTS}`,
    // The same names in each tenant: they must not be taken for each other.
    userId: `user-${Math.floor(index / TENANTS)}`,
  }));
}

/** Stands in all content of a person, and in nobody else's. */
export function markOf({ tenantId, userId }: Scope): string {
  return `mark:${tenantId}/${userId};`;
}

/** The marks in a text. */
export function marksIn(text: string): readonly string[] {
  return text.match(/mark:[^;]*;/g) ?? [];
}

/** How a person signs in. */
export function headersOf({ tenantId, userId }: Scope): Record<string, string> {
  return { "x-user": `${tenantId}/${userId}` };
}
