import { setupWorker } from "msw/browser";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { SyncClient } from "../../src/client/sync-client.js";
import type { SyncClientOptions } from "../../src/client/sync-client-options.js";
import {
  createMockSyncBackend,
  type MockSyncBackend,
  type MockSyncBackendOptions,
} from "../../src/msw/mock-sync-backend.js";

/** Registers a service worker for the test file, and gives each test backends of its own behind it. */
export function setUpMockBackends() {
  const worker = setupWorker();
  const open: { close(): unknown }[] = [];

  beforeAll(async () => {
    await worker.start({ quiet: true });
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
    worker.resetHandlers();
  });
  afterAll(() => {
    worker.stop();
  });

  return {
    /** A mocked backend and a client of it; `streams` counts the streams that were ever opened, each of one sync. */
    start(options: MockSyncBackendOptions = {}, clientOptions: SyncClientOptions = {}): Started {
      const backend = createMockSyncBackend({ scenario: "manual", ...options });
      worker.use(...backend.handlers);
      const subscribe = vi.spyOn(backend.service, "subscribe");
      // One that is refused, for a sync that does not exist, is no stream.
      const streams = () =>
        subscribe.mock.calls.filter(
          ([, subject], index) => subject !== "all" && subscribe.mock.settledResults[index]?.value !== null,
        ).length;
      const client = new SyncClient({ keepAliveMs: 20, feed: false, ...clientOptions });
      open.push(backend, client);
      return { backend, client, streams };
    },
  };
}

export interface Started {
  readonly backend: MockSyncBackend;
  readonly client: SyncClient;
  readonly streams: () => number;
}
