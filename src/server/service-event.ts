import type { SyncResult } from "../protocol/sync-result.js";
import type { ServiceState } from "./service-shutdown.js";

/** How much an event matters, in the words of common loggers. */
export type EventLevel = "debug" | "info" | "warn" | "error";

/** Which sync an event is about. Neither says whose it is. */
export interface EventSync {
  readonly syncId: string;
  readonly connectorType: string;
}

/** This process begins to run a sync. */
export interface RunStartedEvent extends EventSync {
  readonly level: "info";
  readonly event: "run-started";
}

/** This process no longer runs a sync: it has ended, here or elsewhere, or belongs to another process. */
export interface RunEndedEvent extends EventSync {
  readonly level: "debug";
  readonly event: "run-ended";
  /** `null` if it could not be learned, or a job engine will try again. */
  readonly result: SyncResult | null;
  readonly errorCode: string | null;
  /** ms in this process. */
  readonly durationMs: number;
}

/** The end of a sync was stored, by this process. Of all processes one reports it. */
export interface SyncEndedEvent extends EventSync {
  readonly level: "info" | "warn";
  readonly event: "sync-ended";
  readonly result: SyncResult;
  /** The code of a failure, such as `interrupted`, `timed_out` or one of your own; else `null`. */
  readonly errorCode: string | null;
  /** ms from its start to its end. */
  readonly durationMs: number;
  readonly processedItems: number;
  readonly failedItems: number;
}

/** A sync that ran here was taken over, because its lease was not renewed in time. */
export interface LeaseLostEvent extends EventSync {
  readonly level: "warn";
  readonly event: "lease-lost";
}

/** A sync whose process is gone was taken by this one, to end it. */
export interface SyncTakenOverEvent extends EventSync {
  readonly level: "warn";
  readonly event: "sync-taken-over";
}

/** A call to the store has returned, failed, or was given up. */
export interface StoreCallEvent {
  readonly level: "debug" | "warn";
  readonly event: "store-call";
  /** The method of `SyncStore`, such as `write`. */
  readonly operation: string;
  readonly durationMs: number;
  /** The name of the error, such as `StoreTimeoutError`; `null` if there was none. Never its message. */
  readonly errorType: string | null;
}

/** A reader has opened a stream. */
export interface StreamOpenedEvent {
  readonly level: "debug";
  readonly event: "stream-opened";
  readonly kind: StreamKind;
}

/** A stream is closed. */
export interface StreamClosedEvent {
  readonly level: "debug";
  readonly event: "stream-closed";
  readonly kind: StreamKind;
  /**
   * `left`: the reader did. `ended`: nothing follows, or the reader is not signed in any more. `stalled`: the reader took
   * nothing. `shutdown`: the process drains or was closed.
   */
  readonly reason: "left" | "ended" | "stalled" | "shutdown";
  readonly durationMs: number;
}

/** All syncs of a person, or one. */
export type StreamKind = "feed" | "sync";

/** What all streams together have sent since the event of this kind before, once a second at most. */
export interface EventsSentEvent {
  readonly level: "debug";
  readonly event: "events-sent";
  /** Snapshots that were written to readers; heartbeats are not counted. */
  readonly delivered: number;
  /** Snapshots that a newer one has replaced before their reader could take them. */
  readonly coalesced: number;
}

/** The service begins to drain, or was closed. */
export interface StateChangedEvent {
  readonly level: "info";
  readonly event: "state-changed";
  readonly state: Exclude<ServiceState, "running">;
}

/** An attempt to send a mail has ended. */
export interface EmailEvent {
  readonly level: "info" | "warn" | "error";
  readonly event: "email-sent" | "email-failed" | "email-given-up";
  readonly syncId: string;
  /** How often it was tried, this time included. */
  readonly tries: number;
  readonly durationMs: number;
}

/**
 * What happens in a process, for logs and metrics. No event says whose a sync is, or holds a name of an item, an address or the
 * message of an error.
 */
export type ServiceEvent =
  | RunStartedEvent
  | RunEndedEvent
  | SyncEndedEvent
  | LeaseLostEvent
  | SyncTakenOverEvent
  | StoreCallEvent
  | StreamOpenedEvent
  | StreamClosedEvent
  | EventsSentEvent
  | StateChangedEvent
  | EmailEvent;
