import { useCallback, useEffect, useRef, useState } from "react";
import { SyncRequestError } from "../client/sync-request.js";
import type { SyncFailure } from "../protocol/failure.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";

/** What {@link useSyncFailures} answers. */
export interface SyncFailures {
  /** The failed items loaded so far, oldest first. */
  readonly failures: readonly SyncFailure[];
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  /** Why the last load failed. */
  readonly error: SyncRequestError | null;
  /** Loads the next page, or the last one again where it failed. */
  loadMore(): void;
}

/** Options of {@link useSyncFailures}. */
export interface UseSyncFailuresOptions extends SyncClientSource {
  /** Whether to load at all. Default true. */
  readonly enabled?: boolean | undefined;
}

const NOTHING = { failures: [], isLoading: false, hasMore: false, error: null };

interface FailureState extends Omit<SyncFailures, "loadMore"> {
  readonly cursor?: string;
}

/** The items that failed in a sync, with their reasons, page by page. */
export function useSyncFailures(syncId: string | null, options: UseSyncFailuresOptions = {}): SyncFailures {
  const client = useSyncClient(options);
  const isEnabled = (options.enabled ?? true) && syncId !== null;
  const [state, setState] = useState<FailureState>(NOTHING);
  const underWay = useRef<AbortController | null>(null);

  const load = useCallback(
    async (cursor: string | undefined) => {
      if (syncId === null || underWay.current !== null) return;
      const request = new AbortController();
      underWay.current = request;
      setState((known) => ({ ...known, isLoading: true, error: null }));
      try {
        const page = await client.getFailures(syncId, cursor === undefined ? {} : { cursor }, request.signal);
        if (request.signal.aborted) return;
        setState((known) => ({
          failures: [...known.failures, ...page.failures],
          isLoading: false,
          hasMore: page.nextCursor !== null,
          error: null,
          ...(page.nextCursor === null ? {} : { cursor: page.nextCursor }),
        }));
      } catch (reason) {
        if (request.signal.aborted) return;
        const error = reason instanceof SyncRequestError ? reason : new SyncRequestError(String(reason));
        setState((known) => ({ ...known, isLoading: false, hasMore: true, error }));
      } finally {
        if (underWay.current === request) underWay.current = null;
      }
    },
    [client, syncId],
  );

  useEffect(() => {
    if (!isEnabled) return;
    void load(undefined);
    return () => {
      underWay.current?.abort();
      underWay.current = null;
      setState(NOTHING);
    };
  }, [isEnabled, load]);

  const { cursor, ...visible } = state;
  return { ...visible, loadMore: () => void load(cursor) };
}
