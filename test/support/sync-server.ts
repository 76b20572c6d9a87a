import { createParser, type EventSourceMessage } from "eventsource-parser";
import { afterEach, expect, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createSyncRoutes, type SyncRoutesOptions } from "../../src/server/sync-routes.js";
import type { SyncRun } from "../../src/server/sync-run.js";
import { type RunningServer, serveFetch } from "./serve-fetch.js";

const servers: RunningServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** What serves the routes: Node, whose responses they may write to themselves, or a host that has only `Response`. */
export const HOSTS = ["node", "fetch"] as const;
export type Host = (typeof HOSTS)[number];

/** A real server with one integration, whose job the test drives. */
export async function startSyncServer(options: Partial<SyncRoutesOptions> = {}, host: Host = "node") {
  const service = createSyncService();
  const runs: { run: SyncRun; finish: () => void; crash: (error: unknown) => void; onlyFailed: unknown }[] = [];
  const app = createSyncRoutes({
    service,
    authenticate: (request) => {
      const [tenantId, userId] = (request.headers.get("x-user") ?? "").split("/");
      return tenantId && userId ? { tenantId, userId } : null;
    },
    integrations: [
      {
        type: "gmail",
        name: "Gmail",
        sync(run, { onlyFailed }) {
          const work = Promise.withResolvers<void>();
          runs.push({ run, finish: work.resolve, crash: work.reject, onlyFailed });
          return work.promise;
        },
      },
    ],
    ...options,
  });
  const server = await serveFetch(host === "node" ? app.fetch : (request) => app.fetch(request));
  servers.push(server);

  const call = (path: string, init: RequestInit & { user?: string } = {}) =>
    fetch(`${server.url}/api${path}`, { ...init, headers: { "x-user": init.user ?? "acme/ada", ...init.headers } });
  const start = async () => {
    const { sync_id: syncId } = await (await call("/integrations/gmail/sync", { method: "POST" })).json();
    await vi.waitFor(() => expect(runs.length).toBeGreaterThan(0));
    const work = runs.at(-1);
    if (work === undefined) throw new Error("the job has not started");
    return { syncId: String(syncId), ...work };
  };
  return { service, app, url: server.url, streams: server.streams, call, start };
}

/** Reads a stream's events to its end. */
export async function readEvents(response: Response, onEvent: (event: EventSourceMessage) => void = () => {}) {
  const events: EventSourceMessage[] = [];
  const retries: number[] = [];
  const parser = createParser({
    onEvent: (event) => {
      events.push(event);
      onEvent(event);
    },
    onRetry: (ms) => retries.push(ms),
  });
  const decoder = new TextDecoder();
  if (response.body !== null)
    for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
  return { events, retries };
}
