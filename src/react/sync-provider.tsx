import { createContext, type ReactNode, useContext } from "react";
import { SyncClient } from "../client/sync-client.js";

const SyncClientContext = createContext<SyncClient | null>(null);

/** Props of `SyncProvider`. */
export interface SyncProviderProps {
  /** The client for everything below. Not closed on unmount: whoever created it closes it. */
  readonly client: SyncClient;
  /** The part of the app that uses it. */
  readonly children?: ReactNode;
}

/**
 * Provides one {@link SyncClient} to every hook and component below it.
 *
 * @example
 * const client = new SyncClient({ baseUrl: "/api" });
 * <SyncProvider client={client}><App /></SyncProvider>
 */
export function SyncProvider({ client, children }: SyncProviderProps) {
  return <SyncClientContext.Provider value={client}>{children}</SyncClientContext.Provider>;
}

/** Which client a hook uses: `client`, else one for `baseUrl`, else the provider's, else one for `"/api"`. */
export interface SyncClientSource {
  /** The client to use, created outside of render. Default the provider's, else one shared by all components with the same `baseUrl`. */
  readonly client?: SyncClient | undefined;
  /** The URL of the sync API. Default that of the provider's client, else `"/api"`. */
  readonly baseUrl?: string | undefined;
}

/** The client that a hook or component uses; see {@link SyncClientSource} for the order. */
export function useSyncClient({ client, baseUrl }: SyncClientSource = {}): SyncClient {
  const provided = useContext(SyncClientContext);
  if (client !== undefined) return client;
  if (baseUrl !== undefined) return sharedClient(baseUrl);
  return provided ?? sharedClient("/api");
}

/**
 * Components with the same `baseUrl` and without a provider share a client, and so a connection. A client without
 * subscribers holds no connection, timer or snapshot, and nothing subscribes on a server: this map never holds user data.
 */
const clients = new Map<string, SyncClient>();

function sharedClient(baseUrl: string): SyncClient {
  const existing = clients.get(baseUrl);
  if (existing !== undefined) return existing;
  const created = new SyncClient({ baseUrl });
  clients.set(baseUrl, created);
  return created;
}
