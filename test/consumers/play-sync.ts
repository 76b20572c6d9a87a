import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chromium, type Page } from "playwright";
import { CHROMIUM_ARGS, requireChromium } from "../support/find-chromium.ts";
import { freePort } from "../support/free-port.ts";

/**
 * Starts a server of an application with `PORT`, waits until it prints "Ready" or its address, and gives `use` its address. The server
 * and its child processes end with it.
 */
export async function withServer(
  folder: string,
  command: readonly [string, ...string[]],
  use: (url: string) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const [program, ...args] = command;
  const server = spawn(program, args, {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PORT: String(port), NODE_ENV: "production" },
  });
  try {
    // Read on, because a server that logs fails when nobody does.
    const output = server.stdout.iterator({ destroyOnReturn: false });
    for await (const text of output) if (/Ready|http:/.test(String(text))) break;
    server.stdout.resume();
    assert.equal(server.exitCode, null, `${command.join(" ")} has ended`);
    await use(`http://localhost:${port}`);
  } finally {
    if (server.pid !== undefined && server.exitCode === null) {
      process.kill(-server.pid, "SIGKILL");
      await once(server, "exit");
    }
  }
}

/**
 * Opens a page in Chromium and uses it. No error and no message may be in the console, but what `isExpected` says of the
 * URL it is about.
 */
export async function withPage(
  url: string,
  use: (page: Page) => Promise<void>,
  isExpected: (source: string) => boolean = () => false,
): Promise<void> {
  const browser = await chromium.launch({ executablePath: requireChromium(), args: CHROMIUM_ARGS });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (!isExpected(message.location().url)) problems.push(`${message.type()}: ${message.text()}`);
    });
    await page.goto(url);
    try {
      await use(page);
    } catch (error) {
      throw new Error(`The sync does not end. ${problems.join("\n")}`, { cause: error });
    }
    assert.deepEqual(problems, [], "the console is empty");
  } finally {
    await browser.close();
  }
}

/** Clicks "Sync Gmail" of the README's example, and waits until the modal shows the end of the sync. */
export async function playSync(url: string, isExpected?: (source: string) => boolean): Promise<void> {
  const play = async (page: Page) => {
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Sync Gmail" }).click();
    await dialog.getByRole("heading", { name: "Gmail is up to date" }).waitFor();
    const position = await dialog.evaluate((element) => getComputedStyle(element).position);
    assert.equal(position, "fixed", "the stylesheet applies");
  };
  await withPage(url, play, isExpected);
}
