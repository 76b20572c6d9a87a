import { setTimeout as wait } from "node:timers/promises";

const READY_MS = 30_000;
const PAUSE_MS = 20;

/** Repeats a look at a server that starts until it succeeds. Also for benches, which run without Vitest. */
export async function untilReady(look: () => Promise<void>): Promise<void> {
  const lastLook = performance.now() + READY_MS;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > lastLook) throw error;
    }
    await wait(PAUSE_MS);
  }
}
