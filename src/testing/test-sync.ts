import { SyncClient } from "../client/sync-client.js";
import type { SyncClientOptions } from "../client/sync-client-options.js";
import { SyncRequestError } from "../client/sync-request.js";
import type { SyncView } from "../client/sync-view.js";
import type { SyncFailure } from "../protocol/failure.js";
import type { Integration } from "../protocol/integration.js";
import { doneItems, type SyncSnapshot } from "../protocol/snapshot.js";
import { TestBackend, type TestSyncRequest } from "./test-backend.js";

/** What of a sync a test may set; ids, times and numbers of changes are kept by the controller. */
export type TestSyncChange = Partial<
  Omit<SyncSnapshot, "syncId" | "connectorType" | "seq" | "startedAt" | "updatedAt" | "completedAt">
>;

/** `act` of React Testing Library, or of React. */
export interface Act {
  (callback: () => Promise<void>): PromiseLike<unknown>;
  (callback: () => void): unknown;
}

/** Options of {@link createTestSync}: also what the sync begins with. Default a sync that is connecting. */
export interface TestSyncOptions extends TestSyncChange {
  /** The type of the integration. Default `"gmail"`. */
  readonly connectorType?: string;
  /** Whether the sync runs from the start; `false`: the application starts it. Default `true`. */
  readonly isStarted?: boolean;
  /** What `useIntegrations` loads. Default none. */
  readonly integrations?: readonly Integration[];
  /** Puts every change on the screen before its method returns. Default: the test wraps the calls in `act`. */
  readonly act?: Act;
  /** Options of the client, such as `stallTimeoutMs`. */
  readonly clientOptions?: Omit<SyncClientOptions, "transport">;
}

/** Drives the sync that was started last, and the network before it. */
export interface TestSync {
  /** For `<SyncProvider client={sync.client}>`. */
  readonly client: SyncClient;
  /** The id of the sync: `"sync-1"`, after a retry or another start `"sync-2"`, and so on. */
  readonly syncId: string;
  /** The sync as the backend has it. @throws Error before the sync is started. */
  readonly snapshot: SyncSnapshot;
  /** What the application has requested so far: starts, commands, retries and notices. */
  readonly requests: readonly TestSyncRequest[];
  /** Changes the sync. `percentComplete` follows from the counts unless it is given. @throws Error when it has ended. */
  update(change: TestSyncChange): void;
  /** Counts items as done. Default 1. @throws Error when the sync has ended. */
  advance(count?: number): void;
  /** Lets one item fail; the sync goes on. @throws Error when it has ended. */
  fail(item?: string, reason?: string): void;
  /** Ends the sync as complete; the items that are left count as done. @throws Error when it has ended. */
  finish(): void;
  /** Ends the sync with an error whose message the person sees. @throws Error when it has ended. */
  crash(message?: string, code?: string): void;
  /** Refuses the next start, command or retry. Default status 409. */
  refuseNext(message?: string, status?: number): void;
  /** Loses the connection: streams are interrupted, requests fail. The view is `reconnecting` at once. */
  disconnect(): void;
  /** Makes the backend reachable, after {@link disconnect} or {@link signOut}; the view is `live` at once. */
  reconnect(): void;
  /** Ends the session: everything is refused with 401. Resolves when that is in the view. */
  signOut(): Promise<void>;
  /** Forgets the sync: it is refused with 404. Resolves when that is in the view. */
  remove(): Promise<void>;
}

const CAPABILITIES = ["cancel", "pause", "retry", "retry_failed", "failures"] as const;

/**
 * A sync of which a test sets every state by hand, and a client of it: in memory, without network, timers or mocked
 * modules, with any test runner, and with fake timers. What a method changes is in the view when it returns.
 *
 * @example
 * const sync = createTestSync({ act });
 * render(<SyncProvider client={sync.client}><ImportPage syncId={sync.syncId} /></SyncProvider>);
 * sync.update({ status: "syncing", processedItems: 3, totalItems: 10 });
 * sync.finish();
 */
