/** Statuses a sync can have while it still moves, or may move again. */
export type RunningStatus =
  | "queued"
  | "connecting"
  | "syncing"
  | "parsing"
  | "embedding"
  | "paused"
  /** A reader's word for any status it does not know; never on the wire from our server. */
  | "running";

/** Statuses that nothing leaves: a retry is a new sync. */
export type TerminalStatus = "complete" | "error" | "cancelled";

/** The status of a sync. */
export type SyncStatus = RunningStatus | TerminalStatus;

const KNOWN_STATUSES: ReadonlySet<string> = new Set<SyncStatus>([
  "queued",
  "connecting",
  "syncing",
  "parsing",
  "embedding",
  "paused",
  "running",
  "complete",
  "error",
  "cancelled",
]);

/** Words of older backends for statuses of ours. */
const STATUS_ALIASES: Readonly<Record<string, SyncStatus>> = {
  completed: "complete",
  failed: "error",
  canceled: "cancelled",
};

/** Whether a sync in this status has ended for good. */
export function isTerminalStatus(status: SyncStatus): status is TerminalStatus {
  return status === "complete" || status === "error" || status === "cancelled";
}

/** The status a word on the wire stands for; an unknown word means that the sync is running. */
export function parseStatus(word: string): SyncStatus {
  if (isKnownStatus(word)) return word;
  return Object.hasOwn(STATUS_ALIASES, word) ? (STATUS_ALIASES[word] ?? "running") : "running";
}

function isKnownStatus(word: string): word is SyncStatus {
  return KNOWN_STATUSES.has(word);
}
