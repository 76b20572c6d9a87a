import { useCallback, useEffect, useRef, useState } from "react";
import { SyncRequestError } from "../client/sync-request.js";
import type { Integration } from "../protocol/integration.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";

/** What {@link useIntegrations} answers. */
export interface Integrations {
  /** Empty until the first answer. Kept while a reload is under way or fails. */
  readonly integrations: readonly Integration[];
  /** No answer has come yet. */
  readonly isLoading: boolean;
  /** Why the last load failed. */
  readonly error: SyncRequestError | null;
  reload(): Promise<void>;
}

/**
 * The integrations of the person signed in; loaded anew when a sync is started or ends, and when the page is shown
 * again.
 */
export function useIntegrations(source: SyncClientSource = {}): Integrations {
  const client = useSyncClient(source);
  const [state, setState] = useState<Omit<Integrations, "reload">>({ integrations: [], isLoading: true, error: null });
  const lastLoad = useRef<AbortController | null>(null);

  const reload = useCallback(async () => {
    // The newest question is the one whose answer counts.
    lastLoad.current?.abort();
    const load = new AbortController();
    lastLoad.current = load;
    try {
      const integrations = await client.getIntegrations(load.signal);
      if (!load.signal.aborted) setState({ integrations, isLoading: false, error: null });
    } catch (reason) {
      if (load.signal.aborted) return;
      const error = reason instanceof SyncRequestError ? reason : new SyncRequestError(String(reason));
      setState((known) => ({ ...known, isLoading: false, error }));
    }
  }, [client]);

  useEffect(() => {
    const onVisible = () => document.visibilityState === "visible" && void reload();
    void reload();
    const unsubscribe = client.subscribeToChanges(() => void reload());
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      unsubscribe();
      document.removeEventListener("visibilitychange", onVisible);
      lastLoad.current?.abort();
    };
  }, [client, reload]);

  return { ...state, reload };
}
