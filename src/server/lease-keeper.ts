import { setBackgroundInterval } from "./long-timeout.js";
import type { StoreCalls } from "./store-calls.js";
import type { HeldSync, SyncRecord, SyncStore } from "./sync-store.js";

export interface LeaseKeeperOptions {
  readonly store: SyncStore;
  readonly calls: StoreCalls;
  readonly ownerId: string;
  readonly leaseMs: number;
  readonly retentionMs: number;
  /** The syncs that this process runs now. */
  readonly held: () => readonly HeldSync[];
  /** Somebody else owns this sync by now, or it has ended. */
  readonly onLost: (syncId: string) => void;
  /** This process owns a sync whose owner is gone. */
  readonly onTaken: (record: SyncRecord) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** How many syncs are taken over or deleted in one step. */
const STEP = 100;
const DELETE_EVERY_MS = 60_000;

/**
 * Renews the leases of the syncs of this process, takes over those whose owner is gone, and deletes what is old; each
 * at an interval of its own, so that none waits for the others.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  #stopTimers: (() => void) | null = null;
  readonly #busy = new Set<string>();
  #isClosed = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  /** Begins, if it has not begun. */
  start(): void {
    if (this.#stopTimers !== null || this.#isClosed) return;
    const { leaseMs } = this.#options;
    const timers = [
      setBackgroundInterval(() => void this.renew(), leaseMs / 3),
      setBackgroundInterval(() => void this.takeOver(), leaseMs / 2),
      setBackgroundInterval(() => void this.deleteOld(), DELETE_EVERY_MS),
    ];
    this.#stopTimers = () => {
      for (const stop of timers) stop();
    };
    void this.deleteOld();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimers?.();
    this.#stopTimers = null;
  }

  renew(): Promise<void> {
    const { store, ownerId, leaseMs, held, onLost } = this.#options;
    const syncs = held();
    if (syncs.length === 0) return Promise.resolve();
    return this.#alone("renew", async (signal) => {
      for (const syncId of await store.renew(ownerId, syncs, leaseMs, signal)) onLost(syncId);
    }).then(() => {});
  }

  /** Returns how many syncs were taken over. */
  async takeOver(): Promise<number> {
    const { store, ownerId, leaseMs, onTaken, onError } = this.#options;
    let taken: readonly SyncRecord[] = [];
    await this.#alone("takeOver", async (signal) => {
      taken = await store.takeOver(ownerId, leaseMs, STEP, signal);
    });
    for (const record of taken) void onTaken(record).catch(onError);
    return taken.length;
  }

  async deleteOld(): Promise<void> {
    const { store, retentionMs } = this.#options;
    if (retentionMs === Number.POSITIVE_INFINITY) return;
    let count = STEP;
    while (count === STEP && !this.#isClosed) {
      count = 0;
      await this.#alone("deleteOld", async (signal) => {
        count = await store.deleteEndedBefore(Date.now() - retentionMs, STEP, signal);
      });
    }
  }

  /** Makes one call of a kind at a time; one that fails is made again at its next turn. */
  async #alone(kind: string, call: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#busy.has(kind)) return;
    this.#busy.add(kind);
    try {
      await this.#options.calls.once(call);
    } catch (error) {
      if (!this.#isClosed) this.#options.onError(error);
    } finally {
      this.#busy.delete(kind);
    }
  }
}
