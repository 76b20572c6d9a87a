/** What the status of a sync means for whoever shows or changes it. */
export interface StatusTraits {
  /** The sync has ended for good: nothing leaves this status, a retry is a new sync. */
  readonly ends: boolean;
  /** Work is being done, so counts are expected to change. */
  readonly moves: boolean;
  /** The sync can be paused. */
  readonly canPause: boolean;
}

/** Every status of a sync. What is derived from it (types, decoder, words, icons) is complete or does not compile. */
export const STATUSES = {
  queued: { ends: false, moves: false, canPause: true },
  connecting: { ends: false, moves: true, canPause: true },
  syncing: { ends: false, moves: true, canPause: true },
  parsing: { ends: false, moves: true, canPause: true },
  embedding: { ends: false, moves: true, canPause: true },
  /** A reader's word for any status that it does not have; never on the wire from our server. */
  running: { ends: false, moves: true, canPause: true },
  paused: { ends: false, moves: false, canPause: false },
  complete: { ends: true, moves: false, canPause: false },
  error: { ends: true, moves: false, canPause: false },
  cancelled: { ends: true, moves: false, canPause: false },
} as const satisfies Record<string, StatusTraits>;

/** The status of a sync. */
export type SyncStatus = keyof typeof STATUSES;

/** Statuses that nothing leaves: a retry is a new sync. */
export type TerminalStatus = StatusWith<"ends">;

/** Statuses a sync can have while it still moves, or may move again. */
export type RunningStatus = Exclude<SyncStatus, TerminalStatus>;

/** Statuses in which work is being done. */
export type MovingStatus = StatusWith<"moves">;

type StatusWith<Trait extends keyof StatusTraits> = {
  [Status in SyncStatus]: (typeof STATUSES)[Status][Trait] extends true ? Status : never;
}[SyncStatus];

/** Words of older backends for statuses of ours. */
const STATUS_ALIASES: ReadonlyMap<string, SyncStatus> = /* @__PURE__ */ new Map([
  ["completed", "complete"],
  ["failed", "error"],
  ["canceled", "cancelled"],
]);

/** Whether a sync in this status has ended for good. */
export function isTerminalStatus(status: SyncStatus): status is TerminalStatus {
  return STATUSES[status].ends;
}

/** Whether work is being done in this status. */
export function isMovingStatus(status: SyncStatus): status is MovingStatus {
  return STATUSES[status].moves;
}

/** Whether a sync in this status can be paused. */
export function canPauseStatus(status: SyncStatus): boolean {
  return STATUSES[status].canPause;
}

/** Whether a word is a status of ours. */
export function isSyncStatus(word: string): word is SyncStatus {
  return Object.hasOwn(STATUSES, word);
}

/** The status a word on the wire stands for; any other word means that the sync is running. */
export function parseStatus(word: string): SyncStatus {
  return isSyncStatus(word) ? word : (STATUS_ALIASES.get(word) ?? "running");
}
