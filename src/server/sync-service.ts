import type { SyncCapability } from "../protocol/capabilities.js";
import type { FailurePage } from "../protocol/failure.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus, type TerminalStatus } from "../protocol/status.js";
import { checkPhases, type SyncPhase } from "../protocol/sync-phase.js";
import { createMemoryStore } from "./memory-store.js";
import { isSameScope, type Scope } from "./scope.js";
import { SyncJobError, SyncStoppedError } from "./sync-job-error.js";
import { ActiveRun, type RunTimeouts, type SyncRun } from "./sync-run.js";
import type { PageRequest, SyncFilter, SyncRecord, SyncRecordPage, SyncStore } from "./sync-store.js";

/** Options of {@link createSyncService}. */
export interface SyncServiceOptions {
  /** Where syncs are kept. Default a memory store. */
  readonly store?: SyncStore;
  /** ms between publications of mere counts; a change of status goes out at once. Default 100. */
  readonly throttleMs?: number;
  /** When a run is given up. Default: after 2 minutes without any report. */
  readonly timeouts?: RunTimeouts;
  /** ms that ended syncs are kept. Default 7 days. */
  readonly retentionMs?: number;
  /** Told once for every sync that has ended here. An error it throws goes to `onError`. */
  readonly onSettled?: (record: SyncRecord) => void | Promise<void>;
  /** Told what went wrong inside: a job's own error, a store that failed. Never shown to the person. */
  readonly onError?: (error: unknown, syncId: string) => void;
  /** The clock, ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Names a new sync. Default `crypto.randomUUID`. */
  readonly createId?: () => string;
}

/** The work of one sync. Returns when it is complete, and throws when it failed. */
export type SyncJob = (run: SyncRun) => Promise<void>;

/** Options of {@link SyncService.run}. */
export interface RunSyncOptions {
  /** The integration's type; of each, one sync at a time runs for a person. Default `"sync"`. */
  readonly connectorType?: string;
  /** The phases of the sync in their order. Default none: then the percentage is that of the counts. */
  readonly phases?: readonly SyncPhase[];
}

/** A sync that was started. */
export interface StartedSync {
  readonly syncId: string;
  /** Resolves with the last snapshot when the sync has ended, in whatever way. Never rejects. */
  readonly settled: Promise<SyncSnapshot>;
}

/** What a command to a sync led to. `null`: the scope has no such sync. */
export type CommandResult = { readonly isDone: boolean; readonly snapshot: SyncSnapshot } | null;

/** Keeps the state of syncs and runs their jobs. */
export interface SyncService {
  /**
   * Starts a sync and runs `job` for it, in this process.
   *
   * @throws SyncAlreadyRunningError when one of the same scope and connector type still runs.
   * @throws TypeError when the phases are not valid.
   */
  run(scope: Scope, job: SyncJob, options?: RunSyncOptions): Promise<StartedSync>;
  /** The sync, where it is the scope's own; else `null`, as for one that does not exist. */
  get(scope: Scope, syncId: string): Promise<SyncRecord | null>;
  list(scope: Scope, filter: SyncFilter, page: PageRequest): Promise<SyncRecordPage>;
  listFailures(scope: Scope, syncId: string, page: PageRequest): Promise<FailurePage | null>;
  cancel(scope: Scope, syncId: string): Promise<CommandResult>;
  pause(scope: Scope, syncId: string): Promise<CommandResult>;
  resume(scope: Scope, syncId: string): Promise<CommandResult>;
  /** Tells every further snapshot of a sync. The caller has checked the scope. */
  subscribe(syncId: string, listener: (snapshot: SyncSnapshot) => void): () => void;
  /** Marks what a killed process left running as `interrupted`; to be called once, when the server starts. */
  recover(): Promise<number>;
  /** How many syncs run and how many subscribers listen in this process. */
  stats(): { readonly activeSyncs: number; readonly subscribers: number };
  /** Stops every run here as `interrupted`, for a shutdown. */
  close(): Promise<void>;
}

