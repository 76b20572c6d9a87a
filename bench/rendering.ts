import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, type CDPSession, chromium } from "playwright";
import { buildPage, documentOf } from "../test/support/build-page.ts";
import { CHROMIUM_ARGS, requireChromium } from "../test/support/find-chromium.ts";
import type { ServerReply, ServerRequest } from "./rendering/event-server.ts";
import type { PageMeasures } from "./rendering/measure-page.ts";

/**
 * What 10,000 events a second cost the page's main thread: a page that only counts them, a component that sets state
 * on each, and the open modal; production build, Chromium, the three by turns. `npm run bench:rendering`, with
 * `-- --json FILE` for a machine. Take ratios, not absolute times.
 */

const EVENTS_PER_SECOND = 10_000;
const DURATION_MS = 4_000;
const ROUNDS = 3;
const PAGES = ["count", "state", "modal"] as const;

type PageName = (typeof PAGES)[number];

interface Measures extends PageMeasures {
  /** Share of the time in which the main thread was busy, 0-1. */
  readonly busy: number;
  /** MB of the JavaScript heap after a collection. */
  readonly heap: number;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = fork(at("./rendering/event-server.ts"));
const browser = await chromium.launch({ executablePath: requireChromium(), args: CHROMIUM_ARGS });
const measuring = await buildMeasuring();
const results: Record<PageName, Measures[]> = { count: [], state: [], modal: [] };
try {
  const page = await buildPage(at("./rendering/page.tsx"));
  const served = await request({ type: "serve", script: page.script, html: documentOf(page) });
  const url = served.type === "serving" ? served.url : "";
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of PAGES) results[name].push(await measure(browser, url, name, round));
  }
} finally {
  await browser.close();
  server.kill();
}
report();

async function request(message: ServerRequest): Promise<ServerReply> {
  server.send(message);
  const [reply]: ServerReply[] = await once(server, "message");
  if (reply === undefined) throw new Error("the server did not reply");
  return reply;
}

/** The script that measures in the page. */
async function buildMeasuring(): Promise<string> {
  const entryPoints = [at("./rendering/measure-page.ts")];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "iife", write: false });
  return outputFiles[0]?.text ?? "";
}

async function measure(opened: Browser, url: string, show: PageName, round: number): Promise<Measures> {
  const syncId = `${show}-${round}`;
  const context = await opened.newContext({ viewport: { width: 1000, height: 700 } });
  // React looks for the developer tools, by which the commits are counted, when it is loaded.
  await context.addInitScript({ content: measuring });
  const page = await context.newPage();
  page.on("pageerror", (error) => process.stderr.write(`${show}: ${String(error)}\n`));
  await page.goto(`${url}/?show=${show}&sync=${syncId}`);
  await page.waitForFunction(() => (window.measures?.events ?? 0) > 0);
  // What the page does at its start is not measured.
  await page.waitForTimeout(1_000);
  const devtools = await context.newCDPSession(page);
  // The thread's own time: other work on the machine takes none of it.
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  const before = await readMetrics(devtools);
  const startedAt = performance.now();
  await page.evaluate(() => {
    if (window.measures) Object.assign(window.measures, { commits: 0, frames: 0, longTasks: 0, mostCommitsInFrame: 0 });
  });
  await request({ type: "play", syncId, eventsPerSecond: EVENTS_PER_SECOND, durationMs: DURATION_MS });
  await page.waitForFunction(() => typeof window.measures?.msToEnd === "number", undefined, { timeout: 30_000 });
  const after = await readMetrics(devtools);
  const seconds = (performance.now() - startedAt) / 1_000;
  const measures = await page.evaluate(() => window.measures);
  await devtools.send("HeapProfiler.collectGarbage");
  const heap = (await readMetrics(devtools)).JSHeapUsedSize / 1_000_000;
  await context.close();
  if (measures === undefined) throw new Error("the page measured nothing");
  const busy = (after.TaskDuration - before.TaskDuration) / seconds;
  return { ...measures, busy, heap };
}

async function readMetrics(devtools: CDPSession) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  return {
    TaskDuration: metric("TaskDuration"),
    JSHeapUsedSize: metric("JSHeapUsedSize"),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function report(): void {
  const of = (name: PageName, read: (measures: Measures) => number) => median(results[name].map(read));
  const columns: readonly [string, (measures: Measures) => number][] = [
    ["events", ({ events }) => events],
    ["busy", ({ busy }) => busy],
    ["commits a frame", ({ commits, frames }) => commits / frames],
    ["most in a frame", ({ mostCommitsInFrame }) => mostCommitsInFrame],
    ["long tasks", ({ longTasks }) => longTasks],
    ["frames to end", ({ framesToEnd }) => framesToEnd ?? Number.NaN],
    ["ms to end", ({ msToEnd }) => msToEnd ?? Number.NaN],
    ["heap MB", ({ heap }) => heap],
  ];
  const cell = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(2)).padStart(16);
  const lines = [`${"median of".padEnd(8)}${columns.map(([title]) => title.padStart(16)).join("")}`];
  for (const name of PAGES) lines.push(`${name.padEnd(9)}${columns.map(([, read]) => cell(of(name, read))).join("")}`);
  const busy = (name: PageName) => of(name, (measures) => measures.busy);
  const ratio = (name: PageName) => (busy("modal") / busy(name)).toFixed(2);
  lines.push(`busy, modal / count: ${ratio("count")}; modal / state: ${ratio("state")}`);
  lines.push(
    `rounds, busy: ${PAGES.map((name) => `${name} ${results[name].map((each) => each.busy.toFixed(2)).join(" ")}`).join("; ")}`,
  );
  process.stdout.write(`${lines.join("\n")}\n`);
  const file = process.argv[process.argv.indexOf("--json") + 1];
  if (process.argv.includes("--json") && file !== undefined)
    writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
