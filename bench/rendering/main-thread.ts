import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { CDPSession } from "playwright";

/** What a page's main thread has used so far. */
export interface ThreadMetrics {
  /** Seconds in which the main thread was busy. */
  readonly TaskDuration: number;
  /** Bytes. */
  readonly JSHeapUsedSize: number;
}

/** The script that measures in the page: to be run before all others. */
export async function buildMeasuring(): Promise<string> {
  const entryPoints = [fileURLToPath(new URL("./measure-page.ts", import.meta.url))];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "iife", write: false });
  return outputFiles[0]?.text ?? "";
}

/** Reads what {@link enableMetrics} has made readable. */
export async function readMetrics(devtools: CDPSession): Promise<ThreadMetrics> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  return { TaskDuration: metric("TaskDuration"), JSHeapUsedSize: metric("JSHeapUsedSize") };
}

/** The thread's own time is measured from now on: other work on the machine takes none of it. */
export async function enableMetrics(devtools: CDPSession): Promise<void> {
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
