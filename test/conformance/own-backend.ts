import { setTimeout as wait } from "node:timers/promises";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { SyncJobError } from "../../src/server/sync-job-error.js";
import { createSyncRoutes } from "../../src/server/sync-routes.js";
import type { SyncRun } from "../../src/server/sync-run.js";
import { serveFetch } from "../support/serve-fetch.js";
import type { Backend, Feature } from "./backend.js";
import { ADA, EXAMPLE_FEATURES, GRACE, ORIGIN, type RunningBackend, TYPES } from "./example-backends.js";

export const OWN_FEATURES: ReadonlySet<Feature> = new Set([
  ...EXAMPLE_FEATURES,
  "feed",
  "pause",
  "retry",
  "log",
  "connections",
]);

const PEOPLE: Readonly<Record<string, { readonly tenantId: string; readonly userId: string }>> = {
  [ADA.cookie]: { tenantId: "acme", userId: "ada" },
  [GRACE.cookie]: { tenantId: "globex", userId: "grace" },
};

/** Starts our own server half, with a memory store, on Node. */
export async function startOwnBackend(): Promise<RunningBackend> {
  const service = createSyncService();
  const app = createSyncRoutes({
    service,
    authenticate: (request) => PEOPLE[request.headers.get("cookie") ?? ""] ?? null,
    cors: { origin: ORIGIN },
    heartbeatMs: 300,
    limits: { startsPerMinute: Number.POSITIVE_INFINITY },
    integrations: [
      { type: TYPES.complete, name: "Gmail", sync: (run) => syncItems(run, 20, 50) },
      { type: TYPES.partlyFailed, name: "Drive", sync: (run) => syncItems(run, 9, 50, (item) => item % 3 === 0) },
      { type: TYPES.endless, name: "Archive", sync: (run) => syncItems(run, 1_000, 100) },
      {
        type: TYPES.failed,
        name: "CRM",
        async sync(run) {
          await syncItems(run, 5, 50);
          throw new SyncJobError("The access to your CRM has expired.", { code: "expired" });
        },
      },
    ],
  });
  const server = await serveFetch(app.fetch);
  const backend: Backend = {
    baseUrl: `${server.url}/api`,
    offers: OWN_FEATURES,
    ada: ADA,
    grace: GRACE,
    types: TYPES,
    origin: ORIGIN,
    countConnections: () => server.streams.size,
  };
  return {
    backend,
    async stop() {
      await server.close();
      await service.close();
    },
  };
}

async function syncItems(run: SyncRun, items: number, paceMs: number, isFailing = (_item: number) => false) {
  run.update({ status: "syncing", stage: "Fetching...", totalItems: items });
  for (let number = 1; number <= items; number += 1) {
    await wait(paceMs, undefined, { signal: run.signal });
    await run.checkpoint();
    const item = `Item ${number}`;
    if (isFailing(number)) run.fail({ item, reason: "It is too large." });
    else run.advance({ item });
  }
}
