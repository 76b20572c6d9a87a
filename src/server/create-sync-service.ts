import { isTerminalStatus } from "../protocol/status.js";
import { enqueueInTime, fenceOfAttempt } from "./job-engine.js";
import { LeaseKeeper } from "./lease-keeper.js";
import { createMemoryStore } from "./memory-store.js";
import { atNextAttempt } from "./new-record.js";
import { observeStore } from "./observed-store.js";
import { Observers } from "./observers.js";
import { checkTimeouts } from "./run-timeouts.js";
import type { Scope } from "./scope.js";
import { ScopeHub } from "./scope-hub.js";
import { ServiceShutdown } from "./service-shutdown.js";
import { StoreCalls, within } from "./store-calls.js";
import { StoreHealth } from "./store-health.js";
import { type SyncCommandsOptions, sendCommand } from "./sync-commands.js";
import { DEFAULT_CONNECTOR_TYPE, type RunSyncOptions, SyncCreator } from "./sync-creator.js";
import { SyncEnder } from "./sync-ender.js";
import { createNoticesOf } from "./sync-notices.js";
import { failedWith, INTERRUPTED } from "./sync-outcome.js";
import { SyncRunner } from "./sync-runner.js";
import type { SyncService, SyncServiceOptions } from "./sync-service.js";
import { checkIsComplete, readRecord } from "./sync-store.js";
import { openSubscription } from "./sync-subscription.js";
import { WaitingSyncs } from "./waiting-syncs.js";

const RETENTION_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * Creates the progress service: state of syncs, the runs of this process, and subscriptions.
 *
 * @example
 * const service = createSyncService();
 * const { syncId } = await service.run({ tenantId: "acme", userId: "ada" }, async (run) => {
 *   run.update({ status: "syncing", stage: "Fetching emails...", totalItems: mails.length });
 *   for (const mail of mails) {
 *     await run.checkpoint();
 *     await fetchMail(mail, run.signal);
 *     run.advance({ item: mail.subject });
 *   }
 * });
 *
 * @throws TypeError when a time is not a number above 0.
 */
