import { createSyncRoutes, createSyncService, type IntegrationDefinition } from "react-sync-progress/server";

const gmail: IntegrationDefinition = {
  type: "gmail",
  name: "Gmail",
  async sync(run) {
    run.update({ status: "syncing", stage: "Fetching emails...", totalItems: 3 });
    for (const item of ["Welcome", "Invoice 42", "Lunch?"]) {
      await run.checkpoint();
      run.advance({ item });
    }
  },
};

function createSyncs() {
  // Give it a store that all processes share: by default syncs are kept in memory.
  const service = createSyncService();
  const routes = createSyncRoutes({
    service,
    integrations: [gmail],
    // Your own sign-in: whose request it is, by its cookie or header, or null for nobody.
    authenticate: () => ({ tenantId: "acme", userId: "ada" }),
  });
  return { service, routes };
}

const KEY = Symbol.for("my-app.syncs");
const shared: typeof globalThis & { [KEY]?: ReturnType<typeof createSyncs> } = globalThis;

/** One for the whole process: Next evaluates this module once for each bundle that imports it, and after every edit. */
export function getSyncs() {
  shared[KEY] ??= createSyncs();
  return shared[KEY];
}
