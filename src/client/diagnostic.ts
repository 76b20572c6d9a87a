import type { ConnectionState } from "./sync-view.js";
import type { DecisionReason } from "./watch-state.js";

/** What a watch decided about its connection, and why: for logs, and for whoever asks "why is it polling?". */
export interface SyncDiagnostic {
  /** Local clock, ms since the epoch. */
  readonly at: number;
  readonly syncId: string;
  readonly reason: DecisionReason | "callback-failed";
  /** A sentence with particulars, for the developer; `null` where the reason says it all. */
  readonly detail: string | null;
  /** The connection after the decision. */
  readonly connection: ConnectionState;
  readonly failedOpenings: number;
  readonly outages: number;
}
