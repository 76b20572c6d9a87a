import type { DecodeProblem } from "../protocol/decoding.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { NO_PACE, type Pace } from "./estimate-eta.js";
import type { SyncError } from "./sync-view.js";
import type { WatchPolicy } from "./watch-policy.js";

export type StreamLink = Extract<Link, { kind: "stream" }>;
export type PollingLink = Extract<Link, { kind: "polling" }>;

/** How the watch is connected now, and what it waits for. Times are of the local clock, in ms. */
export type Link =
  | { readonly kind: "idle" }
  /** An EventSource exists. `retrying`: it lost its connection, and the browser tries again by itself. */
  | {
      readonly kind: "stream";
      readonly id: number;
      readonly phase: "opening" | "open" | "retrying";
      /** When this phase began. */
      readonly since: number;
      /** Messages since it opened. */
      readonly messages: number;
      /** When the snapshot endpoint is asked, should nothing come until then. */
      readonly askAt: number;
    }
  /** The EventSource gave up or was given up; the snapshot endpoint is asked why. */
  | { readonly kind: "asking" }
  | { readonly kind: "waiting"; readonly until: number }
  | {
      readonly kind: "polling";
      readonly pollAt: number;
      /** The stream that is tried beside the polling, if one is. */
      readonly trial: { readonly id: number; readonly since: number } | null;
      readonly trialAt: number;
      readonly trials: number;
    }
  | { readonly kind: "authorizing" }
  /** Nothing more is tried by itself: signed out, or the sync is not known. */
  | { readonly kind: "parked" }
  /** The page is frozen or in the back-forward cache. */
  | { readonly kind: "suspended" }
  | { readonly kind: "closed" };

/** Everything a watch knows. */
export interface WatchState {
  readonly syncId: string;
  readonly policy: WatchPolicy;
  readonly snapshot: SyncSnapshot | null;
  readonly percent: number | null;
  readonly pace: Pace;
  /** When the newest snapshot arrived. */
  readonly receivedAt: number | null;
  readonly wasTerminalAtStart: boolean;
  readonly isStalled: boolean;
  readonly link: Link;
  /** The request to the snapshot endpoint under way, by number. */
  readonly request: { readonly id: number; readonly since: number } | null;
  /** Numbers streams and requests. */
  readonly lastId: number;
  /** Streams in a row that could not be opened, were short-lived, silent or deaf. */
  readonly failedOpenings: number;
  /** Failures in a row to reach the server at all. */
  readonly outages: number;
  /** Transport errors in a row that came right after one another. */
  readonly hurriedErrors: number;
  readonly lastErrorAt: number | null;
  readonly lastMessageAt: number | null;
  /** When the snapshot endpoint last answered, or failed to. */
  readonly lastAnswerAt: number | null;
  readonly hasHeartbeat: boolean;
  readonly isOffline: boolean;
  readonly hasReauthorized: boolean;
  readonly disconnectedAt: number | null;
  readonly problem: SyncError | null;
  /** The last decision about the connection, for diagnostics. */
  readonly decision: Decision | null;
}

/** Why the watch did what it did. A new object for every decision. */
export interface Decision {
  readonly reason: DecisionReason;
  readonly detail: string | null;
}

export type DecisionReason =
  | "started"
  | "stream-live"
  | "stream-dropped"
  | "stream-gave-up"
  | "stream-silent"
  | "stream-deaf"
  | "stream-unreadable"
  | "stream-hurried"
  | "foreign-snapshot"
  | "no-stream-support"
  | "sync-stalled"
  | "server-unreachable"
  | "answer-unreadable"
  | "retry-after"
  | "polling-started"
  | "stream-tried-again"
  | "unauthorized"
  | "reauthorized"
  | "not-found"
  | "offline"
  | "online"
  | "visible"
  | "frozen"
  | "resumed"
  | "reconnect-requested"
  | "terminal";

/** What the snapshot endpoint said. */
export type SnapshotAnswer =
  | { readonly kind: "snapshot"; readonly snapshot: SyncSnapshot }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly retryAfterMs: number | null;
      readonly message: string;
    }
  | { readonly kind: "unreadable"; readonly problem: DecodeProblem }
  | { readonly kind: "no-answer"; readonly message: string };

/** What can happen to a watch. */
export type WatchEvent =
  | { readonly type: "start" }
  | { readonly type: "tick" }
  | { readonly type: "stream-open"; readonly stream: number }
  | { readonly type: "stream-snapshot"; readonly stream: number; readonly snapshot: SyncSnapshot }
  | { readonly type: "stream-heartbeat"; readonly stream: number }
  | { readonly type: "stream-unreadable"; readonly stream: number; readonly problem: DecodeProblem }
  | { readonly type: "stream-retrying"; readonly stream: number }
  | { readonly type: "stream-closed"; readonly stream: number }
  | { readonly type: "stream-unsupported"; readonly stream: number; readonly message: string }
  | { readonly type: "answer"; readonly request: number; readonly answer: SnapshotAnswer }
  /** A snapshot that came with the answer to a command. */
  | { readonly type: "command-snapshot"; readonly snapshot: SyncSnapshot }
  | { readonly type: "authorized" }
  | { readonly type: "authorization-failed" }
  | { readonly type: "online" }
  | { readonly type: "offline" }
  | { readonly type: "visible" }
  | { readonly type: "frozen" }
  | { readonly type: "resumed" }
  | { readonly type: "reconnect" };

/** An event and the moment it happened: the machine itself knows no clock and no chance. */
export type WatchInput = WatchEvent & {
  /** Local clock, ms. */
  readonly now: number;
  /** From [0, 1). */
  readonly random: number;
};

export function initialWatchState(syncId: string, policy: WatchPolicy): WatchState {
  return {
    syncId,
    policy,
    snapshot: null,
    percent: null,
    pace: NO_PACE,
    receivedAt: null,
    wasTerminalAtStart: false,
    isStalled: false,
    link: { kind: "idle" },
    request: null,
    lastId: 0,
    failedOpenings: 0,
    outages: 0,
    hurriedErrors: 0,
    lastErrorAt: null,
    lastMessageAt: null,
    lastAnswerAt: null,
    hasHeartbeat: false,
    isOffline: false,
    hasReauthorized: false,
    disconnectedAt: null,
    problem: null,
    decision: null,
  };
}
