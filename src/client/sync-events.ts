import type { ConnectionState } from "./connection-state.js";
import { connectionStatusOf } from "./derive-view.js";
import type { SyncDiagnostic } from "./diagnostic.js";
import { ListenerSet } from "./listener-set.js";
import type { SyncEvent, SyncMessageEvent, SyncSubscriptionOptions } from "./sync-collection.js";
import type { SyncView } from "./sync-view.js";

/** The event channel of a client: everything that happens to its syncs, for all who follow it. */
export class SyncEvents {
  // A listener of events that throws cannot be reported as an event.
  readonly #listeners = new ListenerSet<[SyncEvent]>(reportToPage);
  /** Those who follow messages as well. */
  readonly #messageListeners = new ListenerSet<[SyncMessageEvent]>(reportToPage);
  readonly #getView: (syncId: string) => SyncView | undefined;

  constructor(getView: (syncId: string) => SyncView | undefined) {
    this.#getView = getView;
  }

  subscribe(listener: (event: SyncEvent) => void, { messages = false }: SyncSubscriptionOptions = {}): () => void {
    const unsubscribe = this.#listeners.add(listener);
    const unsubscribeMessages = messages ? this.#messageListeners.add(listener) : () => {};
    return () => {
      unsubscribe();
      unsubscribeMessages();
    };
  }

  notify(event: Exclude<SyncEvent, SyncMessageEvent>): void {
    this.#listeners.notify(event);
  }

  notifyMessage(syncId: string | null, name: string, data: unknown): void {
    // Nobody looks, as a rule, and messages may come by the thousand.
    if (this.#messageListeners.isEmpty || typeof data !== "string") return;
    this.#messageListeners.notify({ type: "message", at: Date.now(), syncId, name, data });
  }

  notifyDecision(
    syncId: string | null,
    reason: SyncDiagnostic["reason"],
    detail: string | null,
    connection: ConnectionState | null,
  ): void {
    this.notify({
      type: "decision",
      at: Date.now(),
      syncId,
      reason,
      detail,
      connection:
        connection === null ? (this.#getView(syncId ?? "")?.connection ?? "idle") : connectionStatusOf(connection),
      failedOpenings: connection?.failedOpenings ?? 0,
      outages: connection?.outages ?? 0,
    });
  }

  /** A callback of the application has thrown. */
  notifyError(syncId: string | null, error: unknown): void {
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.notifyDecision(syncId, "callback-failed", detail, null);
    reportToPage(error);
  }
}

/** The page's own error reporting must see it, as it would an error in any other event handler. */
function reportToPage(error: unknown): void {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
}
