import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { startDemo } from "../e2e/demo-server.ts";
import { freePort } from "../support/free-port.ts";
import type { RunningBrowser } from "./browser.ts";
import type { BrowserCase } from "./browser-case.ts";
import { demoCases } from "./demo-cases.ts";
import { type DemoPage, demoPage } from "./demo-page.ts";
import { listFaultCases, serveFaultPage } from "./fault-cases.ts";
import { startFirefox } from "./firefox.ts";
import { startGate } from "./gate.ts";
import { installBrowsers } from "./install-browsers.ts";
import { networkCases } from "./network-cases.ts";
import { startWebKit } from "./webkit.ts";

/**
 * The demo and the fault cases in Firefox and WebKit. `npm run test:browsers` prints the table of docs/browsers.md, and fails
 * if a case does; it installs Debian's browsers if they are missing. With words, only the cases with these words in their
 * titles: `npm run test:browsers -- focus`. `BROWSER=firefox` or `webkit`: only that one.
 */

interface Row {
  readonly title: string;
  readonly result: string;
  readonly isFailed: boolean;
}

const words = process.argv.slice(2).join(" ");
const isWanted = ({ title }: { readonly title: string }) => title.includes(words);

async function playAll(
  browser: RunningBrowser,
  cases: readonly { readonly title: string; play(): Promise<string | undefined> }[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const one of cases.filter(isWanted)) {
    process.stderr.write(`${browser.title}: ${one.title}: `);
    try {
      const result = (await one.play()) ?? "passes";
      process.stderr.write(`${result}\n`);
      rows.push({ title: one.title, result, isFailed: false });
    } catch (error) {
      process.stderr.write(`fails: ${error instanceof Error ? error.message : String(error)}\n`);
      rows.push({ title: one.title, result: "fails", isFailed: true });
    }
  }
  return rows;
}

async function playDemo(browser: RunningBrowser): Promise<Row[]> {
  const cases = [...demoCases, ...networkCases].filter(isWanted);
  if (cases.length === 0) return [];
  const port = await freePort();
  let demo = await startDemo(port);
  const gate = await startGate(port);
  const play = async (one: BrowserCase) => {
    const pages: DemoPage[] = [];
    const openPage = async () => {
      const page = demoPage(await browser.newTab(), gate.url);
      pages.push(page);
      await page.signIn();
      return page;
    };
    try {
      return await one.play({
        page: await openPage(),
        gate,
        openPage,
        killServer: () => demo.kill(),
        async restartServer() {
          demo = await startDemo(port, { isRestart: true, dataFolder: demo.dataFolder });
        },
      });
    } catch (error) {
      await saveScreenshots(pages, `${browser.engine} ${one.title}`);
      throw error;
    } finally {
      gate.setRules({});
      // One that a case has closed is closed.
      for (const page of pages) await page.tab.close().catch(() => {});
      await cancelSyncs(demo.url);
    }
  };
  try {
    return await playAll(
      browser,
      cases.map((one) => ({ title: one.title, play: () => play(one) })),
    );
  } finally {
    await gate.close();
    await demo.kill();
    rmSync(demo.dataFolder, { recursive: true, force: true });
  }
}

/** Pictures of what a failed case shows, in `test-results/`. */
async function saveScreenshots(pages: readonly DemoPage[], name: string): Promise<void> {
  mkdirSync("test-results", { recursive: true });
  for (const [index, { tab }] of pages.entries()) {
    const picture = await tab.screenshot().catch(() => null);
    if (picture !== null) writeFileSync(`test-results/${name.replaceAll(/\W+/g, "-")}-${index}.png`, picture);
  }
}

/** Cancels what a case has left running. */
async function cancelSyncs(url: string): Promise<void> {
  const session = await fetch(`${url}/api/demo/session/ada`, { method: "POST" });
  const headers = { cookie: session.headers.get("set-cookie")?.split(";")[0] ?? "" };
  const { syncs } = await (await fetch(`${url}/api/sync-progress`, { headers })).json();
  for (const { sync_id: syncId } of syncs)
    await fetch(`${url}/api/sync-progress/${syncId}/cancel`, { method: "POST", headers });
}

async function playFaults(browser: RunningBrowser): Promise<Row[]> {
  const server = await serveFaultPage();
  try {
    const tab = await browser.newTab();
    return await playAll(browser, await listFaultCases(tab, server.url, browser.engine));
  } finally {
    await server.close();
  }
}

const starts = { firefox: startFirefox, webkit: startWebKit };
const only = process.env["BROWSER"];
installBrowsers();
const columns: { readonly title: string; readonly rows: readonly Row[] }[] = [];
for (const [name, start] of Object.entries(starts)) {
  if (only !== undefined && only !== name) continue;
  const browser = await start();
  try {
    columns.push({ title: browser.title, rows: [...(await playDemo(browser)), ...(await playFaults(browser))] });
  } finally {
    await browser.close();
  }
}

const print = (...cells: readonly string[]) => process.stdout.write(`| ${cells.join(" | ")} |\n`);
print("case", ...columns.map(({ title }) => title));
print("---", ...columns.map(() => "---"));
for (const [index, { title }] of (columns[0]?.rows ?? []).entries())
  print(title, ...columns.map(({ rows }) => rows[index]?.result ?? ""));
process.exitCode = columns.some(({ rows }) => rows.some(({ isFailed }) => isFailed)) ? 1 : 0;
