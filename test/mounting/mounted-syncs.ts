import { EventSource } from "eventsource";
import { SyncClient } from "../../src/client/sync-client.js";
import type { SyncView } from "../../src/client/sync-view.js";
import { createSyncService } from "../../src/server/create-sync-service.js";
import type { SyncRequestContext } from "../../src/server/integration-definition.js";
import { createSyncRoutes, type SyncRoutesOptions } from "../../src/server/sync-routes.js";
import type { SyncRun } from "../../src/server/sync-run.js";

/** Routes with an integration whose job the test drives. */
export function aSyncApp(options: Partial<SyncRoutesOptions> = {}) {
  const service = createSyncService({ notices: { email: {} } });
  const works: { run: SyncRun; context: SyncRequestContext; finish: () => void }[] = [];
  const routes = createSyncRoutes({
    service,
    authenticate: () => ({ tenantId: "acme", userId: "ada" }),
    heartbeatMs: 50,
    limits: { resumeMs: 1 },
    integrations: [
      {
        type: "gmail",
        name: "Gmail",
        sync(run, context) {
          const work = Promise.withResolvers<void>();
          works.push({ run, context, finish: work.resolve });
          return work.promise;
        },
      },
    ],
    ...options,
  });
  const lastWork = () => {
    const work = works.at(-1);
    if (work === undefined) throw new Error("No job has started.");
    return work;
  };
  return { service, routes, lastWork };
}

/** The real client, with the event source of Node. */
export function aNodeClient(baseUrl: string) {
  return new SyncClient({ baseUrl, createEventSource: (url) => new EventSource(url) });
}

/** Follows a sync with a client: every view of it, and the latest. */
export function follow(client: SyncClient, syncId: string) {
  const views: SyncView[] = [];
  const unsubscribe = client.subscribe(syncId, () => {
    const view = client.getView(syncId);
    if (view !== undefined) views.push(view);
  });
  return { views, view: () => client.getView(syncId), unsubscribe };
}