/** A sync of the same scope and connector type still runs. */
export class SyncAlreadyRunningError extends Error {
  override readonly name = "SyncAlreadyRunningError";
  readonly syncId: string;

  constructor(syncId: string) {
    super(`A sync of this type is already running: ${syncId}.`);
    this.syncId = syncId;
  }
}

const RETENTION_MS = 7 * 24 * 60 * 60 * 1_000;
const GENERAL_FAILURE = "Something went wrong on the server.";
const INTERRUPTED = { message: "The server restarted while syncing.", code: "interrupted" };

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
 */
export function createSyncService(options: SyncServiceOptions = {}): SyncService {
  const store = options.store ?? createMemoryStore();
  const now = options.now ?? Date.now;
  const createId = options.createId ?? (() => crypto.randomUUID());
  const report = options.onError ?? (() => {});
  const runs = new Map<
    string,
    { readonly run: ActiveRun; readonly end: (status: TerminalStatus) => Promise<unknown> }
  >();
  let subscribers = 0;

  async function run(
    scope: Scope,
    job: SyncJob,
    { connectorType = "sync", phases = [] }: RunSyncOptions = {},
  ): Promise<StartedSync> {
    checkPhases(phases);
    await store.deleteEndedBefore(now() - (options.retentionMs ?? RETENTION_MS));
    const snapshot = newSnapshot(createId(), connectorType, phases, now());
    const created = await store.create({ scope, snapshot });
    if (!created.isCreated) throw new SyncAlreadyRunningError(created.runningSyncId);
    return { syncId: snapshot.syncId, settled: play(scope, snapshot, job) };
  }

  async function play(scope: Scope, snapshot: SyncSnapshot, job: SyncJob): Promise<SyncSnapshot> {
    const { syncId } = snapshot;
    const active = new ActiveRun({
      store,
      snapshot,
      throttleMs: options.throttleMs ?? 100,
      timeouts: options.timeouts ?? {},
      now,
      onError: (error) => report(error, syncId),
    });

    // The first end counts: a job may ignore its signal and finish long after it was cancelled.
    let ending: Promise<SyncSnapshot> | null = null;
    const end = (status: TerminalStatus, error: { message: string; code: string | null } | null = null) => {
      ending ??= active.end(status, error).then(async (last) => {
        runs.delete(syncId);
        await tellSettled({ scope, snapshot: last });
        return last;
      });
      return ending;
    };
    runs.set(syncId, { run: active, end });

    const stopped = new Promise<SyncSnapshot>((resolve) => {
      active.signal.addEventListener("abort", () => {
        const reason: unknown = active.signal.reason;
        if (reason instanceof SyncStoppedError && reason.why !== "ended") resolve(endStopped(reason, end));
      });
    });
    // In a task of its own, so that whoever started the sync holds its id before the job says anything.
    const finished = Promise.resolve()
      .then(() => job(active))
      .then(
        () => end("complete"),
        (error: unknown) => endFailed(error, syncId, end),
      );
    return Promise.race([finished, stopped]);
  }

  function endFailed(error: unknown, syncId: string, end: End): Promise<SyncSnapshot> {
    if (error instanceof SyncStoppedError) return endStopped(error, end);
    report(error, syncId);
    if (error instanceof SyncJobError) return end("error", { message: error.message, code: error.code });
    return end("error", { message: GENERAL_FAILURE, code: "internal" });
  }

  async function tellSettled(record: SyncRecord): Promise<void> {
    try {
      await options.onSettled?.(record);
    } catch (error) {
      report(error, record.snapshot.syncId);
    }
  }

  async function get(scope: Scope, syncId: string): Promise<SyncRecord | null> {
    const record = await store.get(syncId);
    return record !== null && isSameScope(record.scope, scope) ? record : null;
  }

  /** Lets `act` change a sync that is the scope's own; `act` answers whether the state allowed it. */
  async function command(
    scope: Scope,
    syncId: string,
    act: (record: SyncRecord) => boolean | Promise<boolean>,
  ): Promise<CommandResult> {
    const record = await get(scope, syncId);
    if (record === null) return null;
    const isDone = !isTerminalStatus(record.snapshot.status) && (await act(record));
    const latest = runs.get(syncId)?.run.snapshot ?? (await store.get(syncId))?.snapshot;
    return { isDone, snapshot: latest ?? record.snapshot };
  }

  return {
    run,
    get,

    list: (scope, filter, page) => store.list(scope, filter, page),

    async listFailures(scope, syncId, page) {
      return (await get(scope, syncId)) === null ? null : store.listFailures(syncId, page);
    },

    cancel: (scope, syncId) =>
      command(scope, syncId, async ({ snapshot }) => {
        const active = runs.get(syncId);
        if (active === undefined) return store.save(endedSnapshot(snapshot, "cancelled", now(), null));
        active.run.stop("cancelled", "The sync was cancelled.");
        await active.end("cancelled");
        return true;
      }),

    pause: (scope, syncId) => command(scope, syncId, () => runs.get(syncId)?.run.pause() ?? false),

    resume: (scope, syncId) => command(scope, syncId, () => runs.get(syncId)?.run.resume() ?? false),

    subscribe(syncId, listener) {
      subscribers += 1;
      const unsubscribe = store.subscribe(syncId, listener);
      let isSubscribed = true;
      return () => {
        if (!isSubscribed) return;
        isSubscribed = false;
        subscribers -= 1;
        unsubscribe();
      };
    },

    async recover() {
      const left = (await store.listRunning()).filter(({ snapshot }) => !runs.has(snapshot.syncId));
      for (const { scope, snapshot } of left) {
        const ended = endedSnapshot(snapshot, "error", now(), INTERRUPTED);
        if (await store.save(ended)) await tellSettled({ scope, snapshot: ended });
      }
      return left.length;
    },

    stats: () => ({ activeSyncs: runs.size, subscribers }),

    async close() {
      const active = [...runs.values()];
      for (const { run: one } of active) one.stop("interrupted", INTERRUPTED.message);
      await Promise.all(active.map(({ end }) => end("error")));
    },
  };
}

