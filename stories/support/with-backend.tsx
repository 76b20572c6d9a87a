import type { Decorator } from "@storybook/react-vite";
import { type ComponentType, useEffect } from "react";
import { SyncClient, type SyncClientOptions, SyncProvider } from "react-sync-progress";
import { createMockSyncBackend, type MockSyncBackend, type MockSyncBackendOptions } from "react-sync-progress/msw";
import { mockWorker, mockWorkerStarted } from "./mock-worker.js";

/** What a story on the mocked backend is given. */
export interface BackendContext {
  readonly backend: MockSyncBackend;
  readonly client: SyncClient;
  /** A sync that has been started; `null` where the story starts none. */
  readonly syncId: string | null;
}

let openBackend: MockSyncBackend | null = null;

/** Puts a mocked backend of its own behind the story, and starts a sync by default. */
export function withBackend(
  options: MockSyncBackendOptions = {},
  {
    starts = true,
    client: clientOptions = {},
  }: { readonly starts?: boolean; readonly client?: SyncClientOptions } = {},
): () => Promise<BackendContext> {
  return async () => {
    await openBackend?.close();
    const backend = createMockSyncBackend(options);
    openBackend = backend;
    await mockWorkerStarted;
    mockWorker.resetHandlers();
    mockWorker.use(...backend.handlers);
    // Stories that are open at the same time have a backend each.
    const client = new SyncClient({ baseUrl: options.baseUrl ?? "/api", shareTabs: false, ...clientOptions });
    const syncId = starts ? await backend.startSync() : null;
    return { backend, client, syncId };
  };
}

/** Gives the story's client to the components. */
export const provideClient: Decorator = (Story, { loaded }) => (
  <Provided client={loaded["client"]} Story={Story as ComponentType} />
);

function Provided({ client, Story }: { readonly client: SyncClient; readonly Story: ComponentType }) {
  useEffect(() => () => client.close(), [client]);
  return (
    <SyncProvider client={client}>
      <Story />
    </SyncProvider>
  );
}