export function createTestSync(options: TestSyncOptions = {}): TestSync {
  const { connectorType = "gmail", isStarted = true, integrations = [], act, clientOptions, ...initial } = options;
  const backend = new TestBackend({ ...INITIAL, ...initial }, integrations);
  if (isStarted) backend.start(connectorType);
  const client = new SyncClient({ ...clientOptions, transport: backend.transport });

  const run = (change: () => void): void => {
    if (act === undefined) change();
    else act(change);
  };
  /** Makes a change that the client learns of by a request. */
  const settle = async (change: () => void, isSettled: (view: SyncView) => boolean): Promise<void> => {
    const changeAndWait = async () => {
      change();
      await viewsAre(client, isSettled);
    };
    if (act === undefined) await changeAndWait();
    else await act(changeAndWait);
  };
  const change = (given: Partial<SyncSnapshot>, failure?: SyncFailure) => {
    const { latestId } = backend;
    // Not within `act`, which is not to be left by an error.
    backend.change(latestId, given, failure);
    run(() => backend.publish(latestId));
  };
  /** Lets the client learn of what the backend has become: by its streams, or by a new attempt if it has none. */
  const notifyClient = () => {
    for (const { syncId, isTerminal } of client.syncs.getAll()) {
      if (!backend.publish(syncId) && !isTerminal) client.reconnect(syncId);
    }
  };
  const latest = () => backend.get(backend.latestId).snapshot;

  return {
    client,
    get syncId() {
      return backend.latestId;
    },
    get snapshot() {
      return latest();
    },
    requests: backend.requests,
    update: (given) => change(given),
    advance: (count = 1) => change({ processedItems: latest().processedItems + count }),
    fail: (item = "Invoice.pdf", reason = "The attachment is larger than 25 MB.") =>
      change({ failedItems: latest().failedItems + 1 }, { item, reason, at: Date.now() }),
    finish: () => {
      const snapshot = latest();
      const totalItems = snapshot.totalItems ?? doneItems(snapshot);
      change({ status: "complete", totalItems, processedItems: Math.max(0, totalItems - snapshot.failedItems) });
    },
    crash: (errorMessage = "The mailbox cannot be read.", errorCode) =>
      change({ status: "error", errorMessage, errorCode: errorCode ?? null }),
    refuseNext: (message = "This is not possible now.", status = 409) => {
      backend.refusal = new SyncRequestError(message, { status, safeMessage: message });
    },
    disconnect: () =>
      run(() => {
        backend.reachability = "disconnected";
        backend.interruptStreams();
      }),
    reconnect: () =>
      run(() => {
        backend.reachability = "connected";
        notifyClient();
      }),
    signOut: () =>
      settle(
        () => {
          backend.reachability = "signed-out";
          notifyClient();
        },
        ({ isTerminal, error }) => isTerminal || error?.kind === "unauthorized",
      ),
    remove: () => {
      const removed = backend.latestId;
      return settle(
        () => {
          backend.remove(removed);
          notifyClient();
        },
        ({ syncId, isTerminal, error }) => syncId !== removed || isTerminal || error?.kind === "not-found",
      );
    },
  };
}

const INITIAL: SyncSnapshot = {
  syncId: "",
  connectorType: "",
  status: "connecting",
  stage: "",
  phase: null,
  phases: [],
  totalItems: null,
  processedItems: 0,
  failedItems: 0,
  currentItem: null,
  errorMessage: null,
  errorCode: null,
  percentComplete: null,
  capabilities: CAPABILITIES,
  notifyEmail: null,
  startedBy: null,
  seq: null,
  startedAt: null,
  updatedAt: null,
  completedAt: null,
};

/** Resolves when every view of the client is as it should be; by events alone, so that fake timers do not stop it. */
function viewsAre(client: SyncClient, isSettled: (view: SyncView) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const areSettled = () => client.syncs.getAll().every(isSettled);
    if (areSettled()) return resolve();
    const unsubscribe = client.syncs.subscribe(() => {
      if (!areSettled()) return;
      unsubscribe();
      resolve();
    });
  });
}
