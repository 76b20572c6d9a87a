import { createContext, type ReactNode, useContext, useMemo } from "react";
import { SyncClient } from "../client/sync-client.js";

const SyncClientContext = createContext<SyncClient | null>(null);

/** Props of `SyncProvider`. */
export interface SyncProviderProps {
  /** The client for everything below. It stays open when the provider goes; who made it closes it. */
  readonly client: SyncClient;
  /** The part of the app that uses it. */
  readonly children?: ReactNode;
}

/**
 * Gives every hook and component below it one {@link SyncClient}.
 *
 * @example
 * const client = new SyncClient({ baseUrl: "/api" });
 * <SyncProvider client={client}><App /></SyncProvider>
 */
export function SyncProvider({ client, children }: SyncProviderProps) {
  return <SyncClientContext.Provider value={client}>{children}</SyncClientContext.Provider>;
}

/** Which client a hook uses: the one given, else one for `baseUrl`, else the provider's, else one for `"/api"`. */
export interface SyncClientSource {
  /** The client to use. Default the provider's, else one that all components with the same `baseUrl` share. */
  readonly client?: SyncClient | undefined;
  /** Where the sync API lives. Default `"/api"`, or whatever the provider's client says. */
  readonly baseUrl?: string | undefined;
}

/** The client that a hook or component uses; see {@link SyncClientSource} for the order. */
export function useSyncClient({ client, baseUrl }: SyncClientSource = {}): SyncClient {
  const provided = useContext(SyncClientContext);
  return useMemo(() => {
    if (client !== undefined) return client;
    if (baseUrl !== undefined) return sharedClient(baseUrl);
    return provided ?? sharedClient("/api");
  }, [client, baseUrl, provided]);
}

/**
 * Components that name the same server without a provider share a client, and so a connection. A client without
 * listeners holds no connection, timer or snapshot, so nothing of a person stays in this map.
 */
const clients = new Map<string, SyncClient>();

function sharedClient(baseUrl: string): SyncClient {
  const known = clients.get(baseUrl);
  if (known !== undefined) return known;
  const created = new SyncClient({ baseUrl });
  clients.set(baseUrl, created);
  return created;
}
