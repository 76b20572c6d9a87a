import { useCallback, useEffect, useRef } from "react";
import { type SyncRequestError, toRequestError } from "../client/sync-request.js";
import { useSubjectState } from "./use-subject-state.js";

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; `null` after the last one. */
  readonly nextCursor: string | null;
}

/** Requests the page that begins at `cursor`, or the first one. */
export type LoadPage<T> = (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>;

/** The state of a list that is loaded page by page. */
interface PagesState<T> {
  /** The items of the pages loaded so far. */
  readonly items: readonly T[];
  readonly isLoading: boolean;
  /** There is another page, or the latest one could not be loaded. */
  readonly hasMore: boolean;
  /** Why the latest page could not be loaded. */
  readonly error: SyncRequestError | null;
}

/** The return value of {@link usePages}. */
export interface PagesResult<T> extends PagesState<T> {
  /** Loads the next page, or the failed one again. Does nothing while a page is loading and after the last one. */
  readonly loadMore: () => void;
}

const NOT_LOADED: PagesState<never> = { items: [], isLoading: false, hasMore: false, error: null };
const LOADING: PagesState<never> = { ...NOT_LOADED, isLoading: true };

/**
 * Loads the first page of a list on mount, and each further one on `loadMore`.
 *
 * @param load Its identity says which list is loaded: memoize it. Another function starts from nothing; `null` loads
 * nothing.
 */
export function usePages<T>(load: LoadPage<T> | null): PagesResult<T> {
  const initial: PagesState<T> = load === null ? NOT_LOADED : LOADING;
  const { state, update } = useSubjectState(load, initial);
  const loadNext = useRef<(() => Promise<void>) | null>(null);

  useEffect(() => {
    if (load === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    let next: { readonly cursor: string | null } | null = { cursor: null };
    let isPending = false;

    const loadPage = async () => {
      if (next === null || isPending) return;
      const { cursor } = next;
      isPending = true;
      update(load, (latest) => ({ ...latest, isLoading: true, error: null }));
      try {
        const page = await load(cursor, signal);
        if (signal.aborted) return;
        next = page.nextCursor === null ? null : { cursor: page.nextCursor };
        update(load, ({ items }) => ({
          items: cursor === null ? page.items : [...items, ...page.items],
          isLoading: false,
          hasMore: page.nextCursor !== null,
          error: null,
        }));
      } catch (reason) {
        if (signal.aborted) return;
        update(load, (latest) => ({ ...latest, isLoading: false, hasMore: true, error: toRequestError(reason) }));
      } finally {
        isPending = false;
      }
    };

    loadNext.current = loadPage;
    void loadPage();
    return () => {
      loadNext.current = null;
      controller.abort();
    };
  }, [load, update]);

  const loadMore = useCallback(() => void loadNext.current?.(), []);
  return { ...state, loadMore };
}
