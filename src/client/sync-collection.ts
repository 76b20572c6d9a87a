import type { SyncDiagnostic } from "./diagnostic.js";
import type { SyncView } from "./sync-view.js";

/** What happens to the syncs of a client. */
export type SyncEvent =
  /** Somebody watches it from now on. */
  | { readonly type: "added"; readonly view: SyncView }
  /** Its view was replaced. */
  | { readonly type: "updated"; readonly view: SyncView }
  /** Its view was replaced by one that is terminal; also for a sync that had ended before it was added. */
  | { readonly type: "ended"; readonly view: SyncView }
  /** Nobody watches it any more. */
  | { readonly type: "removed"; readonly syncId: string }
  /** This client has started it. `integrationType` is `null` for a retry of a sync that nobody watches. */
  | { readonly type: "started"; readonly syncId: string; readonly integrationType: string | null }
  /** Its connection took a decision. */
  | ({ readonly type: "decision" } & SyncDiagnostic)
  | SyncMessageEvent;

/** A message of the server has come, before anything was made of it. */
export interface SyncMessageEvent {
  readonly type: "message";
  /** Local clock, ms since the epoch. */
  readonly at: number;
  /** The sync whose stream it came by; `null`: the feed. */
  readonly syncId: string | null;
  /** The name of the event (`progress`, `heartbeat`, ...). */
  readonly name: string;
  /** Its data as it came. */
  readonly data: string;
}

/** Options of {@link SyncCollection.subscribe}. */
export interface SyncSubscriptionOptions {
  /** Also call the listener with every message of the streams, for developer tools. Default `false`. */
  readonly messages?: boolean;
}

/** All syncs that a client watches now. */
export interface SyncCollection {
  /** Their views, in the order in which they were added. */
  getAll(): readonly SyncView[];
  /** Calls `listener` with everything that happens to them. Returns a function that unsubscribes. */
  subscribe(listener: (event: SyncEvent) => void, options?: SyncSubscriptionOptions): () => void;
}
