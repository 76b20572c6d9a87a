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
  | ({ readonly type: "decision" } & SyncDiagnostic);

/** All syncs that a client watches now. */
export interface SyncCollection {
  /** Their views, in the order in which they were added. */
  getAll(): readonly SyncView[];
  /** Calls `listener` with everything that happens to them. Returns a function that unsubscribes. */
  subscribe(listener: (event: SyncEvent) => void): () => void;
}
