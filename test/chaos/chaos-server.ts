import { setTimeout as wait } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createEmailNotifier } from "../../src/server/email/email-notifier.js";
import { SyncJobError } from "../../src/server/sync-job-error.js";
import { createSyncRoutes } from "../../src/server/sync-routes.js";
import type { SyncRun } from "../../src/server/sync-run.js";
import { engineOf, openStore } from "../server/processes/open-store.js";
import { markOf, PLANNED_ERROR, SYNC_PLANS, type SyncPlan } from "./sync-plans.js";

/** A whole server, as an application has one: syncs, routes and mails. It is killed without warning. */

/** What it reports to its parent. */
export type ServerReport =
  | { readonly is: "ready"; readonly port: number }
  | { readonly is: "error"; readonly text: string }
  | { readonly is: "memory"; readonly bytes: number };

const { STORE_ENGINE, STORE_AT = "", STEP_MS, SMTP_CA = "", SERVER_NAME = "" } = process.env;
const report = (message: ServerReport) => void process.send?.(message);
const onError = (error: unknown) => report({ is: "error", text: String(error) });
const stepMs = Number(STEP_MS);

async function sync(run: SyncRun, { items, failedItems, end }: SyncPlan, mark: string): Promise<void> {
  const first = typeof run.resumedFrom === "number" ? run.resumedFrom : 0;
  run.update({ status: "syncing", totalItems: items, stage: `Syncing for ${mark}` });
  for (let index = first; index < items; index += 1) {
    await wait(stepMs * (0.5 + Math.random()), undefined, { signal: run.signal });
    const item = `item ${index} of ${mark}`;
    if (index >= items - failedItems) run.fail({ item, reason: "broken" });
    else run.advance({ item });
    await run.checkpoint(index + 1);
  }
  if (end === "error") throw new SyncJobError("It was to fail.", { code: PLANNED_ERROR });
}

const store = await openStore({ engine: engineOf(STORE_ENGINE), at: STORE_AT });
const integrations = SYNC_PLANS.map((plan) => ({
  type: plan.type,
  name: plan.type,
  sync: (run: SyncRun, { scope }: { readonly scope: { readonly tenantId: string; readonly userId: string } }) =>
    sync(run, plan, markOf(scope)),
}));
const service = createSyncService({ store, leaseMs: 2_000, notices: { email: {} }, onError });
createEmailNotifier({
  store,
  integrations,
  // The name of the sender says which process has sent a mail.
  smtp: { host: "127.0.0.1", port: Number(process.env["SMTP_PORT"]), ca: SMTP_CA, fromName: SERVER_NAME },
  recipient: ({ tenantId, userId }) => ({ address: `${userId}@${tenantId}.example`, name: userId, locale: "en" }),
  pollMs: 500,
  attemptTimeoutMs: 10_000,
  onError,
});
const app = createSyncRoutes({
  service,
  integrations,
  authenticate(request) {
    const [tenantId, userId] = (request.headers.get("x-user") ?? "").split("/");
    if (!tenantId || !userId) return null;
    return { tenantId, userId, displayName: markOf({ tenantId, userId }) };
  },
  limits: { streamsPerUser: 1_000, startsPerMinute: Number.POSITIVE_INFINITY },
  onError,
});
process.on("disconnect", () => process.exit());
await service.recover();
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => report({ is: "ready", port }));
setInterval(() => report({ is: "memory", bytes: process.memoryUsage.rss() }), 1_000);
