import { setupWorker } from "msw/browser";

/** The page's one service worker; each story puts its backend's handlers into it. */
export const mockWorker = setupWorker();

/** The worker must be there before the first EventSource is opened. */
export const mockWorkerStarted = mockWorker.start({ quiet: true });
