import { useEffect, useMemo } from "react";
import { activeSyncsOf } from "../client/active-syncs.js";
import type { SyncClient } from "../client/sync-client.js";
import type { SyncRequestError } from "../client/sync-request.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import { SYNC_RESULTS, type SyncResult } from "../protocol/sync-result.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";
import { useLatest } from "./use-latest.js";
import { type LoadPage, usePages } from "./use-pages.js";

/** Which syncs a history has. */
export interface SyncHistoryFilter {
  /** Only those of this integration. Default all. */
  readonly type?: string | undefined;
  /** Only those that ended in one of these ways. Default all, also those that run. */
  readonly result?: readonly SyncResult[] | undefined;
}

/** Options of {@link useSyncHistory}. */
export interface UseSyncHistoryOptions extends SyncClientSource {
  /** Which syncs. May be a new object with every render. Default all. */
  readonly filter?: SyncHistoryFilter | undefined;
  /** How many syncs a page has, 1-200. Default the server's, which is 50. */
  readonly pageSize?: number | undefined;
}

/** The return value of {@link useSyncHistory}. */
export interface SyncHistoryState {
  /** The syncs loaded so far, newest first. Subscribe to those that run with `useSyncProgress`. */
  readonly syncs: readonly SyncSnapshot[];
  /** A page is being loaded: the first one, the next after `loadMore()`, or the first one again. */
  readonly isLoading: boolean;
  /** There is another page, or the latest one could not be loaded. */
  readonly hasMore: boolean;
  /** Why the latest page could not be loaded. */
  readonly error: SyncRequestError | null;
  /** `false` for a backend without a list of syncs, as older ones are. */
  readonly isSupported: boolean;
  /** Loads the next page, or the failed one again. Does nothing while a page is loading and after the last one. */
  loadMore(): void;
  /** Loads the first page again and keeps the others. Also called when a sync starts or ends. Never rejects: see `error`. */
  reload(): Promise<void>;
}

/** Syncs that start together are one reload. */
const RELOAD_AFTER_MS = 200;
/** What a backend responds with that has no such endpoint. */
const UNSUPPORTED_STATUSES: readonly unknown[] = [404, 405, 501];

const idOf = ({ syncId }: SyncSnapshot): string => syncId;

/**
 * The syncs of the signed-in person, page by page, newest first. Loads them again when one starts or ends, in this tab, in
 * another one or on another device.
 *
 * @example
 * const { syncs, hasMore, loadMore } = useSyncHistory({ filter: { type: "gmail", result: ["failed"] } });
 */
export function useSyncHistory(options: UseSyncHistoryOptions = {}): SyncHistoryState {
  const client = useSyncClient(options);
  const { filter = {}, pageSize } = options;
  const { type } = filter;
  const results = (filter.result ?? []).join();

  const load = useMemo((): LoadPage<SyncSnapshot> => {
    const result = SYNC_RESULTS.filter((one) => results.split(",").includes(one));
    return async (cursor, signal) => {
      const { syncs, nextCursor } = await client.listSyncs(
        {
          ...(type === undefined ? {} : { type }),
          ...(result.length === 0 ? {} : { result }),
          ...(pageSize === undefined ? {} : { limit: pageSize }),
          ...(cursor === null ? {} : { cursor }),
        },
        signal,
      );
      return { items: syncs, nextCursor };
    };
  }, [client, type, results, pageSize]);
  const { items: syncs, isLoading, hasMore, error, loadMore, reload } = usePages(load, idOf);

  const isSupported = !(error?.kind === "unsupported" || UNSUPPORTED_STATUSES.includes(error?.status));
  useReloads(client, syncs, isSupported, reload);
  return { syncs, isLoading, hasMore: hasMore && isSupported, error, isSupported, loadMore, reload };
}

/** Loads again when a sync starts or ends, wherever. */
function useReloads(
  client: SyncClient,
  syncs: readonly SyncSnapshot[],
  isSupported: boolean,
  reload: () => Promise<void>,
): void {
  const listed = useLatest(syncs);
  useEffect(() => {
    if (!isSupported) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = client.syncs.subscribe((event) => {
      const entry = "view" in event ? listed.current.find(({ syncId }) => syncId === event.view.syncId) : undefined;
      // A row that begins to watch its sync, or to look at one that has ended, is no news.
      const isNews =
        event.type === "started" ||
        (event.type === "added" && entry === undefined) ||
        (event.type === "ended" && !(entry !== undefined && isTerminalStatus(entry.status)));
      if (!isNews) return;
      clearTimeout(timer);
      timer = setTimeout(() => void reload(), RELOAD_AFTER_MS);
    });
    // Reports what is started in other tabs and on other devices.
    const stopWatching = activeSyncsOf(client).subscribe(() => {});
    return () => {
      clearTimeout(timer);
      unsubscribe();
      stopWatching();
    };
  }, [client, isSupported, reload, listed]);
}