export function createSyncService(options: SyncServiceOptions = {}): SyncService {
  const { leaseMs = 5_000, storeTimeoutMs = 5_000, commandTimeoutMs = 2_000, retentionMs = RETENTION_MS } = options;
  checkTimeouts(options.timeouts ?? {});
  checkTimes({ leaseMs, storeTimeoutMs, commandTimeoutMs, retentionMs });
  const ownerId = crypto.randomUUID();

  const reportAsync = async (error: unknown, syncId: string | null) => options.onError?.(error, syncId);
  const report = (error: unknown, syncId: string | null = null): void => {
    // What onError throws or rejects with has nobody left to report to.
    reportAsync(error, syncId).catch(() => {});
  };
  const observers = new Observers(options.observers ?? [], report);
  const store = observeStore(options.store ?? createMemoryStore(), observers);
  const calls = new StoreCalls({ timeoutMs: storeTimeoutMs, onError: (error) => report(error) });
  const hub = new ScopeHub(store, calls, report);
  const { notices = {} } = options;
  const noticesOf = createNoticesOf(notices, report);
  const ender = new SyncEnder({ store, calls, noticesOf, onSettled: options.onSettled, observers, onError: report });
  const runner = new SyncRunner({
    store,
    calls,
    hub,
    ender,
    throttleMs: options.throttleMs ?? 100,
    timeouts: options.timeouts ?? {},
    observers,
    onWaiting: (record) => waiting.hold(record),
    onError: report,
  });
  const { engine } = options;
  const waiting = new WaitingSyncs({ store, calls, ender, engine, onError: report });
  const keeper = new LeaseKeeper({
    store,
    calls,
    ownerId,
    leaseMs,
    retentionMs,
    held: () => [...runner.held(), ...waiting.held()],
    onLost(syncId) {
      runner.lose(syncId);
      waiting.drop(syncId);
    },
    async onTaken(record) {
      // A sync of ours whose lease could not be renewed for a while.
      if (runner.retake(record)) return;
      const { syncId, connectorType } = record.snapshot;
      observers.onEvent({ level: "warn", event: "sync-taken-over", syncId, connectorType });
      await waiting.take(record);
    },
    onError: (error) => report(error),
  });
  const commands: SyncCommandsOptions = { store, calls, hub, ender, runner, commandTimeoutMs };
  const notifyEmail = notices.email === undefined ? null : notices.email.isRequestedByDefault === true;
  const creator = new SyncCreator({ store, calls, notifyEmail, onError: report });
  const shutdown = new ServiceShutdown({ whenIdle: () => runner.idle(), endAll, onError: report });
  shutdown.listen((state) => observers.onEvent({ level: "info", event: "state-changed", state }));
  const storeHealth = new StoreHealth(store, calls);
  let subscribers = 0;

  /** Runs what begins a sync, and begins to look after leases and old syncs. */
  function open<T>(begin: () => Promise<T>): Promise<T> {
    return shutdown.start(() => {
      keeper.start();
      return begin();
    });
  }

  const get = (scope: Scope, syncId: string) => calls.once((signal) => readRecord(store, scope, syncId, signal));

  async function create(scope: Scope, given: RunSyncOptions): Promise<{ readonly syncId: string }> {
    const { record, failures } = await creator.create(scope, given, engine === undefined ? null : ownerId);
    if (record.claim !== null) await waiting.begin(record, failures);
    return { syncId: record.snapshot.syncId };
  }

  async function giveUp(scope: Scope, syncId: string, error?: unknown): Promise<void> {
    const record = await get(scope, syncId);
    if (record === null || isTerminalStatus(record.snapshot.status)) return;
    await ender.endRecord(record, error === undefined ? INTERRUPTED : failedWith(error), null);
    waiting.drop(syncId);
  }

  return {
    run: (scope, job, given = {}) =>
      open(async () => {
        const { record, failures } = await creator.create(scope, given, ownerId);
        return runner.start(record, job, { failures });
      }),

    create: (scope, given = {}) => open(() => create(scope, given)),

    enqueue: (scope, enqueue, given = {}) =>
      open(async () => {
        const created = await create(scope, given);
        const { connectorType = DEFAULT_CONNECTOR_TYPE } = given;
        try {
          await enqueueInTime(() => enqueue({ scope, connectorType, ...created }));
        } catch (error) {
          report(error, created.syncId);
          await giveUp(scope, created.syncId, error);
        }
        return created;
      }),

    adopt: ({ scope, syncId, fence, ...attempt }, job) =>
      open(async () => {
        const record = await get(scope, syncId);
        if (record === null) return null;
        const claim = { ownerId, fence: fenceOfAttempt(fence, record.claim?.fence ?? 0) };
        const owned = await calls.once((signal) => store.claim(scope, syncId, claim, signal));
        if (owned === null) return null;
        waiting.drop(syncId);
        const begun = atNextAttempt(owned);
        return runner.start(begun, job, { keptFailures: begun.snapshot.failedItems, attempt });
      }),

    giveUp,

    get,

    list: (scope, filter, page) =>
      calls.once(async (signal) => {
        const found = await store.list(scope, filter, page, signal);
        if (filter.active === true) await checkIsComplete(store, signal);
        return found;
      }),

    async listFailures(scope, syncId, page) {
      if ((await get(scope, syncId)) === null) return null;
      return calls.once((signal) => store.listFailures(scope, syncId, page, signal));
    },

    async listLog(scope, syncId, page) {
      if ((await get(scope, syncId)) === null) return null;
      return calls.once((signal) => store.listLog(scope, syncId, page, signal));
    },

    async setNotifyEmail(scope, syncId, isWanted) {
      const record = await get(scope, syncId);
      if (record === null) return null;
      if (record.snapshot.notifyEmail === null) return { isDone: false, snapshot: record.snapshot };
      const snapshot = await calls.once((signal) => store.setNotifyEmail(scope, syncId, isWanted, signal));
      return snapshot === null ? null : { isDone: !isTerminalStatus(snapshot.status), snapshot };
    },

    cancel: (scope, syncId) => sendCommand(commands, scope, syncId, "cancel"),
    pause: (scope, syncId) => sendCommand(commands, scope, syncId, "pause"),
    resume: (scope, syncId) => sendCommand(commands, scope, syncId, "resume"),

    async subscribe(scope, subject, listener) {
      const subscription = await openSubscription({ store, calls, hub, scope, subject, listener });
      if (subscription === null) return null;
      subscribers += 1;
      let isSubscribed = true;
      return {
        get latest() {
          return subscription.latest;
        },
        unsubscribe() {
          if (!isSubscribed) return;
          isSubscribed = false;
          subscribers -= 1;
          subscription.unsubscribe();
        },
      };
    },

    recover() {
      keeper.start();
      return keeper.takeOver();
    },

    stats: () => ({ ...runner.stats(), subscribers }),

    observer: observers,

    async health({ timeoutMs = 1_000 } = {}) {
      const isStoreReachable = (await within(timeoutMs, storeHealth.isReachable())) ?? false;
      return { state: shutdown.state, isStoreReachable };
    },

    get state() {
      return shutdown.state;
    },
    drain: (given) => shutdown.drain(given),
    onShutdown: (listener) => shutdown.listen(listener),
    close: ({ graceMs } = {}) => shutdown.close(graceMs),
  };

  async function endAll(graceMs: number): Promise<void> {
    keeper.close();
    waiting.close();
    const ended = shutdown
      .started()
      .then(() => runner.endAll(INTERRUPTED))
      .then(() => ender.allSettled());
    await within(graceMs, ended);
    runner.abandonAll();
    ender.abandon();
    hub.close();
  }
}

function checkTimes(times: Readonly<Record<string, number>>): void {
  for (const [name, ms] of Object.entries(times)) {
    if (!(ms > 0)) throw new TypeError(`SyncProgressError: ${name} must be a number above 0, got ${String(ms)}.`);
  }
}
