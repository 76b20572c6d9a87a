import type { Endpoints } from "../../protocol/endpoints.js";
import type { Exchange } from "../http/exchange.js";
import type { NetworkFailure } from "../http/network-failure.js";
import type { StreamRecord } from "../http/read-stream.js";
import type { Target } from "../target.js";

/** The requests that show whether there is a sync API at a base. */
export interface BaseAttempt {
  readonly baseUrl: string;
  readonly integrations: Exchange;
  readonly list: Exchange;
  /** The snapshot of an id that cannot be there. */
  readonly unknown: Exchange;
}

/** What was found at the address. */
export interface AddressEvidence {
  readonly attempts: readonly BaseAttempt[];
  /** The first attempt that found a sync API. */
  readonly found: (BaseAttempt & { readonly endpoints: Endpoints }) | null;
  /** What the host offers to browsers, such as `h2`; `null` over plain HTTP or if that cannot be learned. */
  readonly tlsProtocol: string | null;
}

/** A preflight, and what it was for. */
export interface Preflight {
  readonly purpose: string;
  /** Header names that the page would send, in lower case. */
  readonly headers: readonly string[];
  readonly exchange: Exchange;
}

/** What somebody gets who must not see the sync: signed in to another account, or not at all. */
export interface OutsiderEvidence {
  readonly snapshot: Exchange;
  readonly list: Exchange;
  readonly stream: StreamRecord;
}

/** Where the sync under examination comes from. */
export interface SyncOrigin {
  readonly syncId: string;
  /** The doctor has started it. */
  readonly isOurs: boolean;
}

/** The stream of a sync, and what was requested beside it. */
export interface StreamEvidence {
  readonly record: StreamRecord;
  /** The snapshot endpoint, before the stream was opened. */
  readonly before: Exchange;
  /** The snapshot endpoint, while the stream was read. */
  readonly polls: readonly Exchange[];
  /** The snapshot endpoint, after the stream. */
  readonly after: Exchange;
  /** The list, before and after the feed was read. */
  readonly lists: readonly Exchange[];
  /** `null` if no feed is offered. */
  readonly feed: StreamRecord | null;
  /** `null` if no second identity was given. */
  readonly second: OutsiderEvidence | null;
  /** `null` if the first identity is nobody. */
  readonly nobody: OutsiderEvidence | null;
}

/** A stream that was opened again with the id of the last event. */
export interface ResumeEvidence {
  /** `null` if the events have none. */
  readonly lastEventId: string | null;
  readonly record: StreamRecord;
}

/** All that was recorded. What is `null` was not, or not yet. */
export interface Evidence {
  readonly target: Target;
  readonly address: AddressEvidence | null;
  readonly unknownStream: StreamRecord | null;
  readonly preflights: readonly Preflight[] | null;
  /** The start of a sync; `null` if none was wanted. */
  readonly start: Exchange | null;
  /** `null` if there is no sync to examine. */
  readonly sync: SyncOrigin | null;
  readonly stream: StreamEvidence | null;
  /** `null` if the doctor did not try to cancel the sync. */
  readonly cancel: Exchange | null;
  readonly resume: ResumeEvidence | null;
}

/** The failure of all requests, if they all failed. */
export function commonFailure(exchanges: readonly Exchange[]): NetworkFailure | null {
  return exchanges.every(({ head }) => head === null) ? (exchanges[0]?.failure ?? null) : null;
}
