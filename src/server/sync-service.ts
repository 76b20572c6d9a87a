import type { FailurePage } from "../protocol/failure.js";
import { isTerminalStatus } from "../protocol/status.js";
import { type AttemptOptions, enqueueInTime, fenceOfAttempt, type JobEngine, type QueuedSync } from "./job-engine.js";
import { LeaseKeeper } from "./lease-keeper.js";
import { createMemoryStore } from "./memory-store.js";
import { atNextAttempt } from "./new-record.js";
import { observeStore } from "./observed-store.js";
import { Observers, type SyncObserver } from "./observers.js";
import { checkTimeouts, type RunTimeouts } from "./run-timeouts.js";
import type { Scope } from "./scope.js";
import { ScopeHub, type SyncSubject } from "./scope-hub.js";
import { type DrainOptions, ServiceShutdown, type ServiceState, type ShutdownListener } from "./service-shutdown.js";
import { StoreCalls, within } from "./store-calls.js";
import { StoreHealth } from "./store-health.js";
import { type CommandResult, type SyncCommandsOptions, sendCommand } from "./sync-commands.js";
import { DEFAULT_CONNECTOR_TYPE, type RunSyncOptions, SyncCreator } from "./sync-creator.js";
import { SyncEnder } from "./sync-ender.js";
import { createNoticesOf, type SyncNotices } from "./sync-notices.js";
import { failedWith, INTERRUPTED } from "./sync-outcome.js";
import type { SyncJob } from "./sync-run.js";
import { type AdoptedSync, type StartedSync, SyncRunner } from "./sync-runner.js";
import {
  checkIsComplete,
  type FailureRequest,
  type LogPage,
  type PageRequest,
  readRecord,
  type SyncFilter,
  type SyncRecord,
  type SyncRecordPage,
  type SyncStore,
} from "./sync-store.js";
import { openSubscription, type SyncSubscription, type SyncUpdate } from "./sync-subscription.js";
import { WaitingSyncs } from "./waiting-syncs.js";

/** Options of {@link createSyncService}. */
export interface SyncServiceOptions {
  /** Where syncs are kept. Default a memory store. */
  readonly store?: SyncStore;
  /** ms between publications of mere counts; a change of status goes out at once. Default 100. */
  readonly throttleMs?: number;
  /** When a run is given up. Default: after 2 minutes without any report. */
  readonly timeouts?: RunTimeouts;
  /** ms that ended syncs are kept; `Infinity` for ever. Default 7 days. */
  readonly retentionMs?: number;
  /**
   * ms after which a sync may be taken from a process that no longer renews its lease; it is taken after two to three
   * of these. Default 5,000.
   */
  readonly leaseMs?: number;
  /** ms after which a call to the store is given up and, if it matters, repeated. Default 5,000. */
  readonly storeTimeoutMs?: number;
  /** ms that a command waits for the effect in the process that runs the sync. Default 2,000. */
  readonly commandTimeoutMs?: number;
  /**
   * What runs the syncs that {@link SyncService.create} and {@link SyncService.enqueue} add, to be given to the service of
   * every process: then a sync whose process is gone waits for its next attempt, and one of which the engine has no job any
   * more ends as `interrupted`. Default none: both end as `interrupted`, and a sync that was created waits for ever.
   */
  readonly engine?: JobEngine;
  /** Which notices of the ends of syncs go into the outbox of the store, for something else to send. Default none. */
  readonly notices?: SyncNotices;
  /**
   * Called once for every sync, by the process that has ended it, when the end is stored. What it throws goes to
   * `onError`.
   */
  readonly onSettled?: (record: SyncRecord) => void | Promise<void>;
  /**
   * Receive what happens, for logs and metrics: `[{ onEvent: (event) => logger.log(event.level, event) }]`. No event holds anything
   * of a person. Default none, which costs nothing.
   */
  readonly observers?: readonly SyncObserver[];
  /**
   * Receives what went wrong inside, with the sync if it was about one: a job's own error, a report that is not valid, a
   * store that failed. Never shown to the person.
   */
  readonly onError?: (error: unknown, syncId: string | null) => void;
}

/** What happens in this process. */
export interface SyncServiceStats {
  /** Syncs that run. */
  readonly activeSyncs: number;
  /** Jobs that have not returned yet although their sync has ended: they ignore their signal. */
  readonly stoppingJobs: number;
  readonly subscribers: number;
}

/** Whether this process can do its work. */
export interface SyncHealth {
  readonly state: ServiceState;
  /** Whether the store has responded, as of a second ago at most. */
  readonly isStoreReachable: boolean;
}

