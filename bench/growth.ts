import { fileURLToPath } from "node:url";
import type { CDPSession } from "playwright";
import { printReport, startBenchBrowser } from "./rendering/bench-browser.ts";
import { enableMetrics, median, readMetrics } from "./rendering/main-thread.ts";

/**
 * What an event costs the page's main thread with 10, 100 and 1,000 running syncs, which all come by one feed: the open
 * indicator, and a page that has only `useActiveSyncs`. The total rate of events is the same for all; production build,
 * Chromium, the numbers of syncs by turns. `npm run bench:growth`, with `-- --json FILE` for a machine. Take ratios, not
 * absolute times.
 */

const SYNCS = [10, 100, 1_000] as const;
const PAGES = ["indicator", "headless"] as const;
const RATES = [1_000, 100] as const;
const DURATION_MS = 4_000;
const ROUNDS = 3;
/** What the page does at its start is not measured. */
const SETTLE_MS = 1_500;
const IDLE_MS = 1_500;
/** The last events are shown within this. */
const TAIL_MS = 300;

interface Run {
  readonly show: (typeof PAGES)[number];
  readonly syncs: (typeof SYNCS)[number];
  readonly eventsPerSecond: (typeof RATES)[number];
}

interface Measures extends Run {
  readonly events: number;
  /** Share of the time in which the main thread was busy, 0-1. */
  readonly busy: number;
  /** Microseconds of the main thread for each event, beyond what the page takes without events. */
  readonly cost: number;
  readonly commitsPerSecond: number;
  readonly mostCommitsInFrame: number;
  readonly longTasks: number;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const bench = await startBenchBrowser(at("./growth/feed-server.ts"), at("./growth/page.tsx"));
const results: Measures[] = [];
const runs: readonly Run[] = RATES.flatMap((eventsPerSecond) =>
  PAGES.flatMap((show) => SYNCS.map((syncs) => ({ show, syncs, eventsPerSecond }))),
);
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const run of runs) results.push(await measure(run));
  }
} finally {
  await bench.close();
}
report();

async function measure(run: Run): Promise<Measures> {
  const { show, syncs, eventsPerSecond } = run;
  const { context, page } = await bench.open(`show=${show}&syncs=${syncs}`);
  await page.waitForFunction((count) => document.body.textContent.includes(count), syncs.toLocaleString("en"));
  await page.waitForTimeout(SETTLE_MS);
  const devtools = await context.newCDPSession(page);
  await enableMetrics(devtools);
  const idle = await measureBusy(devtools, () => page.waitForTimeout(IDLE_MS));
  await page.evaluate(() => {
    if (window.measures) Object.assign(window.measures, { events: 0, commits: 0, longTasks: 0, mostCommitsInFrame: 0 });
  });
  const playing = await measureBusy(devtools, async () => {
    const sent = await bench.play({ subject: String(syncs), eventsPerSecond, durationMs: DURATION_MS });
    await page.waitForFunction((count) => (window.measures?.events ?? 0) >= count, sent, { timeout: 30_000 });
    await page.waitForTimeout(TAIL_MS);
  });
  const measures = await page.evaluate(() => window.measures);
  await context.close();
  if (measures === undefined) throw new Error("the page measured nothing");
  const { events, commits, mostCommitsInFrame, longTasks } = measures;
  const busy = playing.busySeconds / playing.seconds;
  const beyondIdle = playing.busySeconds - (idle.busySeconds / idle.seconds) * playing.seconds;
  return {
    ...run,
    ...{ events, mostCommitsInFrame, longTasks, busy },
    cost: (beyondIdle / events) * 1_000_000,
    commitsPerSecond: commits / playing.seconds,
  };
}

async function measureBusy(devtools: CDPSession, work: () => Promise<void>) {
  const before = await readMetrics(devtools);
  const startedAt = performance.now();
  await work();
  const after = await readMetrics(devtools);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { seconds, busySeconds: after.TaskDuration - before.TaskDuration };
}

function report(): void {
  const columns: readonly [string, (measures: Measures) => number][] = [
    ["events", ({ events }) => events],
    ["busy", ({ busy }) => busy],
    ["us an event", ({ cost }) => cost],
    ["commits a second", ({ commitsPerSecond }) => commitsPerSecond],
    ["most in a frame", ({ mostCommitsInFrame }) => mostCommitsInFrame],
    ["long tasks", ({ longTasks }) => longTasks],
  ];
  const cell = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(2)).padStart(18);
  const lines = [`${"median of".padEnd(30)}${columns.map(([title]) => title.padStart(18)).join("")}`];
  const of = (run: Run) =>
    results.filter(
      ({ show, syncs, eventsPerSecond }) =>
        show === run.show && syncs === run.syncs && eventsPerSecond === run.eventsPerSecond,
    );
  for (const run of runs) {
    const title = `${run.show}, ${run.syncs} syncs, ${run.eventsPerSecond}/s`.padEnd(30);
    lines.push(title + columns.map(([, read]) => cell(median(of(run).map(read)))).join(""));
  }
  for (const eventsPerSecond of RATES) {
    for (const show of PAGES) {
      const costs = (syncs: Run["syncs"]) => of({ show, syncs, eventsPerSecond }).map(({ cost }) => cost);
      const ratio = (median(costs(1_000)) / median(costs(10))).toFixed(2);
      const rounds = SYNCS.map(
        (syncs) =>
          `${syncs}: ${costs(syncs)
            .map((cost) => cost.toFixed(0))
            .join(" ")}`,
      );
      lines.push(`${show}, ${eventsPerSecond}/s: an event with 1,000 / with 10 syncs: ${ratio} (${rounds.join("; ")})`);
    }
  }
  printReport(lines, results);
}
