import { setTimeout as wait } from "node:timers/promises";

const EVERY_MS = 20;

/** Waits until something holds, and returns how many ms that took. @throws Error with `what` after `timeoutMs`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<number> {
  const startedAt = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedAt > timeoutMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await wait(EVERY_MS);
  }
  return Math.round(performance.now() - startedAt);
}
