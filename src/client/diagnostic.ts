import type { DecisionReason } from "./connection-state.js";
import type { ConnectionStatus } from "./sync-view.js";

/** What a connection decided, and why: for logs, and for the question "why is it polling?". */
export interface SyncDiagnostic {
  /** Local clock, ms since the epoch. */
  readonly at: number;
  /** `null`: the connection that all syncs share, the feed. */
  readonly syncId: string | null;
  /** `callback-failed`: a listener or callback of the application threw. */
  readonly reason: DecisionReason | "callback-failed";
  /** A sentence with particulars, for the developer; `null` if the reason says it all. */
  readonly detail: string | null;
  /** The connection after the decision. */
  readonly connection: ConnectionStatus;
  /** Streams in a row that were no use. */
  readonly failedOpenings: number;
  /** Requests in a row that failed. */
  readonly outages: number;
}
