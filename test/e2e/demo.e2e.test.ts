import { execFile } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHROMIUM_ARGS, requireChromium } from "../support/find-chromium.ts";
import { freePort } from "../support/free-port.ts";
import { type DemoServer, startDemo } from "./demo-server.ts";

const run = promisify(execFile);

let port: number;
let server: DemoServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  port = await freePort();
  server = await startDemo(port);
  browser = await chromium.launch({ executablePath: requireChromium(), args: CHROMIUM_ARGS });
});
afterAll(async () => {
  await browser?.close();
  await server?.kill();
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1100, height: 760 } });
  page = await context.newPage();
});
afterEach(() => context.close());

const cardOf = (name: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
const dialog = () => page.getByRole("dialog");
/** Waits: the failed items are fetched when the sync is over. */
const says = (words: string) => dialog().getByText(words).first().waitFor();

async function signIn(name: "Ada Lovelace" | "Grace Hopper"): Promise<void> {
  await page.goto(server.url);
  await page.getByRole("button", { name }).click();
  await cardOf("Folder").waitFor();
}

async function search(words: string): Promise<string> {
  await page.getByRole("searchbox").fill(words);
  await page.getByRole("status").filter({ hasText: /found/i }).first().waitFor();
  return page.locator("main").innerText();
}

/** Cookies of a person, for requests beside the page. */
async function cookieOf(userId: string): Promise<string> {
  const response = await fetch(`${server.url}/api/demo/session/${userId}`, { method: "POST" });
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

describe("a new user", () => {
  it("syncs the folder, sees what failed, and finds what was synced", async () => {
    await signIn("Ada Lovelace");
    await cardOf("Folder").getByRole("button", { name: "Sync now" }).click();
    await dialog().getByRole("heading", { name: "Folder synced with 2 problems" }).waitFor();
    await says("demo/data/folder/old-encoding.txt");
    await says("The text is not valid UTF-8.");
    await says("The file is missing: the link leads nowhere.");

    const count = /([\d,]+) of ([\d,]+) items synced/.exec(await dialog().innerText());
    const [synced, total] = [count?.[1], count?.[2]].map((text) => Number(text?.replaceAll(",", "")));
    expect(total).toBeGreaterThan(1_000);
    expect(total).toBe((synced ?? 0) + 2);
    const { stdout } = await run("bash", [
      "-c",
      String.raw`find README.md docs demo/data/folder node_modules \( -name .git -o -name dist -o -name coverage -o -name .cache -o -name .vite -o -name storybook-static \) -prune -o \( -type f -o -type l \) -print | grep -ciE '/?[^/]*\.(md|markdown|txt|html?|d\.m?ts)$|(^|/)(licen[sc]e|readme|changelog|notice)$'`,
    ]);
    expect(total).toBe(Number(stdout.trim()));

    await dialog().getByRole("button", { name: "Done" }).click();
    await dialog().waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Sync now");
    expect(await search("zeppelin")).toContain("Where things are");
  });

  it("syncs the Git history, and the modal closes by itself", async () => {
    await signIn("Ada Lovelace");
    await cardOf("Git").getByRole("button", { name: "Sync now" }).click();
    await dialog().getByRole("heading", { name: "Git is up to date" }).waitFor();
    const { stdout } = await run("git", ["rev-list", "--count", "HEAD"]);
    await says(`${Number(stdout).toLocaleString("en")} item`);
    await dialog()
      .getByText(/Closes in \d s/)
      .waitFor();
    await dialog().waitFor({ state: "detached", timeout: 10_000 });
    expect(await search("contract")).toContain("wire contract");
  });

  it("syncs the mailbox with its broken messages", async () => {
    await signIn("Ada Lovelace");
    await cardOf("Mailbox").getByRole("button", { name: "Sync now" }).click();
    await dialog().getByRole("heading", { name: "Mailbox synced with 2 problems" }).waitFor();
    await says("58 of 60 items synced.");
    await says("It has no sender; it is not a message.");
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    expect(await search("会議")).toContain("会議の議事録");
  });

  it("does not see what the other tenant has synced", async () => {
    await signIn("Grace Hopper");
    await cardOf("Folder").getByText("Not synced yet").waitFor();
    expect(await search("zeppelin")).toContain("Nothing found.");
  });
});

describe("many syncs", () => {
  const indicator = () => page.getByRole("region", { name: "Syncs" });

  it("go on while the person changes the page, reloads, and opens another tab", async () => {
    await signIn("Ada Lovelace");
    await page.getByRole("link", { name: "Sync all" }).click();
    await page.getByRole("button", { name: "Sync all" }).click();
    await page.getByText("With problems").first().waitFor();
    await page.getByRole("link", { name: "History" }).click();
    await page.getByRole("heading", { name: "What has been synced" }).waitFor();
    await indicator().waitFor();
    await page.reload();
    await indicator().waitFor();
    const other = await context.newPage();
    await other.goto(`${server.url}/#/history`);
    for (const tab of [page, other]) await tab.getByText("58 of 60").first().waitFor();
    const running = await (
      await fetch(`${server.url}/api/sync-progress`, { headers: { cookie: await cookieOf("ada") } })
    ).json();
    const types = running.syncs
      .filter(({ status }: { status: string }) => !["complete", "error", "cancelled"].includes(status))
      .map(({ connector_type }: { connector_type: string }) => connector_type);
    expect(new Set(types).size, "each integration at most once").toBe(types.length);
  });

  it("are not seen by somebody else who signs in on the same page", async () => {
    await signIn("Ada Lovelace");
    await indicator().waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Grace Hopper" }).click();
    await page.getByRole("link", { name: "History" }).click();
    await page
      .getByText("No sync yet")
      .or(page.getByText(/nothing|no syncs/i))
      .first()
      .waitFor();
    expect(await indicator().count()).toBe(0);
  });
});

describe("the modal", () => {
  it("is open, and says that it connects, before the server has answered the click", async () => {
    await signIn("Ada Lovelace");
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await page.route("**/integrations/git/sync", async (route) => {
      asked.resolve();
      await answer.promise;
      await route.continue();
    });
    await cardOf("Git").getByRole("button", { name: "Sync now" }).click();
    await asked.promise;
    await dialog().getByText("Connecting...").waitFor();
    answer.resolve();
    await dialog().getByRole("heading", { name: "Git is up to date" }).waitFor();
  });

  it("says what is wrong when the start fails, and starts again", async () => {
    await signIn("Ada Lovelace");
    await page.route(
      "**/integrations/git/sync",
      (route) => route.fulfill({ status: 503, body: '{"error":"Too busy."}' }),
      { times: 1 },
    );
    await cardOf("Git").getByRole("button", { name: "Sync now" }).click();
    await dialog().getByRole("heading", { name: "Git could not be synced" }).waitFor();
    await says("Too busy.");
    await dialog().getByRole("button", { name: "Try again" }).click();
    await dialog().getByRole("heading", { name: "Git is up to date" }).waitFor();
  });
});

describe("the API", () => {
  it("can be followed with curl: current_state, progress, complete, the end", async () => {
    const cookie = await cookieOf("grace");
    const started = await fetch(`${server.url}/api/integrations/folder/sync`, { method: "POST", headers: { cookie } });
    const { sync_id: syncId } = await started.json();
    const { stdout } = await run("curl", [
      "-sN",
      "-H",
      `cookie: ${cookie}`,
      `${server.url}/api/sync-progress/${syncId}/stream`,
    ]);
    const events = [...stdout.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    expect(events[0]).toBe("current_state");
    expect(events.slice(1, -1)).toContain("progress");
    expect(events.at(-1)).toBe("complete");
    expect(stdout).not.toContain("tenant");
  });

  it("hides the syncs of another tenant", async () => {
    const started = await fetch(`${server.url}/api/integrations/git/sync`, {
      method: "POST",
      headers: { cookie: await cookieOf("grace") },
    });
    const { sync_id: syncId } = await started.json();
    const ada = { headers: { cookie: await cookieOf("ada") } };
    expect((await fetch(`${server.url}/api/sync-progress/${syncId}`, ada)).status).toBe(404);
    expect((await fetch(`${server.url}/api/sync-progress/${syncId}/stream`, ada)).status).toBe(404);
    expect((await fetch(`${server.url}/api/sync-progress/${syncId}`)).status).toBe(401);
  });
});

describe("a server in trouble", () => {
  /** Starts a sync of the folder and holds it in its middle, so that there is time to break things. */
  async function holdFolderSync(): Promise<void> {
    await signIn("Ada Lovelace");
    await cardOf("Folder").getByRole("button", { name: "Sync now" }).click();
    await dialog().getByRole("button", { name: "Pause" }).click();
    await dialog().getByRole("heading", { name: "Folder is paused" }).waitFor();
  }

  it("that cannot be reached shows as reconnecting, and the sync is seen again when it is back", async () => {
    await holdFolderSync();
    const requests = await context.newCDPSession(page);
    await requests.send("Network.enable");
    await context.setOffline(true);
    await dialog()
      .getByText(/You are offline|Connection lost/)
      .waitFor();
    await context.setOffline(false);
    await dialog()
      .getByText(/You are offline|Connection lost/)
      .waitFor({ state: "detached" });
    await dialog().getByRole("button", { name: "Resume" }).click();
    await dialog().getByRole("heading", { name: "Folder synced with 2 problems" }).waitFor();
  });

  it("that is killed and started again has its syncs: what was interrupted continues, and nothing is counted twice", async () => {
    await signIn("Ada Lovelace");
    await cardOf("Mailbox").getByRole("button", { name: "Sync now" }).click();
    await dialog().getByRole("heading", { name: "Mailbox synced with 2 problems" }).waitFor();
    await dialog().getByRole("button", { name: "Done" }).click();
    const headers = { cookie: await cookieOf("ada") };
    const read = async (path: string) => (await fetch(`${server.url}/api${path}`, { headers })).json();
    const list = async () => (await read("/sync-progress")).syncs;
    await cardOf("Folder").getByRole("button", { name: "Sync now" }).click();
    await expect
      .poll(async () => (await list())[0], { timeout: 20_000, interval: 20 })
      .toMatchObject({ connector_type: "folder", processed_items: expect.toSatisfy((count) => count > 0) });
    await dialog().getByRole("button", { name: "Pause" }).click();
    await dialog().getByRole("heading", { name: "Folder is paused" }).waitFor();
    const [held, mailbox] = await list();
    expect(held).toMatchObject({ connector_type: "folder", status: "paused", phase: "syncing" });

    await server.kill();
    server = await startDemo(port, { isRestart: true, dataFolder: server.dataFolder });
    await dialog().getByRole("heading", { name: "Folder was interrupted" }).waitFor({ timeout: 20_000 });
    const [interrupted, before] = await list();
    expect(interrupted).toMatchObject({ sync_id: held.sync_id, status: "error", error_code: "interrupted" });
    expect(before).toEqual(mailbox);
    expect((await read(`/sync-progress/${mailbox.sync_id}/failures`)).failures).toHaveLength(2);
    expect((await read("/search?q=会議")).hits).not.toEqual([]);

    await dialog().getByRole("button", { name: "Try again" }).click();
    await expect.poll(async () => (await list())[0].sync_id, { timeout: 10_000 }).not.toBe(held.sync_id);
    const [next] = await list();
    expect(next.phase === "embedding" || next.processed_items >= held.processed_items).toBe(true);
    expect(next.total_items).toBe(held.total_items);
    await dialog().getByRole("heading", { name: "Folder synced with 2 problems" }).waitFor({ timeout: 30_000 });
    const [last] = await list();
    expect(last.processed_items + last.failed_items).toBe(held.total_items);
    expect(last.failed_items).toBe(2);
    await dialog().getByRole("button", { name: "Done" }).click();
    expect(await search("zeppelin")).toContain("Where things are");
  });

  it("that is killed and started again without its memory is shown as it is: the sync no longer exists", async () => {
    await holdFolderSync();
    await server.kill();
    await dialog()
      .getByText(/^Connection lost\. Reconnecting\.\.\./)
      .waitFor({ timeout: 6_000 });
    for (const file of ["syncs.db", "syncs.db-wal", "syncs.db-shm"]) {
      rmSync(join(server.dataFolder, file), { force: true });
    }
    server = await startDemo(port, { isRestart: true, dataFolder: server.dataFolder });
    await dialog().getByRole("heading", { name: "This sync no longer exists" }).waitFor({ timeout: 5_000 });
    await dialog().getByRole("button", { name: "Close" }).click();
    await cardOf("Git").getByRole("button", { name: "Sync now" }).click();
    await dialog().getByRole("heading", { name: "Git is up to date" }).waitFor();
  });
});

it("leaves no reader behind when all pages are closed", async () => {
  await context.close();
  // The feed of a person is followed for 30 s after its last reader has left, for one who comes back.
  await expect
    .poll(async () => (await fetch(`${server.url}/api/demo/stats`)).json(), { timeout: 45_000 })
    .toMatchObject({ subscribers: 0 });
}, 60_000);

describe("the demo's server", () => {
  it("cannot be reached from other machines", async () => {
    const addresses = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.internal === false && address.family === "IPv4");
    for (const address of addresses) {
      const socket = connect(port, address?.address);
      const [error]: unknown[] = await once(socket, "error");
      expect(error).toMatchObject({ code: "ECONNREFUSED" });
    }
  });
});
