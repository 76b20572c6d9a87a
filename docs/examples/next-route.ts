import { createSyncRoutes, createSyncService, type SyncService } from "react-sync-progress/server";

const shared: typeof globalThis & { syncService?: SyncService } = globalThis;
shared.syncService ??= createSyncService();

const app = createSyncRoutes({
  service: shared.syncService,
  integrations: [
    {
      type: "gmail",
      name: "Gmail",
      async sync(run) {
        run.update({ totalItems: 3 });
        for (const item of ["Welcome", "Invoice 42", "Lunch?"]) {
          await run.checkpoint();
          run.advance({ item });
        }
      },
    },
  ],
  // Your own sign-in: who asks, by the request's cookie or header, or null for nobody.
  authenticate: () => ({ tenantId: "acme", userId: "ada" }),
});

export const GET = (request: Request) => app.fetch(request);
export const POST = (request: Request) => app.fetch(request);