type End = (status: TerminalStatus, error?: { message: string; code: string | null } | null) => Promise<SyncSnapshot>;

function endStopped(reason: SyncStoppedError, end: End): Promise<SyncSnapshot> {
  switch (reason.why) {
    case "cancelled":
    case "superseded":
    case "ended":
      return end("cancelled");
    case "timed_out":
      return end("error", { message: reason.message, code: "timed_out" });
    case "interrupted":
      return end("error", INTERRUPTED);
    default:
      reason.why satisfies never;
      return end("cancelled");
  }
}

/** What every sync of this service offers, whatever its integration. */
const SERVICE_CAPABILITIES: readonly SyncCapability[] = ["cancel", "pause", "failures"];

function newSnapshot(syncId: string, connectorType: string, phases: readonly SyncPhase[], now: number): SyncSnapshot {
  return {
    syncId,
    connectorType,
    status: "queued",
    stage: "",
    phase: null,
    phases,
    totalItems: null,
    processedItems: 0,
    failedItems: 0,
    currentItem: null,
    errorMessage: null,
    errorCode: null,
    percentComplete: null,
    capabilities: SERVICE_CAPABILITIES,
    seq: 1,
    startedAt: now,
    updatedAt: now,
    completedAt: null,
  };
}

function endedSnapshot(
  snapshot: SyncSnapshot,
  status: TerminalStatus,
  now: number,
  error: { readonly message: string; readonly code: string } | null,
): SyncSnapshot {
  return {
    ...snapshot,
    status,
    stage: "",
    currentItem: null,
    errorMessage: error?.message ?? null,
    errorCode: error?.code ?? null,
    seq: (snapshot.seq ?? 0) + 1,
    updatedAt: now,
    completedAt: now,
  };
}
