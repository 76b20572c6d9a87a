import { fileURLToPath } from "node:url";
import { Hono } from "hono";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { createSyncRoutes, createSyncService, type SyncService } from "react-sync-progress/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildPage, documentOf } from "../support/build-page.ts";
import { CHROMIUM_ARGS, requireChromium } from "../support/find-chromium.ts";
import { type RunningServer, serveFetch } from "../support/serve-fetch.ts";

/** A browser opens six connections to a server over HTTP/1.1, for all of its tabs together. */
const SYNCS = 30;
const MAX_STREAMS = 4;

const scope = { tenantId: "acme", userId: "ada" };
let service: SyncService;
let server: RunningServer;
let browser: Browser;
let context: BrowserContext;
let ids: string[];

beforeAll(async () => {
  const built = await buildPage(fileURLToPath(new URL("./many-syncs-page.tsx", import.meta.url)));
  service = createSyncService();
  const routes = createSyncRoutes({ service, authenticate: () => scope, integrations: [] });
  const app = new Hono()
    .get("/", (c) => c.html(documentOf(built)))
    .get("/page.js", (c) => c.body(built.script, 200, { "content-type": "text/javascript" }))
    .get("/ids", (c) => c.json(ids))
    .get("/plain", (c) => c.text("plain"))
    .all("/api/*", (c) => routes.fetch(c.req.raw));
  server = await serveFetch(app.fetch);
  browser = await chromium.launch({ executablePath: requireChromium(), args: CHROMIUM_ARGS });
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
  await server?.close();
});

beforeEach(async () => {
  const started = Array.from({ length: SYNCS }, (_, index) =>
    service.run(scope, runForLong, { connectorType: `type-${index}` }),
  );
  ids = (await Promise.all(started)).map(({ syncId }) => syncId);
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  await Promise.all(ids.map((id) => service.cancel(scope, id)));
});

/** Reports until it is cancelled. */
async function runForLong(run: Parameters<Parameters<SyncService["run"]>[1]>[0]): Promise<void> {
  run.update({ status: "syncing", totalItems: 1_000_000 });
  for (;;) {
    await run.checkpoint();
    run.advance();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function openPage(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.url);
  return page;
}

const connectionsOf = (page: Page) =>
  page.locator("li").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-connection")));
const itemsOf = (page: Page) =>
  page.locator("li").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-items"))));

/** Waits until every row is live or polled, and shows more items than a moment ago. */
async function waitForEveryRow(page: Page): Promise<void> {
  await page.waitForFunction(
    (count) => document.querySelectorAll("li:is([data-connection=live], [data-connection=polling])").length === count,
    SYNCS,
  );
  const before = await itemsOf(page);
  await expect
    .poll(async () => (await itemsOf(page)).every((items, row) => items > (before[row] ?? 0)), { timeout: 20_000 })
    .toBe(true);
}

const fetchPlain = (page: Page) => page.evaluate(async () => (await fetch("/plain")).text());

async function countRunning(): Promise<number> {
  const records = await Promise.all(ids.map((id) => service.get(scope, id)));
  return records.filter((record) => record?.snapshot.status === "syncing").length;
}

describe(`a page with ${SYNCS} running syncs over HTTP/1.1`, () => {
  it(`keeps every row up to date, at most ${MAX_STREAMS} of them by a stream`, async () => {
    const page = await openPage();
    await waitForEveryRow(page);
    const connections = await connectionsOf(page);
    expect(connections.filter((connection) => connection === "live").length).toBeLessThanOrEqual(MAX_STREAMS);
    expect(connections).toContain("live");
    expect(connections).toContain("polling");
  });

  it("leaves room for the page's own requests while all of them run", async () => {
    const page = await openPage();
    await waitForEveryRow(page);
    expect(await fetchPlain(page)).toBe("plain");
    expect(await countRunning()).toBe(SYNCS);
  });

  it("lets a second tab load", async () => {
    await waitForEveryRow(await openPage());
    const second = await openPage();
    await second
      .locator("li")
      .nth(SYNCS - 1)
      .waitFor();
    expect(await countRunning()).toBe(SYNCS);
  });

  it.each([
    ["first", 0],
    ["last", SYNCS - 1],
  ])("cancels the %s of them", async (_, row) => {
    const page = await openPage();
    await waitForEveryRow(page);
    await page.locator("li").nth(row).getByRole("button").click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel sync" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
    await page.getByRole("dialog").getByRole("heading", { name: "cancelled" }).waitFor();
    expect(await countRunning()).toBe(SYNCS - 1);
  });
});
