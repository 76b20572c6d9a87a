import { useCallback, useEffect, useRef, useState } from "react";
import type { SyncClient } from "../client/sync-client.js";
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

interface FailureList extends Omit<SyncFailures, "loadMore"> {
  /** Whose failures they are: those of one sync or account may not be seen under another. */
  readonly client: SyncClient | null;
  readonly syncId: string | null;
}

const NOTHING: FailureList = {
  client: null,
  syncId: null,
  failures: [],
  isLoading: false,
  hasMore: false,
  error: null,
};

/** The items that failed in a sync, with their reasons, page by page. */
export function useSyncFailures(syncId: string | null, options: UseSyncFailuresOptions = {}): SyncFailures {
  const client = useSyncClient(options);
  const isEnabled = (options.enabled ?? true) && syncId !== null;
  const [known, setKnown] = useState(NOTHING);
  const isKnown = isEnabled && known.client === client && known.syncId === syncId;
  const { failures, isLoading, hasMore, error } = isKnown ? known : { ...NOTHING, isLoading: isEnabled };
  const loadNext = useRef<(() => Promise<void>) | null>(null);

  useEffect(() => {
    if (!isEnabled || syncId === null) return;
    const gone = new AbortController();
    let cursor: string | null = null;
    let isOver = false;
    let isUnderWay = false;

    const load = async () => {
      if (isOver || isUnderWay) return;
      isUnderWay = true;
      setKnown((before) => ({ ...before, isLoading: true, error: null }));
      try {
        const page = await client.getFailures(syncId, cursor === null ? {} : { cursor }, gone.signal);
        if (gone.signal.aborted) return;
        cursor = page.nextCursor;
        isOver = cursor === null;
        setKnown((before) => ({
          ...before,
          failures: [...before.failures, ...page.failures],
          isLoading: false,
          hasMore: page.nextCursor !== null,
        }));
      } catch (reason) {
        if (gone.signal.aborted) return;
        const refusal = reason instanceof SyncRequestError ? reason : new SyncRequestError(String(reason));
        setKnown((before) => ({ ...before, isLoading: false, hasMore: true, error: refusal }));
      } finally {
        isUnderWay = false;
      }
    };

    setKnown({ ...NOTHING, client, syncId });
    loadNext.current = load;
    void load();
    return () => {
      gone.abort();
      loadNext.current = null;
      setKnown(NOTHING);
    };
  }, [client, syncId, isEnabled]);

  const loadMore = useCallback(() => void loadNext.current?.(), []);
  return { failures, isLoading, hasMore, error, loadMore };
}
