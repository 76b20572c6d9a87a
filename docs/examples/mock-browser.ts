import { setupWorker } from "msw/browser";
import { createMockSyncBackend } from "react-sync-progress/msw";

/** Before the app renders: the worker must be there before the first stream is opened. */
export async function mockBackend() {
  const backend = createMockSyncBackend({ scenario: "happyPath" });
  await setupWorker(...backend.handlers).start();
}
