import { lazy, Suspense, useEffect, useState } from "react";
import type { SyncClient } from "../client/sync-client.js";
import { useSyncClient } from "../react/sync-provider.js";
import type { FaultDriver } from "./fault-controls.js";

/** Props of {@link SyncDevtools}. */
export interface SyncDevtoolsProps {
  /** Whose syncs are shown. Default the provider's client, else the one for `"/api"`. */
  readonly client?: SyncClient | undefined;
  /** The `driver` of `createMockSyncBackend`, to drop, silence and refuse connections by a press. Default none. */
  readonly driver?: FaultDriver | undefined;
  /** Whether the panel is open at first. Default `false`. */
  readonly defaultOpen?: boolean | undefined;
  /** Show it in a production build as well. Default `false`. */
  readonly isShownInProduction?: boolean | undefined;
}

const DevtoolsPanel = lazy(async () => ({ default: (await import("./devtools-panel.js")).DevtoolsPanel }));

/**
 * A panel with the syncs of the page, what their connections decided and why, and every message as it came; for development:
 * it renders nothing in a production build, and its code is loaded only when it is shown. It follows a client that is
 * already in use, from the moment on at which it is mounted.
 *
 * @example
 * <SyncProvider client={client}>
 *   <App />
 *   <SyncDevtools />
 * </SyncProvider>
 */
export function SyncDevtools({
  client: given,
  driver,
  defaultOpen = false,
  isShownInProduction = false,
}: SyncDevtoolsProps) {
  const client = useSyncClient({ client: given });
  // Nothing on the server, and so nothing while hydrating.
  const [isMounted, setIsMounted] = useState(false);
  useEffect(() => setIsMounted(true), []);
  if (!isMounted || (isProduction() && !isShownInProduction)) return null;
  return (
    <Suspense fallback={null}>
      <DevtoolsPanel client={client} driver={driver} defaultOpen={defaultOpen} />
    </Suspense>
  );
}

/** Bundlers replace exactly this expression; without a bundler there is no `process`. */
function isProduction(): boolean {
  try {
    return process.env.NODE_ENV === "production";
  } catch {
    return false;
  }
}
