import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRedis } from "../server/engines/redis-server.ts";
import { CHROMIUM_ARGS, requireChromium } from "../support/find-chromium.ts";
import { freePort } from "../support/free-port.ts";
import { type DemoServer, startDemo } from "./demo-server.ts";

describe.skipIf(!hasRedis)("the demo on Redis", () => {
  let server: DemoServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startDemo(await freePort(), { script: "start-redis" });
    browser = await chromium.launch({ executablePath: requireChromium(), args: CHROMIUM_ARGS });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.end();
  });

  async function signIn(userId: string) {
    const response = await fetch(`${server.url}/api/demo/session/${userId}`, { method: "POST" });
    const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
    return (path: string, init: RequestInit = {}) =>
      fetch(`${server.url}/api${path}`, { ...init, headers: { cookie } });
  }
  const processOf = (response: Response) => response.headers.get("x-demo-process");

  async function openOutbox(name: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.getByRole("button", { name }).click();
    await page.getByRole("link", { name: "Outbox" }).click();
    return page;
  }

  it("watches in one process what runs in the other, and shows the mail to the person only", async () => {
    const call = await signIn("ada");
    const started = await call("/integrations/folder/sync", { method: "POST" });
    const { sync_id: syncId } = await started.json();
    expect((await call(`/sync-progress/${syncId}/pause`, { method: "POST" })).status).toBe(200);

    let stream = await call(`/sync-progress/${syncId}/stream`);
    if (processOf(stream) === processOf(started)) {
      await stream.body?.cancel();
      stream = await call(`/sync-progress/${syncId}/stream`);
    }
    expect([processOf(started), processOf(stream)].sort()).toEqual(["1", "2"]);
    const body = JSON.stringify({ email: true });
    expect((await call(`/sync-progress/${syncId}/notify`, { method: "PUT", body })).status).toBe(200);
    expect((await call(`/sync-progress/${syncId}/resume`, { method: "POST" })).status).toBe(200);
    expect(await stream.text()).toContain("event: complete\n");

    const ada = await openOutbox("Ada Lovelace");
    const mail = ada.frameLocator('iframe[title="Mail: Folder synced with 2 problems"]');
    await mail.getByText("Folder synced with 2 problems").first().waitFor();
    await ada.getByText("Ada Lovelace <ada@example.com>").waitFor();
    const grace = await openOutbox("Grace Hopper");
    await grace.getByText("No mail yet.").waitFor();
    expect(await grace.locator("iframe").count()).toBe(0);
    expect((await fetch(`${server.url}/api/demo/outbox`)).status).toBe(401);
  });

  it("keeps a mail from doing anything in the page", async () => {
    const page = await openOutbox("Ada Lovelace");
    const frame = page.locator("iframe");
    await frame.waitFor();
    expect(await frame.getAttribute("sandbox")).toBe("");
    expect(await frame.getAttribute("src")).toBeNull();
  });

  it("moves readers to the other process when one ends, and they see nothing of it", async () => {
    const page = await browser.newPage();
    const streams: string[] = [];
    page.on("response", (response) => {
      if (response.url().endsWith("/sync-progress/stream")) streams.push(response.headers()["x-demo-process"] ?? "");
    });
    await page.goto(server.url);
    await page.getByRole("button", { name: "Grace Hopper" }).click();
    const call = await signIn("grace");
    const start = () => call("/integrations/folder/sync", { method: "POST" });
    let started = await start();
    await page.getByRole("region", { name: "Syncs" }).getByText("running").waitFor();
    await expect.poll(() => streams.length).toBeGreaterThan(0);
    // What runs there might be interrupted: that is not what this is about.
    while (processOf(started) === streams.at(-1)) {
      await call(`/sync-progress/${(await started.json()).sync_id}/cancel`, { method: "POST" });
      started = await start();
    }
    await page.evaluate(() => {
      new MutationObserver(() => {
        if (/lost|offline|reconnecting/i.test(document.body.innerText)) document.title = "lost";
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });

    const feed = Number(streams.at(-1));
    const [, ...ids] = /in the processes (\d+) and (\d+)/.exec(server.output()) ?? [];
    process.kill(Number(ids[feed - 1]), "SIGTERM");
    await expect.poll(() => server.output(), { timeout: 30_000 }).toContain(`Process ${feed} has ended.`);
    await expect.poll(() => streams.at(-1), { timeout: 30_000 }).toBe(String(3 - feed));
    await page.getByRole("region", { name: "Syncs" }).getByText("1 with problems").waitFor({ timeout: 60_000 });
    expect(await page.title()).not.toBe("lost");
  });

  it("ends with SIGTERM when what runs has finished", async () => {
    const call = await signIn("grace");
    const { sync_id: syncId } = await (await call("/integrations/mailbox/sync", { method: "POST" })).json();
    const stream = await call(`/sync-progress/${syncId}/stream`);
    const text = stream.text();
    expect(await server.end()).toBe(0);
    // To its end, or to another process, if it was not at its end yet.
    expect(await text).toMatch(/event: complete\n|retry: \d+\n\n$/);
  });
});
