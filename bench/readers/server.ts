import { serve } from "@hono/node-server";
import { createSyncRoutes, createSyncService } from "react-sync-progress/server";
import { engineOf, openStore } from "../../test/server/processes/open-store.js";

/** One of several servers on one store. Its sync says in its stage when it was changed. */

const { STORE_ENGINE, STORE_AT = "" } = process.env;
const CHANGES_PER_SECOND = 10;

const store = await openStore({ engine: engineOf(STORE_ENGINE), at: STORE_AT });
const service = createSyncService({ store, throttleMs: 1 });
const app = createSyncRoutes({
  service,
  authenticate: () => ({ tenantId: "bench", userId: "bench" }),
  integrations: [
    {
      type: "gmail",
      name: "Gmail",
      async sync(run) {
        run.update({ status: "syncing", totalItems: 1_000_000 });
        while (!run.signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, 1_000 / CHANGES_PER_SECOND));
          run.update({ stage: String(performance.timeOrigin + performance.now()) });
        }
      },
    },
  ],
  limits: { streamsPerUser: Number.POSITIVE_INFINITY },
});
process.on("disconnect", () => process.exit());
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => process.send?.(port));
