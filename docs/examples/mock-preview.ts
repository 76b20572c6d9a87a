import { setupWorker } from "msw/browser";
import { createMockSyncBackend, type SyncDriver } from "react-sync-progress/msw";

declare global {
  interface Window {
    /** Drives the mocked sync from a test in Playwright. */
    syncDriver?: SyncDriver;
  }
}

/** Before the app renders, in a build for tests only. */
export async function mockBackendForTests() {
  const backend = createMockSyncBackend({ scenario: "manual" });
  window.syncDriver = backend.driver;
  await setupWorker(...backend.handlers).start({ quiet: true });
}
