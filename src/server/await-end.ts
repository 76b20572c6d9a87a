import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import type { RunWriter } from "./run-writer.js";
import type { ScopeHub } from "./scope-hub.js";
import type { StoreCalls } from "./store-calls.js";
import { endSnapshot, INTERRUPTED } from "./sync-outcome.js";
import type { SyncStore } from "./sync-store.js";
import { openSubscription } from "./sync-subscription.js";

export interface AwaitEndOptions {
  readonly store: SyncStore;
  readonly calls: StoreCalls;
  readonly hub: ScopeHub;
  readonly writer: RunWriter;
}

/**
 * The last snapshot of a sync that somebody else ends, or has ended; what another process will make of it if the writer is
 * abandoned before.
 */
export async function awaitEnd({ store, calls, hub, writer }: AwaitEndOptions): Promise<SyncSnapshot> {
  const { scope, snapshot } = writer.record;
  const subject = { syncId: snapshot.syncId };
  let check = () => {};
  const subscription = await calls.untilDone(
    () => openSubscription({ store, calls, hub, scope, subject, listener: () => check() }),
    writer.abandoned,
  );
  if (subscription === null) return endSnapshot(writer.written, INTERRUPTED);
  return new Promise((resolve) => {
    const finish = (last: SyncSnapshot) => {
      subscription.unsubscribe();
      writer.abandoned.removeEventListener("abort", abandon);
      resolve(last);
    };
    const abandon = () => finish(endSnapshot(writer.written, INTERRUPTED));
    check = () => {
      const [latest] = subscription.latest;
      if (latest === undefined) abandon();
      else if (isTerminalStatus(latest.status)) finish(latest);
    };
    writer.abandoned.addEventListener("abort", abandon);
    if (writer.abandoned.aborted) abandon();
    else check();
  });
}
