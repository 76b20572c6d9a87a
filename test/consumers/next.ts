import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { EventSource } from "eventsource";
import { chromium } from "playwright";
import { freePort } from "../e2e/demo-server.ts";
import { CHROMIUM_ARGS, requireChromium } from "../support/find-chromium.ts";

/**
 * Puts the packed package into a new Next application with create-next-app's defaults, with nothing but the README's
 * examples, builds it, plays a sync in Chromium, and follows one that another bundle has started. `npm run test:consumers`; needs the npm registry, which is why
 * `npm test` does not run it.
 */

const project = fileURLToPath(new URL("../..", import.meta.url));
const examples = join(project, "docs/examples");
const folder = mkdtempSync(join(tmpdir(), "next-consumer-"));
const app = join(folder, "app");

const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    env: { ...process.env, CI: "true", NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: "1" },
  });

function step(title: string): void {
  process.stdout.write(`> ${title}\n`);
}

function createApp(): void {
  run("npx", ["--yes", "create-next-app@16", "app", "--yes", "--use-npm", "--disable-git"], folder);
  run("tsup", ["--silent"], project);
  run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], project);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  assert(tarball !== undefined);
  run("npm", ["install", "--no-audit", "--no-fund", join(folder, tarball), "hono"], app);
}

function writePages(): void {
  const pages = join(app, "app");
  // The default layout downloads a font.
  const layout = "export default ({ children }: LayoutProps<'/'>) => <html lang='en'><body>{children}</body></html>;\n";
  writeFileSync(join(pages, "layout.tsx"), layout);
  const components = readdirSync(examples).filter((name) => /^(drop-in|cards|headless|parts|german)\.tsx$/.test(name));
  for (const name of components) copyFileSync(join(examples, name), join(pages, name));
  writeFileSync(
    join(pages, "page.tsx"),
    `import { Sources } from "./cards";
     import { SyncButton } from "./drop-in";
     import { SyncStatus } from "./headless";
     import { InlineProgress } from "./parts";
     export default () => <><SyncButton /><Sources /><SyncStatus syncId="a" /><InlineProgress syncId="a" /></>;\n`,
  );
  write("lib/syncs.ts", readExample("syncs.ts"));
  write("app/api/[...path]/route.ts", readExample("next-route.ts"));
  write("instrumentation.ts", readExample("next-instrumentation.ts"));
  // Bundles of their own, which share the service with that of the routes.
  write("app/begin/route.ts", BEGIN);
  write("app/stats/route.ts", STATS);
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

function readExample(name: string): string {
  return readFileSync(join(examples, name), "utf8").replace('"./syncs"', '"@/lib/syncs"');
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(app, path)), { recursive: true });
  writeFileSync(join(app, path), text);
}

/** Resolves when something holds. */
async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    assert(Date.now() < deadline, what);
    await setTimeout(20);
  }
}

/** The real client follows a sync that another bundle has started, cancels it, and leaves. */
async function followSync(url: string): Promise<void> {
  const entry = pathToFileURL(join(app, "node_modules/react-sync-progress/dist/headless.js"));
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

async function playSync(url: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: requireChromium(), args: CHROMIUM_ARGS });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      // The page shows a sync that does not exist as well.
      const isExpected = /\/api\/sync-progress\/a\b/.test(message.location().url);
      if (message.type() === "error" && !isExpected) problems.push(message.text());
    });
    await page.goto(url);
    await page.getByRole("button", { name: "Sync Gmail" }).click();
    await page.getByRole("dialog").getByRole("heading", { name: "Gmail is up to date" }).waitFor();
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
}

try {
  step("create-next-app");
  createApp();
  writePages();
  step("next build");
  run("npx", ["next", "build"], app);
  step("next start, and a sync");
  const port = await freePort();
  const server = spawn("npx", ["next", "start", "-p", String(port)], { cwd: app, detached: true, stdio: "pipe" });
  try {
    for await (const text of server.stdout) if (String(text).includes("Ready")) break;
    await playSync(`http://localhost:${port}`);
    await followSync(`http://localhost:${port}`);
  } finally {
    if (server.pid !== undefined && server.exitCode === null) {
      process.kill(-server.pid, "SIGKILL");
      await once(server, "exit");
    }
  }
  process.stdout.write("The README's examples build and run in a new Next application.\n");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
