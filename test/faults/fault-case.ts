import type { ConnectionStatus, SyncError } from "../../src/client/sync-view.js";
import type { SyncStatus } from "../../src/protocol/status.js";
import type { FaultScript } from "./fault-script.js";

/** Times of the client under test, so short that a case takes well under a second. */
export const FAST_CLIENT = {
  openTimeoutMs: 150,
  heartbeatTimeoutMs: 250,
  stallTimeoutMs: 300,
  pollIntervalMs: 40,
  requestTimeoutMs: 250,
  keepAliveMs: 1,
  retry: { baseMs: 30, maxMs: 120 },
} as const;

/** What a host sees of a sync; both hosts can report it. */
export interface Seen {
  readonly status: SyncStatus | null;
  readonly connection: ConnectionStatus;
  readonly percent: number | null;
  readonly processedItems: number;
  readonly stage: string;
  readonly errorKind: SyncError["kind"] | null;
  readonly errorMessage: string | null;
  readonly isStalled: boolean;
  /** What the person reads: the headline, and the notice if there is one. */
  readonly words: readonly string[];
}

/** How the client under test reaches its server; HTTP with a stream is what cases are about unless they say otherwise. */
export type FaultTransport = "http" | "polling" | "socket" | "socket-and-http";

/** One fault, and what must come of it. */
export interface FaultCase {
  readonly name: string;
  readonly transport?: FaultTransport;
  readonly script: FaultScript;
  /** What must be seen at some time, in this order. */
  readonly seen: readonly Partial<Seen>[];
  /** Connection states that must come in this order, others may come between. */
  readonly connections?: readonly ConnectionStatus[];
  /** Bounds on the requests made until the last of `seen`. */
  readonly maxRequests: number;
  /** What the person must have read at some time. */
  readonly reads?: readonly string[];
  /** Why a host cannot play it, or an engine does something else. */
  readonly not?: {
    readonly node?: string;
    readonly browser?: string;
    readonly firefox?: string;
    readonly webkit?: string;
  };
}
