import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import type { Scope } from "../../src/server/scope.js";
import type { SyncStore } from "../../src/server/sync-store.js";
import { PLANNED_ERROR, planOf } from "./sync-plans.js";

/** A sync as it is stored at the end of a run. */
export interface StoredSync {
  readonly scope: Scope;
  readonly snapshot: SyncSnapshot;
}

const PAGE = 200;

export async function readSyncs(store: SyncStore, scope: Scope): Promise<readonly StoredSync[]> {
  const all: StoredSync[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.list(scope, {}, { limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    all.push(...page.records.map(({ snapshot }) => ({ scope, snapshot })));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

/** The Message-IDs that have to come, with the address of the person of each. */
export function wantedMails(syncs: readonly StoredSync[]): ReadonlyMap<string, string> {
  const wanted = syncs.filter(({ snapshot }) => snapshot.notifyEmail === true && snapshot.status !== "cancelled");
  return new Map(
    wanted.map(({ scope: { tenantId, userId }, snapshot }) => [
      `<${snapshot.syncId}.email@example.org>`,
      `${userId}@${tenantId}.example`,
    ]),
  );
}

/** How a sync has ended, in a word for the table, and what is wrong with that. */
export function endOf({ snapshot }: StoredSync): { readonly is: string; readonly fault: string | null } {
  const { connectorType, status, errorCode, processedItems, failedItems } = snapshot;
  const plan = planOf(connectorType);
  const isWhole = failedItems === plan.failedItems && processedItems === plan.items - plan.failedItems;
  const end = (is: string, isRight: boolean) => ({ is, fault: isRight ? null : JSON.stringify(snapshot) });
  // One that is to be cancelled may be done before: interrupted and continued some times.
  const canComplete = plan.end === "complete" || plan.end === "cancel";
  if (status === "complete") return end(failedItems > 0 ? "partly failed" : "complete", canComplete && isWhole);
  if (status === "cancelled") return end("cancelled", plan.end === "cancel");
  if (status !== "error") return end("running", false);
  if (errorCode === "interrupted") return end("interrupted", true);
  return end("failed", errorCode === PLANNED_ERROR && plan.end === "error" && isWhole);
}
