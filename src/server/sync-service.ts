import type { FailurePage } from "../protocol/failure.js";
import type { AttemptOptions, JobEngine, QueuedSync } from "./job-engine.js";
import type { SyncObserver } from "./observers.js";
import type { RunTimeouts } from "./run-timeouts.js";
import type { Scope } from "./scope.js";
import type { SyncSubject } from "./scope-hub.js";
import type { DrainOptions, ServiceState, ShutdownListener } from "./service-shutdown.js";
import type { AdoptedSync, StartedSync } from "./started-sync.js";
import type { CommandResult } from "./sync-commands.js";
import type { RunSyncOptions } from "./sync-creator.js";
import type { SyncNotices } from "./sync-notices.js";
import type { SyncJob } from "./sync-run.js";
import type {
  FailureRequest,
  LogPage,
  PageRequest,
  SyncFilter,
  SyncRecord,
  SyncRecordPage,
  SyncStore,
} from "./sync-store.js";
import type { SyncSubscription, SyncUpdate } from "./sync-subscription.js";

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
