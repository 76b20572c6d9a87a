import { useCallback, useEffect, useRef } from "react";
import { type SyncRequestError, toRequestError } from "../client/sync-request.js";
import { useSubjectState } from "./use-subject-state.js";

/** The state of a request that can be sent again. */
interface RequestState<T> {
  /** The latest successful response; `null` until the first one. Kept while a reload is pending or fails. */
  readonly data: T | null;
  /** No response has arrived yet. */
  readonly isLoading: boolean;
  /** Why the latest request failed; `null` after a successful one. */
  readonly error: SyncRequestError | null;
}

/** The return value of {@link useRequest}. */
export interface RequestResult<T> extends RequestState<T> {
  /** Sends the request again and aborts a pending one. Never rejects: see `error`. Does nothing after unmount. */
  readonly reload: () => Promise<void>;
}

const NOT_LOADED: RequestState<never> = { data: null, isLoading: true, error: null };

/**
 * Loads data on mount, and again on `reload`; the response to the newest request is the one that counts.
 *
 * @param load Sends the request. Its identity says what is requested: memoize it. Another function starts from nothing.
 */
export function useRequest<T>(load: (signal: AbortSignal) => Promise<T>): RequestResult<T> {
  const { state, update } = useSubjectState<typeof load, RequestState<T>>(load, NOT_LOADED);
  const send = useRef<(() => Promise<void>) | null>(null);

  useEffect(() => {
    let newest: AbortController | null = null;
    const sendNewest = async () => {
      newest?.abort();
      const controller = new AbortController();
      newest = controller;
      try {
        const data = await load(controller.signal);
        if (!controller.signal.aborted) update(load, () => ({ data, isLoading: false, error: null }));
      } catch (reason) {
        if (controller.signal.aborted) return;
        update(load, ({ data }) => ({ data, isLoading: false, error: toRequestError(reason) }));
      }
    };
    send.current = sendNewest;
    void sendNewest();
    return () => {
      send.current = null;
      newest?.abort();
    };
  }, [load, update]);

  const reload = useCallback(async () => send.current?.(), []);
  return { ...state, reload };
}
