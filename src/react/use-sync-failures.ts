import { useMemo } from "react";
import type { SyncRequestError } from "../client/sync-request.js";
import type { SyncFailure } from "../protocol/failure.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";
import { type LoadPage, usePages } from "./use-pages.js";

/** The return value of {@link useSyncFailures}. */
export interface SyncFailures {
  /** The failed items loaded so far, oldest first. */
  readonly failures: readonly SyncFailure[];
  /** A page is being loaded: the first one, or the next after `loadMore()`. */
  readonly isLoading: boolean;
  /** There is another page, or the latest one could not be loaded. */
  readonly hasMore: boolean;
  /** Why the latest page could not be loaded. */
  readonly error: SyncRequestError | null;
  /** Loads the next page, or the failed one again. Does nothing while a page is loading and after the last one. */
  loadMore(): void;
}

/** Options of {@link useSyncFailures}. */
export interface UseSyncFailuresOptions extends SyncClientSource {
  /** Whether to load at all. Default true. */
  readonly enabled?: boolean | undefined;
  /** Only those whose item or reason contains this text. Default all. */
  readonly search?: string | undefined;
}

/**
 * The items that failed in a sync, with their reasons, page by page.
 *
 * @param syncId The sync, or `null` to load nothing.
 *
 * @example
 * const { failures, hasMore, loadMore } = useSyncFailures(syncId, { enabled: isTerminal });
 */
export function useSyncFailures(syncId: string | null, options: UseSyncFailuresOptions = {}): SyncFailures {
  const client = useSyncClient(options);
  const { enabled = true, search = "" } = options;
  const load = useMemo((): LoadPage<SyncFailure> | null => {
    if (syncId === null || !enabled) return null;
    return async (cursor, signal) => {
      const { failures, nextCursor } = await client.getFailures(
        syncId,
        { ...(search === "" ? {} : { search }), ...(cursor === null ? {} : { cursor }) },
        signal,
      );
      return { items: failures, nextCursor };
    };
  }, [client, syncId, enabled, search]);
  const { items: failures, isLoading, hasMore, error, loadMore } = usePages(load);
  return { failures, isLoading, hasMore, error, loadMore };
}
