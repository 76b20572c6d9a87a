import { SyncJobError } from "../server/sync-job-error.js";
import type { RunChange, SyncRun } from "../server/sync-run.js";
import type { FaultGate } from "./apply-faults.js";
import type { Faults } from "./scenarios.js";

/**
 * Drives a sync by hand, step by step, and the network before it: the sync that was started last, or another that was
 * selected. Steps of a sync do nothing while none runs.
 */
export interface SyncDriver {
  /** Drives this sync from now on, until another is selected or started. */
  select(syncId: string): void;
  /** Begins or changes a phase, the stage, the total. */
  update(change: RunChange): void;
  /** Counts items done. Default 1. */
  advance(count?: number): void;
  /** Lets one item fail. */
  fail(item?: string, reason?: string): void;
  /** Ends the sync as complete. */
  finish(): void;
  /** Ends the sync with an error whose message the person sees. */
  crash(message?: string, code?: string): void;
  /** Breaks the connection; the client may come back at once. */
  drop(): void;
  /**
   * Changes the responses from now on: `{ status: 503 }` takes the server away, `{ status: 401 }` ends the session, and `{}`
   * makes all well again.
   */
  setFaults(faults: Faults): void;
}

export interface DrivenSync {
  readonly driver: SyncDriver;
  /** The job of a driven sync. */
  readonly play: (run: SyncRun) => Promise<void>;
}

interface Driven {
  readonly run: SyncRun;
  /** How many items it has dealt with. */
  count: number;
  readonly finish: () => void;
  readonly crash: (error: Error) => void;
}

export function createSyncDriver(itemName: (index: number) => string, gate: FaultGate): DrivenSync {
  const driven = new Map<string, Driven>();
  let current: Driven | null = null;
  return {
    play(run) {
      return new Promise((resolve, reject) => {
        current = { run, count: 0, finish: resolve, crash: reject };
        driven.set(run.syncId, current);
      });
    },
    driver: {
      select: (syncId) => {
        current = driven.get(syncId) ?? null;
      },
      update: (change) => current?.run.update(change),
      advance: (items = 1) => {
        if (current === null) return;
        current.count += items;
        current.run.advance({ count: items, item: itemName(current.count) });
      },
      fail: (item = itemName(current?.count ?? 0), reason = "The attachment is larger than 25 MB.") =>
        current?.run.fail({ item, reason }),
      finish: () => current?.finish(),
      crash: (message = "Gmail refuses more requests today.", code) =>
        current?.crash(new SyncJobError(message, code === undefined ? {} : { code })),
      drop: () => gate.dropStreams(),
      setFaults: (faults) => gate.setFaults(faults),
    },
  };
}