/** Keeps the state of syncs and runs their jobs. */
export interface SyncService {
  /**
   * Starts a sync and runs `job` for it, in this process. Its job begins when an older one of the same scope and
   * connector type, whose sync has ended, has returned.
   *
   * @throws SyncAlreadyRunningError when one of the same scope and connector type still runs.
   * @throws SyncServiceClosedError after `drain()` or `close()`.
   * @throws TypeError when the options are not valid.
   */
  run(scope: Scope, job: SyncJob, options?: RunSyncOptions): Promise<StartedSync>;
  /**
   * Creates a sync that waits in the queue until a process adopts it: for a job engine that decides which.
   *
   * @throws as {@link SyncService.run}
   */
  create(scope: Scope, options?: RunSyncOptions): Promise<{ readonly syncId: string }>;
  /**
   * Creates a sync and gives it to a job engine by `enqueue`. If that rejects or takes longer than 10 s, the sync ends as
   * an error.
   *
   * @throws as {@link SyncService.run}
   */
  enqueue(
    scope: Scope,
    enqueue: (sync: QueuedSync) => Promise<unknown>,
    options?: RunSyncOptions,
  ): Promise<{ readonly syncId: string }>;
  /**
   * Runs one attempt of a sync in this process, from its last checkpoint: `job` begins with the counts of that. `null` if
   * there is nothing to do: there is no such sync, it has ended (it was cancelled while it waited), or a later attempt has
   * it.
   *
   * @throws SyncServiceClosedError after `drain()` or `close()`.
   */
  adopt(
    sync: { readonly scope: Scope; readonly syncId: string } & AttemptOptions,
    job: SyncJob,
  ): Promise<AdoptedSync | null>;
  /**
   * Ends a sync whose job the engine has given up: by the error of its last attempt, or without one as `interrupted`. Does
   * nothing if it has ended.
   */
  giveUp(scope: Scope, syncId: string, error?: unknown): Promise<void>;
  /** The sync, if it is the scope's own; else `null`, as for one that does not exist. */
  get(scope: Scope, syncId: string): Promise<SyncRecord | null>;
  list(scope: Scope, filter: SyncFilter, page: PageRequest): Promise<SyncRecordPage>;
  listFailures(scope: Scope, syncId: string, page: FailureRequest): Promise<FailurePage | null>;
  /** The log, oldest line first, each as JSON: `{"at":1767225600000,"event":"log","text":"..."}`. */
  listLog(scope: Scope, syncId: string, page: PageRequest): Promise<LogPage | null>;
  /** Ends a sync as cancelled, wherever it runs, and also if no process runs it. */
  cancel(scope: Scope, syncId: string): Promise<CommandResult>;
  pause(scope: Scope, syncId: string): Promise<CommandResult>;
  resume(scope: Scope, syncId: string): Promise<CommandResult>;
  /** Requests or revokes the mail at the end of a sync. Does nothing if none is offered, or when the sync has ended. */
  setNotifyEmail(scope: Scope, syncId: string, isWanted: boolean): Promise<CommandResult>;
  /**
   * Subscribes to one sync or to all of a scope, wherever they run: the state and all that follows, in one step. `null` if
   * the scope has no such sync. What the listener throws goes to `onError`.
   */
  subscribe(
    scope: Scope,
    subject: SyncSubject,
    listener: (update: SyncUpdate) => void,
  ): Promise<SyncSubscription | null>;
  /**
   * Looks for syncs whose process is gone, ends them as `interrupted`, and keeps looking; to be called when the server
   * starts, in any number of processes. Returns how many this look has found.
   */
  recover(): Promise<number>;
  stats(): SyncServiceStats;
  /** All observers of the service as one, which never throws: for what is built on it, such as the routes. */
  readonly observer: Required<SyncObserver>;
  /** For probes: looks whether the store responds, within `timeoutMs` (default 1,000). Never rejects. */
  health(options?: { readonly timeoutMs?: number }): Promise<SyncHealth>;
  /** Whether new syncs are taken. */
  readonly state: ServiceState;
  /**
   * Ends the service gracefully: takes no new syncs, lets those that run here finish until the deadline, and then closes. What
   * runs can be watched, cancelled and paused meanwhile, here and by other processes. It does not wait for paused syncs.
   * Further calls return the same promise; `close()` cuts it short. It never rejects.
   *
   * @throws TypeError when `deadlineMs` is not a number of at least 0.
   */
  drain(options?: DrainOptions): Promise<void>;
  /**
   * Calls the listener when the service begins to drain, and when it is closed: for what is built on it, such as the routes. The
   * drain waits for what it returns, until the deadline. Returns a function that removes it.
   */
  onShutdown(listener: ShutdownListener): () => void;
  /** Ends every run here as `interrupted`, and waits for that and for `onSettled`: at most `graceMs`, default 5,000. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

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
