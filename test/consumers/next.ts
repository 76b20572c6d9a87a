import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { EventSource } from "eventsource";
import { playSync, withServer } from "./play-sync.ts";
import { type Consumer, readExample, type Workspace } from "./workspace.ts";

/**
 * Puts the package into a new Next application with create-next-app's defaults, with nothing but the README's examples,
 * builds it, plays a sync in Chromium, and follows one that another bundle has started.
 */
export const useNext: Consumer = async (workspace) => {
  workspace.run("npx", "--yes", "create-next-app@16", ".", "--yes", "--use-npm", "--disable-git");
  workspace.install("hono");
  writePages(workspace);
  workspace.run("npx", "next", "build");
  await withServer(workspace.folder, ["npx", "next", "start"], async (url) => {
    // The page shows a sync that does not exist as well.
    await playSync(url, (source) => /\/api\/sync-progress\/a\b/.test(source));
    await followSync(url, workspace.folder);
  });
  return "Next 16 App Router, create-next-app's defaults";
};

function writePages({ write, copyExamples }: Workspace): void {
  // The default layout downloads a font.
  const layout = "export default ({ children }: LayoutProps<'/'>) => <html lang='en'><body>{children}</body></html>;\n";
  write("app/layout.tsx", layout);
  copyExamples("app", "drop-in.tsx", "cards.tsx", "headless.tsx", "parts.tsx", "german.tsx");
  write(
    "app/page.tsx",
    `import { Sources } from "./cards";
     import { SyncButton } from "./drop-in";
     import { SyncStatus } from "./headless";
     import { InlineProgress } from "./parts";
     export default () => <><SyncButton /><Sources /><SyncStatus syncId="a" /><InlineProgress syncId="a" /></>;\n`,
  );
  write("lib/syncs.ts", readExample("syncs.ts"));
  write("app/api/[...path]/route.ts", withAlias("next-route.ts"));
  write("instrumentation.ts", withAlias("next-instrumentation.ts"));
  // Bundles of their own, which share the service with that of the routes.
  write("app/begin/route.ts", BEGIN);
  write("app/stats/route.ts", STATS);
}

function withAlias(example: string): string {
  return readExample(example).replace('"./syncs"', '"@/lib/syncs"');
}

/** Starts a sync that lasts until somebody cancels it. */
const BEGIN = `
  import { getSyncs } from "@/lib/syncs";
  export async function POST() {
    const { syncId } = await getSyncs().service.run(
      { tenantId: "acme", userId: "ada" },
      (run) => new Promise((resolve) => {
        run.update({ stage: "Started by another bundle", totalItems: 1 });
        run.signal.addEventListener("abort", () => resolve());
      }),
    );
    return Response.json({ syncId });
  }
`;

const STATS = `
  import { getSyncs } from "@/lib/syncs";
  export const POST = () => Response.json(getSyncs().service.stats());
`;

/** Resolves when something holds. */
async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    assert(Date.now() < deadline, what);
    await setTimeout(20);
  }
}

/** The real client follows a sync that another bundle has started, cancels it, and leaves. */
async function followSync(url: string, folder: string): Promise<void> {
  const entry = pathToFileURL(join(folder, "node_modules/react-sync-progress/dist/headless.js"));
  const { SyncClient }: typeof import("react-sync-progress/headless") = await import(entry.href);
  const client = new SyncClient({ baseUrl: `${url}/api`, createEventSource: (at) => new EventSource(at) });
  const readStats = async () => (await fetch(`${url}/stats`, { method: "POST" })).json();
  const { syncId } = await (await fetch(`${url}/begin`, { method: "POST" })).json();
  const unsubscribe = client.subscribe(syncId, () => {});
  const view = () => client.getView(syncId);
  await until("the stream is live", () => view()?.connection === "live");
  assert.equal(view()?.snapshot?.stage, "Started by another bundle");
  assert.equal((await readStats()).activeSyncs, 1);
  await client.cancel(syncId);
  await until("the client has the end", () => view()?.status === "cancelled");
  unsubscribe();
  client.close();
  // A feed is followed for half a minute longer, in case its reader comes back.
  const other = await (await fetch(`${url}/begin`, { method: "POST" })).json();
  const leaving = await fetch(`${url}/api/sync-progress/${other.syncId}/stream`);
  const before = (await readStats()).subscribers;
  await leaving.body?.cancel();
  await until("the stream has ended at the server", async () => (await readStats()).subscribers < before);
}
