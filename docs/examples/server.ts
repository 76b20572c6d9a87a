import { serve } from "@hono/node-server";
import { createSyncRoutes, createSyncService, type IntegrationDefinition } from "react-sync-progress/server";

const mails = ["Welcome", "Invoice 42", "Lunch?"];

const gmail: IntegrationDefinition = {
  type: "gmail",
  name: "Gmail",
  async sync(run) {
    run.update({ status: "syncing", stage: "Fetching emails...", totalItems: mails.length });
    for (const subject of mails) {
      await run.checkpoint(); // Waits while the sync is paused, and throws when it is cancelled.
      if (subject === "Invoice 42") run.fail({ item: subject, reason: "The attachment is too large." });
      else run.advance({ item: subject });
    }
  },
};

const service = createSyncService({ onError: (error) => process.stderr.write(`${String(error)}\n`) });
const app = createSyncRoutes({
  service,
  integrations: [gmail],
  // Your own sign-in: who asks, by the request's cookie or header, or null for nobody. Here everybody is Ada.
  authenticate: () => ({ tenantId: "acme", userId: "ada" }),
});

export function listen(port: number) {
  return serve({ fetch: app.fetch, port });
}
