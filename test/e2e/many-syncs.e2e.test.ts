import { fileURLToPath } from "node:url";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { createSyncRoutes, createSyncService, type SyncService } from "react-sync-progress/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildPage, documentOf } from "../support/build-page.ts";
import { CHROMIUM_ARGS, requireChromium } from "../support/find-chromium.ts";
import { type RunningServer, serveFetch } from "../support/serve-fetch.ts";

/** A browser opens six connections to a server over HTTP/1.1, for all of its tabs together. */
const SYNCS = 30;
/** How many streams a client opens of a backend without a feed. */
const MAX_STREAMS = 4;

const ada = { tenantId: "acme", userId: "ada" };
/** Who is signed in. */
let scope = ada;
/** Whether the list says that there is a feed. */
let hasFeed = true;
/** How many streams the server has open. */
let openStreams = 0;
let service: SyncService;
let server: RunningServer;
let browser: Browser;
let context: BrowserContext;
let ids: string[];

beforeAll(async () => {
  const built = await buildPage(fileURLToPath(new URL("./many-syncs-page.tsx", import.meta.url)));
  service = createSyncService();
  const routes = createSyncRoutes({
    service,
    authenticate: () => scope,
    integrations: [],
    heartbeatMs: 1_000,
  });
  const app = new Hono<{ Bindings: HttpBindings }>()
    .get("/", (c) => c.html(documentOf(built)))
    .get("/page.js", (c) => c.body(built.script, 200, { "content-type": "text/javascript" }))
    .get("/ids", (c) => c.json(ids))
    .get("/plain", (c) => c.text("plain"))
    .get("/api/sync-progress", async (c) => {
      const page = await (await routes.fetch(c.req.raw)).json();
      return c.json({ ...page, feed: hasFeed });
    })
    .get("/api/sync-progress/*", (c) => {
      const { outgoing } = c.env;
      if (c.req.path.endsWith("/stream")) {
        openStreams += 1;
        outgoing.once("close", () => {
          openStreams -= 1;
        });
      }
      return routes.fetch(c.req.raw, c.env);
    })
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
  scope = ada;
  hasFeed = true;
  const started = Array.from({ length: SYNCS }, (_, index) =>
    service.run(ada, runForLong, { connectorType: `type-${index}` }),
  );
  ids = (await Promise.all(started)).map(({ syncId }) => syncId);
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  await Promise.all(ids.map((id) => service.cancel(ada, id)));
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

async function openPage(search = ""): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.url + search);
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
  const records = await Promise.all(ids.map((id) => service.get(ada, id)));
  return records.filter((record) => record?.snapshot.status === "syncing").length;
}

/** Waits until every row is live, and shows more items than a moment ago. */
async function waitUntilLive(page: Page): Promise<void> {
  await waitForEveryRow(page);
  expect(new Set(await connectionsOf(page))).toEqual(new Set(["live"]));
}

/** Waits until the server has this many streams open. */
const waitForStreams = (count: number) => expect.poll(() => openStreams, { timeout: 10_000 }).toBe(count);

/** Opens tabs of one person, and tells the one that has the connection from the others. */
async function openTabs(count: number) {
  const tabs: Page[] = [];
  let leader: Page | null = null;
  for (let index = 0; index < count; index += 1) {
    const page = await context.newPage();
    page.on("request", (request) => {
      if (request.url().endsWith("/sync-progress/stream")) leader = page;
    });
    await page.goto(server.url);
    await waitUntilLive(page);
    tabs.push(page);
  }
  if (leader === null) throw new Error("no tab has a connection");
  const first: Page = leader;
  return { leader: first, followers: tabs.filter((page) => page !== first) };
}

describe(`a page with ${SYNCS} running syncs over HTTP/1.1`, () => {
  it("keeps every row up to date by one connection", async () => {
    await waitUntilLive(await openPage());
    await waitForStreams(1);
  });

  it("leaves room for the page's own requests while all of them run", async () => {
    const page = await openPage();
    await waitUntilLive(page);
    expect(await fetchPlain(page)).toBe("plain");
    expect(await countRunning()).toBe(SYNCS);
  });

  it(`keeps every row up to date without a feed, at most ${MAX_STREAMS} of them by a stream`, async () => {
    hasFeed = false;
    const page = await openPage();
    await waitForEveryRow(page);
    const connections = await connectionsOf(page);
    expect(connections.filter((connection) => connection === "live").length).toBeLessThanOrEqual(MAX_STREAMS);
    expect(connections).toContain("live");
    expect(connections).toContain("polling");
    expect(await fetchPlain(page)).toBe("plain");
  });

  it.each([
    ["first", 0],
    ["last", SYNCS - 1],
  ])("cancels the %s of them", async (_, row) => {
    const page = await openPage();
    await waitUntilLive(page);
    await page.locator("li").nth(row).getByRole("button").click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel sync" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
    await page.getByRole("dialog").getByRole("heading", { name: "cancelled" }).waitFor();
    expect(await countRunning()).toBe(SYNCS - 1);
  });
});

describe("five tabs of one person", () => {
  it("have one connection in all, and room for other requests", async () => {
    const { leader, followers } = await openTabs(5);
    await waitForStreams(1);
    for (const page of [leader, ...followers]) {
      await waitUntilLive(page);
      expect(await fetchPlain(page)).toBe("plain");
    }
  });

  it("see in all what is cancelled in one", async () => {
    const { followers } = await openTabs(3);
    await service.cancel(ada, ids[3] ?? "");
    for (const page of followers)
      await page.locator("li").nth(3).and(page.locator("[data-status=cancelled]")).waitFor();
  });

  it.each([
    ["closes", (leader: Page) => leader.close()],
    ["crashes", (leader: Page) => crash(leader)],
    ["hangs", async (leader: Page) => void leader.evaluate(hang).catch(() => {})],
    ["goes to another page", (leader: Page) => leader.goto(`${server.url}/plain`)],
  ])("go on when the one that has the connection %s", async (_, end) => {
    const { leader, followers } = await openTabs(5);
    await end(leader);
    for (const page of followers) await waitUntilLive(page);
    await waitForStreams(1);
  });

  it("come to one connection when all are opened at once", async () => {
    const pages = await Promise.all(Array.from({ length: 5 }, () => openPage()));
    for (const page of pages) await waitUntilLive(page);
    await waitForStreams(1);
  });

  it("have their own connections if they do not share", async () => {
    const pages = [await openPage("?shareTabs=false"), await openPage("?shareTabs=false")];
    for (const page of pages) await waitUntilLive(page);
    await waitForStreams(2);
  });

  it("never show another person's syncs after somebody else has signed in", async () => {
    const { leader, followers } = await openTabs(3);
    scope = { tenantId: "acme", userId: "ben" };
    for (const page of [leader, ...followers]) {
      await page.waitForFunction(
        (count) => document.querySelectorAll("li[data-error=not-found], li[data-error=unauthorized]").length === count,
        SYNCS,
      );
    }
  });
});

async function crash(page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  // A page that has crashed does not respond.
  void session.send("Page.crash").catch(() => {});
}

/** Keeps the page from doing anything else for 8 s. */
function hang(): void {
  for (const until = Date.now() + 8_000; Date.now() < until; );
}
