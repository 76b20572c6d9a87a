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
  /**
   * Loads the first page again, and keeps the pages after it if they still follow on it. Never rejects: see `error`. Does
   * nothing after unmount.
   */
  readonly reload: () => Promise<void>;
}

const NOT_LOADED: PagesState<never> = { items: [], isLoading: false, hasMore: false, error: null };
const LOADING: PagesState<never> = { ...NOT_LOADED, isLoading: true };

/**
 * Loads the first page of a list on mount, and each further one on `loadMore`.
 *
 * @param load Its identity says which list is loaded: memoize it. Another function starts from nothing; `null` loads
 * nothing.
 * @param keyOf What makes two items the same one, for `reload`: the same function in every render.
 */
export function usePages<T>(load: LoadPage<T> | null, keyOf: (item: T) => unknown = itself): PagesResult<T> {
  const initial: PagesState<T> = load === null ? NOT_LOADED : LOADING;
  const { state, update } = useSubjectState(load, initial);
  const commands = useRef<{ readonly loadNext: () => Promise<void>; readonly reload: () => Promise<void> } | null>(
    null,
  );

  useEffect(() => {
    if (load === null) return;
    let items: readonly T[] = [];
    let next: { readonly cursor: string | null } | null = { cursor: null };
    let isReloadDue = false;
    let pending: AbortController | null = null;

    const request = async (cursor: string | null, take: (page: Page<T>) => void) => {
      const controller = new AbortController();
      pending = controller;
      update(load, (latest) => ({ ...latest, isLoading: true, error: null }));
      try {
        const page = await load(cursor, controller.signal);
        if (controller.signal.aborted) return;
        take(page);
        const loaded = items;
        const hasMore = next !== null;
        update(load, () => ({ items: loaded, isLoading: false, hasMore, error: null }));
      } catch (reason) {
        if (controller.signal.aborted) return;
        update(load, (latest) => ({ ...latest, isLoading: false, hasMore: true, error: toRequestError(reason) }));
      } finally {
        if (pending === controller) pending = null;
      }
    };

    const follow = ({ nextCursor }: Page<T>) => {
      next = nextCursor === null ? null : { cursor: nextCursor };
    };
    const loadNext = async () => {
      if (pending !== null) return;
      if (isReloadDue) return reload();
      if (next === null) return;
      const append = (page: Page<T>) => {
        items = [...items, ...page.items];
        follow(page);
      };
      await request(next.cursor, append);
    };
    const reload = async () => {
      pending?.abort();
      isReloadDue = true;
      const replace = (page: Page<T>) => {
        const keys = new Set(page.items.map(keyOf));
        const last = items.findLastIndex((item) => keys.has(keyOf(item)));
        // Between a page of nothing but new items and those that are there, there may be others.
        const rest = page.nextCursor === null || last === -1 ? [] : items.slice(last + 1);
        // What was the last page may have been cut in two.
        if (rest.length === 0) follow(page);
        items = [...page.items, ...rest];
        isReloadDue = false;
      };
      await request(null, replace);
    };

    commands.current = { loadNext, reload };
    void loadNext();
    return () => {
      commands.current = null;
      pending?.abort();
    };
  }, [load, keyOf, update]);

  const loadMore = useCallback(() => void commands.current?.loadNext(), []);
  const reload = useCallback(async () => commands.current?.reload(), []);
  return { ...state, loadMore, reload };
}

function itself(item: unknown): unknown {
  return item;
}
