import { useCallback, useEffect, useRef, useState } from "react";
import type { SyncClient } from "../client/sync-client.js";
import { SyncRequestError } from "../client/sync-request.js";
import type { Integration } from "../protocol/integration.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";
import { useLatest } from "./use-latest.js";

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

interface IntegrationList extends Omit<Integrations, "reload"> {
  /** Whose list it is: nothing of one account may be seen under another. */
  readonly client: SyncClient | null;
}

const NOT_LOADED: IntegrationList = { client: null, integrations: [], isLoading: true, error: null };

/**
 * The integrations of the person signed in; loaded anew when a sync is started or ends, and when the page is shown
 * again.
 */
export function useIntegrations(source: SyncClientSource = {}): Integrations {
  const client = useSyncClient(source);
  const [known, setKnown] = useState(NOT_LOADED);
  const { integrations, isLoading, error } = known.client === client ? known : NOT_LOADED;
  const lastLoad = useRef<AbortController | null>(null);
  const latestClient = useLatest(client);

  // Asks the client of now, whenever it was handed out.
  const reload = useCallback(async () => {
    // The newest question is the one whose answer counts.
    lastLoad.current?.abort();
    const load = new AbortController();
    lastLoad.current = load;
    const asked = latestClient.current;
    try {
      const answer = await asked.getIntegrations(load.signal);
      if (!load.signal.aborted) setKnown({ client: asked, integrations: answer, isLoading: false, error: null });
    } catch (reason) {
      if (load.signal.aborted) return;
      const refusal = reason instanceof SyncRequestError ? reason : new SyncRequestError(String(reason));
      setKnown((newest) => {
        const kept = newest.client === asked ? newest : NOT_LOADED;
        return { client: asked, integrations: kept.integrations, isLoading: false, error: refusal };
      });
    }
  }, [latestClient]);

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

  return { integrations, isLoading, error, reload };
}
