import { expect } from "vitest";
import { LONG_RUN } from "./chaos-options.js";
import { runChaos } from "./chaos-run.js";

/** Runs a piece of `npm run test:chaos` on an engine, and checks that nothing went wrong in it. */
export async function checkShortRun(engine: "redis" | "postgres"): Promise<void> {
  const result = await runChaos({
    ...LONG_RUN,
    engine,
    seconds: 10,
    syncs: 20,
    streams: 100,
    killEvery: 3,
    stepMs: 150,
  });
  expect(result.faults).toEqual([]);
  expect(result.kills).toBeGreaterThan(0);
  expect(result.readers.ended).toBeGreaterThan(100);
  expect(result.mails.expected).toBeGreaterThan(10);
}
