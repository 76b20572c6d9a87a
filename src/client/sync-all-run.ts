import type { SyncClient } from "./sync-client.js";
import { type SyncRequestError, toRequestError } from "./sync-request.js";
import type { SyncView } from "./sync-view.js";

/** How an integration stands in a run. One that is not in it has no entry. */
export type SyncAllEntry =
  /** It waits for one of the places. `retryOf`: the sync that is to be retried. */
  | { readonly kind: "waiting"; readonly retryOf: string | null }
  /** The start was requested. */
  | { readonly kind: "starting"; readonly isCancelled: boolean }
  | { readonly kind: "started"; readonly syncId: string; readonly view: SyncView | null }
  | { readonly kind: "refused"; readonly error: SyncRequestError }
  /** Cancelled before it was started. */
  | { readonly kind: "not-started" };

/** By integration type. Replaced when anything in it changes. */
export type SyncAllEntries = ReadonlyMap<string, SyncAllEntry>;

const NO_ENTRIES: SyncAllEntries = new Map();

const runs = new WeakMap<SyncClient, SyncAllRun>();

/** The one run of a client, so that a component that is mounted again finds it. */
export function syncAllRunOf(client: SyncClient): SyncAllRun {
  const run = runs.get(client) ?? new SyncAllRun(client);
  runs.set(client, run);
  return run;
}

/**
 * Starts syncs of many integrations, a few at a time, and follows them. What waits is started whether or not anybody
 * listens; without listeners it then forgets everything, since it may outlive the session of a person.
 */
export class SyncAllRun {
  readonly #client: SyncClient;
  readonly #listeners = new Set<() => void>();
  readonly #subscriptions = new Map<string, () => void>();
  /** Syncs that were seen to end: a list of integrations that was loaded earlier still names them. */
  readonly #ended = new Set<string>();
  #entries: SyncAllEntries = NO_ENTRIES;
  #concurrency = 1;
  #heldPercent = 0;
  #stopListening: (() => void) | null = null;

  constructor(client: SyncClient) {
    this.#client = client;
  }

  get entries(): SyncAllEntries {
    return this.#entries;
  }

