import { fileURLToPath } from "node:url";
import { printReport, startBenchBrowser } from "./rendering/bench-browser.ts";
import { enableMetrics, median, readMetrics } from "./rendering/main-thread.ts";
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
const bench = await startBenchBrowser(at("./rendering/event-server.ts"), at("./rendering/page.tsx"));
const results: Record<PageName, Measures[]> = { count: [], state: [], modal: [] };
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of PAGES) results[name].push(await measure(name, round));
  }
} finally {
  await bench.close();
}
report();

async function measure(show: PageName, round: number): Promise<Measures> {
  const syncId = `${show}-${round}`;
  const { context, page } = await bench.open(`show=${show}&sync=${syncId}`);
  await page.waitForFunction(() => (window.measures?.events ?? 0) > 0);
  // What the page does at its start is not measured.
  await page.waitForTimeout(1_000);
  const devtools = await context.newCDPSession(page);
  await enableMetrics(devtools);
  const before = await readMetrics(devtools);
  const startedAt = performance.now();
  await page.evaluate(() => {
    if (window.measures) Object.assign(window.measures, { commits: 0, frames: 0, longTasks: 0, mostCommitsInFrame: 0 });
  });
  await bench.play({ subject: syncId, eventsPerSecond: EVENTS_PER_SECOND, durationMs: DURATION_MS });
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
  printReport(lines, results);
}
