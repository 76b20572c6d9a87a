import { groupOf, type SyncGroup } from "../client/aggregate-syncs.js";
import type { SyncView } from "../client/sync-view.js";

/** The words of a notification. */
export interface NotificationWords {
  readonly title: string;
  readonly body: string;
}

const ENDS: Readonly<Partial<Record<SyncGroup, string>>> = {
  complete: "up to date",
  partlyFailed: "synced with problems",
  failed: "could not be synced",
};

/** What stands before the page's title, in English. */
export function titlePrefixOf(ended: readonly SyncView[]): string {
  return ended.some((view) => groupOf(view) === "failed") ? "(failed) " : "(done) ";
}

/** What a notification says, in English and with the types of the integrations for their names. */
export function describeEnded(ended: readonly SyncView[]): NotificationWords {
  const lines = ended.map((view) => `${view.snapshot?.connectorType || "Your data"}: ${ENDS[groupOf(view)]}`);
  return ended.length === 1
    ? { title: lines.join(), body: "" }
    : { title: `${ended.length} syncs have finished`, body: lines.slice(0, MAX_LINES).join("\n") };
}

/** Systems cut what is longer. */
const MAX_LINES = 5;
