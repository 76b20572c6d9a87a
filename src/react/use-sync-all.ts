import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import {
  isConnected,
  type SyncAllRow,
  type SyncAllSummary,
  summarizeRows,
  syncAllRows,
} from "../client/sync-all-rows.js";
import { type SyncAllRun, syncAllRunOf } from "../client/sync-all-run.js";
import type { SyncRequestError } from "../client/sync-request.js";
import type { Integration } from "../protocol/integration.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";
import { useIntegrations } from "./use-integrations.js";
import { useLatest } from "./use-latest.js";

/** Options of {@link useSyncAll}. */
export interface UseSyncAllOptions extends SyncClientSource {
  /** How many syncs run at once; the others wait for their turn. A paused one gives its place away. Default 3. */
  readonly concurrency?: number | undefined;
  /** Compares two integrations, as in `Array.sort`: which is started, and shown, first. Default the order of the list. */
  readonly order?: ((one: Integration, other: Integration) => number) | undefined;
  /**
   * How much of the whole each integration is, by type, for the percentage of all. Default 1 each, whatever their numbers of
   * items: those are not known before a sync has begun, so the percentage would jump with each start. Give a larger weight
   * to one that takes longer: with `{ gmail: 8 }` beside two others, Gmail is 80 % of the bar.
   */
  readonly weights?: Readonly<Record<string, number>> | undefined;
}

/** The return value of {@link useSyncAll}. */
export interface SyncAllState {
  /** One for each connected integration. Empty until the list of integrations is there. */
  readonly rows: readonly SyncAllRow[];
  /** All rows in numbers, with their weighted percentage. */
  readonly summary: SyncAllSummary;
  /** Something waits, is being started, runs or is paused. */
  readonly isBusy: boolean;
  /** Some integration can be started: while others are under way, only one that is idle. */
  readonly canStart: boolean;
  /** The list of integrations is not there yet. */
  readonly isLoading: boolean;
  /** Why the list of integrations could not be loaded; `null` after a successful load. */
  readonly error: SyncRequestError | null;
  /** Loads the list of integrations again. Never rejects: see `error`. */
  reload(): Promise<void>;
  /** Starts every integration that is connected; a sync that runs already is joined. */
  start(): void;
  /** Starts one again that has ended or was refused, when there is a place. */
  retry(integrationType: string): void;
  /** Shows a sync that was started in place of the one before, such as a retry of what failed. */
  follow(integrationType: string, syncId: string): void;
  /** Cancels what runs, and what waits is not started. Never rejects: a cancel that fails is in its view's `command`. */
  cancel(): Promise<void>;
}

const DEFAULT_CONCURRENCY = 3;

/**
 * Syncs every connected integration, a few at a time. What was started goes on after an unmount, and is found again; what
 * waits is started even so, until the page is left or the client closed.
 *
 * @throws TypeError when `concurrency` is not a whole number of at least 1, or a weight not a positive number.
 *
 * @example
 * const { rows, summary, start } = useSyncAll({ concurrency: 2 });
 */
export function useSyncAll(options: UseSyncAllOptions = {}): SyncAllState {
  const { concurrency = DEFAULT_CONCURRENCY, order, weights, ...source } = options;
  checkOptions(concurrency, weights);
  const client = useSyncClient(source);
  const run = syncAllRunOf(client);
  const { integrations: listed, isLoading, error, reload } = useIntegrations({ client });
  const integrations = useMemo(() => (order === undefined ? listed : [...listed].sort(order)), [listed, order]);

  const subscribe = useCallback((notifyReact: () => void) => run.subscribe(notifyReact), [run]);
  const entries = useSyncExternalStore(
    subscribe,
    () => run.entries,
    () => run.entries,
  );
  useEffect(() => {
    for (const { type, activeSyncId } of listed) if (activeSyncId !== null) run.adopt(type, activeSyncId);
  }, [run, listed]);

  const rows = useMemo(() => syncAllRows(integrations, entries), [integrations, entries]);
  const summary = useMemo(() => heldBy(run, summarizeRows(rows, weights)), [run, rows, weights]);

  const latest = useLatest({ integrations, concurrency });
  const commands = useMemo(
    () => ({
      start() {
        const { integrations, concurrency } = latest.current;
        run.start(
          integrations.filter(isStartable).map(({ type }) => type),
          concurrency,
        );
      },
      retry: (type: string) => run.retry(type, latest.current.concurrency),
      follow: (type: string, syncId: string) => run.adopt(type, syncId),
      cancel: () => run.cancel(),
    }),
    [run, latest],
  );
  const isBusy = rows.some(({ status }) => status === "waiting" || status === "running" || status === "paused");
  return {
    rows,
    summary,
    isBusy,
    canStart: integrations.some((one) => isStartable(one) && (!isBusy || !entries.has(one.type))),
    isLoading,
    error,
    reload,
    ...commands,
  };
}

function isStartable(integration: Integration): boolean {
  return isConnected(integration) && integration.status !== "needs_reauth";
}

function heldBy(run: SyncAllRun, summary: SyncAllSummary): SyncAllSummary {
  return summary.percent === null ? summary : { ...summary, percent: run.hold(summary.percent) };
}

function checkOptions(concurrency: number, weights: UseSyncAllOptions["weights"]): void {
  if (!(concurrency >= 1) || (Number.isFinite(concurrency) && !Number.isInteger(concurrency))) {
    throw new TypeError(`SyncProgressError: concurrency must be a whole number of at least 1, got ${concurrency}.`);
  }
  for (const [type, weight] of Object.entries(weights ?? {})) {
    if (weight > 0 && Number.isFinite(weight)) continue;
    throw new TypeError(`SyncProgressError: the weight of "${type}" must be a positive number, got ${weight}.`);
  }
}
