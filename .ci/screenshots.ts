import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { startDemo } from "../test/e2e/demo-server.ts";
import { CHROMIUM_ARGS, requireChromium } from "../test/support/find-chromium.ts";
import { freePort } from "../test/support/free-port.ts";

/** Takes the README's pictures from the running demo: `npm run screenshots`. */

const images = new URL("../docs/images/", import.meta.url).pathname;
mkdirSync(images, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "screenshots-"));
const mailbox = join(folder, "large.mbox");
// Large enough that there is a middle to take a picture of.
execFileSync("tsx", ["demo/make-mailbox.ts", mailbox, "20000"], { stdio: "inherit" });

const server = await startDemo(await freePort(), { env: { DEMO_MAILBOX: mailbox } });
const browser = await chromium.launch({ executablePath: requireChromium(), args: CHROMIUM_ARGS });
try {
  const page = await browser.newPage({
    viewport: { width: 1040, height: 620 },
    deviceScaleFactor: 2,
    reducedMotion: "reduce",
  });
  await page.goto(server.url);
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Mailbox" }) });
  await card.getByRole("button", { name: "Sync now" }).click();
  await page.waitForFunction(
    () => Number(document.querySelector("[role=progressbar]")?.getAttribute("aria-valuenow")) >= 62,
  );
  await page.screenshot({ path: join(images, "syncing.png") });
  await page.getByRole("heading", { name: /Mailbox synced with/ }).waitFor({ timeout: 120_000 });
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.screenshot({ path: join(images, "problems-dark.png") });
} finally {
  await browser.close();
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
}
