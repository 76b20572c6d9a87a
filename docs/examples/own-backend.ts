import {
  httpTransport,
  type MapSnapshot,
  pollingTransport,
  SyncClient,
  webSocketTransport,
} from "react-sync-progress/headless";

/** What this backend says of a job: none of it in our words. */
interface Job {
  readonly jobId: string;
  readonly state: "waiting" | "working" | "done" | "broken";
  readonly progress?: { readonly done: number; readonly of: number };
  readonly problem?: string;
}

const STATUS = { waiting: "queued", working: "syncing", done: "complete", broken: "error" } as const;

const mapSnapshot: MapSnapshot = (value) => {
  const job = value as Job;
  return {
    syncId: job.jobId,
    status: STATUS[job.state],
    totalItems: job.progress?.of,
    processedItems: job.progress?.done,
    errorMessage: job.problem,
  };
};

/** A status endpoint, requested every five seconds. */
export const polled = new SyncClient({
  transport: pollingTransport({
    getStatus: (id, signal) => fetch(`/jobs/${id}`, { signal }),
    mapSnapshot,
    intervalMs: 5_000,
  }),
});

/** Messages over a WebSocket; commands and the rest by HTTP. */
export const live = new SyncClient({
  transport: {
    ...httpTransport({ baseUrl: "/api", mapSnapshot, capabilities: ["cancel"] }),
    ...webSocketTransport({ url: (id) => `wss://example.com/jobs/${id}`, mapSnapshot }),
  },
});
