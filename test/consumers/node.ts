import assert from "node:assert/strict";
import { readEntries } from "./entries.ts";
import type { Consumer } from "./workspace.ts";

/** What the entries need. */
const PEERS = [
  "nodemailer@10",
  "react@19",
  "react-dom@19",
  "hono@4",
  "@hono/node-server@2",
  "jose@6",
  "bullmq@6",
  "msw@3",
];

/**
 * Imports and requires every entry in plain Node, with warnings as errors, and plays a sync with a client and a server
 * that are required.
 */
export const useNode: Consumer = async (workspace) => {
  workspace.write("package.json", JSON.stringify({ name: "app", private: true }));
  workspace.install(...PEERS, "redis@6", "@opentelemetry/api@1", "eventsource");
  const entries = readEntries(workspace.folder);
  for (const entry of entries) {
    // Node warns that its SQLite is experimental; that is no warning of ours.
    const flags = ["--throw-deprecation", "--disable-warning=ExperimentalWarning"];
    const required = workspace.run("node", ...flags, "-e", `console.log(Object.keys(require("${entry}")).length)`);
    const script = `console.log(Object.keys(await import("${entry}")).length)`;
    const imported = workspace.run("node", ...flags, "--input-type=module", "-e", script);
    assert.equal(required, imported, entry);
    assert(Number(required) > 0, entry);
  }
  workspace.copyExamples(".", "syncs.ts");
  workspace.write("play.cjs", PLAY);
  workspace.write("play.mjs", PLAY.replace(/const (.*) = require\((.*)\);/g, "import $1 from $2;"));
  for (const file of ["play.cjs", "play.mjs"]) assert.equal(workspace.run("node", file).trim(), "complete 3", file);
  return `${entries.length} entries, imported and required`;
};

const PLAY = `
  const { EventSource } = require("eventsource");
  const { SyncClient } = require("react-sync-progress/headless");
  const { createSyncRoutes, createSyncService } = require("react-sync-progress/server");
  const { toNodeHandler } = require("react-sync-progress/server/node");
  const { createServer } = require("node:http");
  const gmail = {
    type: "gmail",
    name: "Gmail",
    async sync(run) {
      run.update({ status: "syncing", totalItems: 3 });
      for (const item of ["a", "b", "c"]) run.advance({ item });
    },
  };
  const service = createSyncService();
  const authenticate = () => ({ tenantId: "acme", userId: "ada" });
  const routes = createSyncRoutes({ service, integrations: [gmail], authenticate });
  const server = createServer(toNodeHandler(routes)).listen(0, async () => {
    const baseUrl = "http://localhost:" + server.address().port + "/api";
    const client = new SyncClient({ baseUrl, createEventSource: (url) => new EventSource(url) });
    const syncId = await client.startSync("gmail");
    client.subscribe(syncId, async () => {
      const view = client.getView(syncId);
      if (!view?.isTerminal) return;
      console.log(view.status, view.snapshot.processedItems);
      client.close();
      await service.close();
      server.closeAllConnections();
      server.close();
    });
  });
`;