  /** Something waits, is being started, or runs. */
  get isBusy(): boolean {
    return [...this.#entries.values()].some(isUnderWay);
  }

  /** The highest percentage since nothing was under way, so that a retry in mid-run does not move the bar back. */
  hold(percent: number): number {
    this.#heldPercent = Math.max(this.#heldPercent, percent);
    return this.#heldPercent;
  }

  /** Calls `listener` after every change. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void {
    // A function of its own, so that the same listener can be given twice.
    const own = () => listener();
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
      this.#forgetIfDone();
    };
  }

  /** Starts syncs of integrations in this order, `concurrency` at a time. One that is under way stays as it is. */
  start(types: readonly string[], concurrency: number): void {
    this.#begin(concurrency);
    const next = new Map(this.#entries);
    for (const type of types) {
      const entry = next.get(type);
      if (entry !== undefined && isUnderWay(entry)) continue;
      this.#unfollow(type);
      // At the end, so that the order of the entries is the order of the starts.
      next.delete(type);
      next.set(type, { kind: "waiting", retryOf: null });
    }
    this.#set(next);
    this.#fill();
  }

  /** Starts an integration again that has ended or was refused, as soon as there is a place. */
  retry(type: string, concurrency: number): void {
    const entry = this.#entries.get(type);
    if (entry === undefined || isUnderWay(entry)) return;
    this.#begin(concurrency);
    this.#put(type, { kind: "waiting", retryOf: retryableSync(entry) });
    this.#fill();
  }

  /** Follows a sync that was found running, or that was started in place of the one before. */
  adopt(type: string, syncId: string): void {
    const entry = this.#entries.get(type);
    if (this.#ended.has(syncId) || (entry !== undefined && isUnderWay(entry))) return;
    if (entry?.kind === "started" && entry.syncId === syncId) return;
    if (!this.isBusy) this.#heldPercent = 0;
    this.#follow(type, syncId);
  }

  /**
   * Takes back what waits and cancels what runs. Resolves when every request has a response; a cancel that failed is in the
   * view of its sync.
   */
  async cancel(): Promise<void> {
    const next = new Map(this.#entries);
    for (const [type, entry] of next) {
      if (entry.kind === "waiting") next.set(type, { kind: "not-started" });
      if (entry.kind === "starting") next.set(type, { ...entry, isCancelled: true });
    }
    this.#set(next);
    const running = [...next.values()].filter((entry) => entry.kind === "started" && isUnderWay(entry));
    await Promise.all(running.map((entry) => entry.kind === "started" && this.#cancelSync(entry.syncId)));
  }

  /** Forgets everything; what runs goes on. */
  #stop(): void {
    for (const type of [...this.#subscriptions.keys()]) this.#unfollow(type);
    this.#ended.clear();
    this.#stopListening?.();
    this.#stopListening = null;
    this.#set(NO_ENTRIES);
  }

  #begin(concurrency: number): void {
    this.#concurrency = concurrency;
    if (!this.isBusy) this.#heldPercent = 0;
  }

  /** Starts what waits, as long as there are places. */
  #fill(): void {
    const all = [...this.#entries];
    let places = this.#concurrency - all.filter(([, entry]) => takesPlace(entry)).length;
    for (const [type, entry] of all) {
      if (entry.kind !== "waiting" || places <= 0) continue;
      places -= 1;
      void this.#start(type, entry.retryOf);
    }
    this.#forgetIfDone();
  }

  async #start(type: string, retryOf: string | null): Promise<void> {
    this.#put(type, { kind: "starting", isCancelled: false });
    try {
      const syncId = await (retryOf === null ? this.#client.startSync(type) : this.#client.retry(retryOf));
      const entry = this.#entries.get(type);
      if (entry?.kind !== "starting") return;
      this.#follow(type, syncId);
      if (entry.isCancelled) await this.#cancelSync(syncId);
    } catch (reason) {
      if (this.#entries.get(type)?.kind !== "starting") return;
      this.#put(type, { kind: "refused", error: toRequestError(reason) });
      this.#fill();
    }
  }

  async #cancelSync(syncId: string): Promise<void> {
    // A failure is in the view's command.
    await this.#client.cancel(syncId).catch(() => {});
  }

  #follow(type: string, syncId: string): void {
    this.#unfollow(type);
    this.#stopListening ??= this.#client.syncs.subscribe((event) => {
      // The client was closed, as at a sign-out: nothing may be started for whoever comes next.
      if (event.type === "removed" && this.#isFollowed(event.syncId)) this.#stop();
    });
    const onChange = () => this.#onChange(type, syncId);
    this.#subscriptions.set(type, this.#client.subscribe(syncId, onChange));
    this.#put(type, { kind: "started", syncId, view: null });
    onChange();
  }

  #onChange(type: string, syncId: string): void {
    const entry = this.#entries.get(type);
    // The sync before is followed until its retry is started.
    if (entry?.kind !== "started" || entry.syncId !== syncId) return;
    const view = this.#client.getView(syncId) ?? null;
    this.#put(type, { kind: "started", syncId, view });
    if (view?.isTerminal) this.#ended.add(syncId);
    // Somebody has signed out: nothing more is accepted, or it would be started for the person who signed in since.
    if (view?.error?.kind === "unauthorized" || view?.error?.kind === "not-found") this.#giveUpWaiting();
    this.#fill();
  }

  #giveUpWaiting(): void {
    const waiting = [...this.#entries].filter(([, { kind }]) => kind === "waiting");
    if (waiting.length === 0) return;
    this.#set(new Map([...this.#entries, ...waiting.map(([type]) => [type, { kind: "not-started" }] as const)]));
  }

  #unfollow(type: string): void {
    const unsubscribe = this.#subscriptions.get(type);
    this.#subscriptions.delete(type);
    unsubscribe?.();
  }

  #isFollowed(syncId: string): boolean {
    return [...this.#entries.values()].some((entry) => entry.kind === "started" && entry.syncId === syncId);
  }

  #forgetIfDone(): void {
    if (this.#listeners.size > 0 || this.#entries.size === 0) return;
    const hasPlans = [...this.#entries.values()].some(({ kind }) => kind === "waiting" || kind === "starting");
    if (!hasPlans) this.#stop();
  }

  #put(type: string, entry: SyncAllEntry): void {
    this.#set(new Map(this.#entries).set(type, entry));
  }

  #set(entries: SyncAllEntries): void {
    this.#entries = entries;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Whether something is still to come of it. */
function isUnderWay(entry: SyncAllEntry): boolean {
  if (entry.kind === "started") return entry.view?.isRunning ?? true;
  return entry.kind === "waiting" || entry.kind === "starting";
}

/** A sync that is paused may stay so for days. */
function takesPlace(entry: SyncAllEntry): boolean {
  if (entry.kind === "started") return isUnderWay(entry) && entry.view?.status !== "paused";
  return entry.kind === "starting";
}

/** The sync that a retry continues; one that is complete is started again instead. */
function retryableSync(entry: SyncAllEntry): string | null {
  if (entry.kind !== "started" || entry.view?.capabilities.includes("retry") !== true) return null;
  return entry.view.status === "complete" ? null : entry.syncId;
}
