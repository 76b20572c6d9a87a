import { useCallback, useEffect } from "react";
import type { SyncRequestError } from "../client/sync-request.js";
import type { Integration } from "../protocol/integration.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";
import { useRequest } from "./use-request.js";

/** The return value of {@link useIntegrations}. */
export interface Integrations {
  /** Empty until the first response. Kept while a reload is pending or fails. */
  readonly integrations: readonly Integration[];
  /** No response has arrived yet. */
  readonly isLoading: boolean;
  /** Why the latest load failed; `null` after a successful one. */
  readonly error: SyncRequestError | null;
  /** Loads the list again. Never rejects: see `error`. */
  reload(): Promise<void>;
}

const NO_INTEGRATIONS: readonly Integration[] = [];

/**
 * The integrations of the signed-in user. Loads them again when a sync starts or ends, and when the page becomes visible.
 *
 * @example
 * const { integrations, isLoading, error } = useIntegrations();
 */
export function useIntegrations(source: SyncClientSource = {}): Integrations {
  const client = useSyncClient(source);
  const load = useCallback((signal: AbortSignal) => client.getIntegrations(signal), [client]);
  const { data, isLoading, error, reload } = useRequest(load);

  useEffect(() => {
    const onVisible = () => document.visibilityState === "visible" && void reload();
    const unsubscribe = client.syncs.subscribe(({ type }) => {
      if (type === "started" || type === "ended") void reload();
    });
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      unsubscribe();
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [client, reload]);

  return { integrations: data ?? NO_INTEGRATIONS, isLoading, error, reload };
}
