import type { ConnectionPolicy } from "./connection-policy.js";
import type { SyncError } from "./sync-view.js";

export type StreamLink = Extract<Link, { kind: "stream" }>;
export type PollingLink = Extract<Link, { kind: "polling" }>;

/** How the connection gets its content now, and what it waits for. Times are of the local clock, in ms. */
export type Link =
  | { readonly kind: "idle" }
  /** A stream exists. `retrying`: it was interrupted, and reconnects by itself. */
  | {
      readonly kind: "stream";
      readonly id: number;
      readonly phase: "opening" | "open" | "retrying";
      /** When this phase began. */
      readonly since: number;
      /** Messages since it opened. */
      readonly messages: number;
      /** When the snapshot endpoint is requested, should nothing come until then. */
      readonly probeAt: number;
    }
  /** The stream was given up; the snapshot endpoint is requested to learn why. */
  | { readonly kind: "probing" }
  | { readonly kind: "waiting"; readonly until: number }
  | {
      readonly kind: "polling";
      readonly pollAt: number;
      /** The stream that is tried beside the polling, if one is. */
      readonly trial: { readonly id: number; readonly since: number } | null;
      readonly trialAt: number;
      readonly trials: number;
      /** All streams that the client may open are in use: one is tried as soon as another ends. */
      readonly awaitsStream: boolean;
    }
  | { readonly kind: "authorizing" }
  /** Nothing more is tried by itself: signed out, or not found. */
  | { readonly kind: "stopped" }
  /** The page is frozen or in the back-forward cache. */
  | { readonly kind: "suspended" }
  | { readonly kind: "closed" };

/** The state of one connection. It holds no sync, only when syncs changed and should change again. */
export interface ConnectionState {
  readonly policy: ConnectionPolicy;
  readonly link: Link;
  /** The request to the snapshot endpoint under way, by number. */
  readonly request: { readonly id: number; readonly since: number } | null;
  /** Numbers streams and requests. */
  readonly lastId: number;
  readonly hasContent: boolean;
  /** When the content last changed. */
  readonly changedAt: number | null;
  /** When a change is overdue; `null` while none is expected. */
  readonly changeDueAt: number | null;
  /** Streams in a row that could not be opened, were short-lived, silent or stale. */
  readonly failedOpenings: number;
  /** Failures in a row to reach the server at all. */
  readonly outages: number;
  /** Interruptions in quick succession. */
  readonly rapidInterruptions: number;
  readonly interruptedAt: number | null;
  readonly lastMessageAt: number | null;
  /** When the last request to the snapshot endpoint ended, in whatever way. */
  readonly lastResponseAt: number | null;
  readonly hasHeartbeat: boolean;
  /** ms between the backend's heartbeats; `null` while it has not said. */
  readonly heartbeatMs: number | null;
  readonly isOffline: boolean;
  readonly hasReauthorized: boolean;
  readonly disconnectedAt: number | null;
  readonly problem: SyncError | null;
}

/** What the connection has to know of the content that a message or response brought. */
export interface Content {
  /** It changed something. */
  readonly isNews: boolean;
  /** Nothing more will come. */
  readonly hasEnded: boolean;
  /** When the next change is overdue, local clock; `null` while none is expected (queued, paused). */
  readonly changeDueAt: number | null;
}

/** Why the connection did what it did. */
export interface Decision {
  readonly reason: DecisionReason;
  /** A sentence with particulars, for the developer; `null` if the reason says it all. */
  readonly detail: string | null;
}

/** The reasons of decisions, as they appear in diagnostics. */
export type DecisionReason =
  | "started"
  | "stream-live"
  | "stream-interrupted"
  | "stream-closed"
  | "stream-silent"
  | "stream-stale"
  | "server-stale"
  | "stream-unreadable"
  | "stream-flapping"
  | "stream-unsupported"
  | "stream-limit"
  | "stream-retried"
  | "foreign-snapshot"
  | "sync-stalled"
  | "server-unreachable"
  | "response-unreadable"
  | "retry-after"
  | "polling-started"
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

/** How a request to the snapshot endpoint ended. */
export type ProbeResult =
  | { readonly kind: "content"; readonly content: Content }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly retryAfterMs: number | null;
      readonly message: string;
    }
  /** The response could not be decoded, or was about something else. */
  | { readonly kind: "unusable"; readonly reason: UnusableReason; readonly message: string }
  | { readonly kind: "no-response"; readonly message: string }
  /** The backend has no snapshot endpoint. */
  | { readonly kind: "unsupported" };

type UnusableReason = "response-unreadable" | "foreign-snapshot";

/** What can happen to a connection. */
export type ConnectionEvent =
  | { readonly type: "start" }
  | { readonly type: "tick" }
  | { readonly type: "stream-open"; readonly stream: number }
  | { readonly type: "stream-content"; readonly stream: number; readonly content: Content }
  | {
      readonly type: "stream-heartbeat";
      readonly stream: number;
      readonly intervalMs: number | null;
      readonly isStale: boolean;
    }
  | { readonly type: "stream-unreadable"; readonly stream: number; readonly message: string }
  | { readonly type: "stream-foreign"; readonly stream: number; readonly message: string }
  | { readonly type: "stream-interrupted"; readonly stream: number }
  | { readonly type: "stream-closed"; readonly stream: number }
  | { readonly type: "stream-unsupported"; readonly stream: number; readonly message: string }
  /** The client has no stream left for it. */
  | { readonly type: "stream-limit"; readonly stream: number }
  | { readonly type: "stream-available" }
  | { readonly type: "response"; readonly request: number; readonly result: ProbeResult }
  /** It turned out when the next change is overdue. */
  | { readonly type: "change-due"; readonly changeDueAt: number | null }
  /** The response to a command brought content. */
  | { readonly type: "command-content"; readonly content: Content }
  | { readonly type: "authorized" }
  | { readonly type: "authorization-failed" }
  | { readonly type: "online" }
  | { readonly type: "offline" }
  | { readonly type: "visible" }
  | { readonly type: "frozen" }
  | { readonly type: "resumed" }
  | { readonly type: "reconnect" };

export function initialConnection(policy: ConnectionPolicy): ConnectionState {
  return {
    policy,
    link: { kind: "idle" },
    request: null,
    lastId: 0,
    hasContent: false,
    changedAt: null,
    changeDueAt: null,
    failedOpenings: 0,
    outages: 0,
    rapidInterruptions: 0,
    interruptedAt: null,
    lastMessageAt: null,
    lastResponseAt: null,
    hasHeartbeat: false,
    heartbeatMs: null,
    isOffline: false,
    hasReauthorized: false,
    disconnectedAt: null,
    problem: null,
  };
}

/** A connection that has nothing open, and finds out how to go on. */
export function probingConnection(policy: ConnectionPolicy): ConnectionState {
  return { ...initialConnection(policy), link: { kind: "probing" }, hasContent: true };
}
