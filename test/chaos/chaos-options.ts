import type { StoreAddress } from "../server/processes/open-store.js";

/** How much of everything a run has. */
export interface ChaosOptions {
  readonly engine: Exclude<StoreAddress["engine"], "sqlite">;
  /** How long processes are killed. */
  readonly seconds: number;
  /** Syncs that run at any time. */
  readonly syncs: number;
  /** Streams that are open at any time: one half follows single syncs, the other all of a person. */
  readonly streams: number;
  /** Server processes. */
  readonly processes: number;
  /** Seconds between two kills, on average. */
  readonly killEvery: number;
  /** ms between two reports of a job, on average. */
  readonly stepMs: number;
  /** Decides who is killed and when, and who requests a mail. */
  readonly seed: number;
}

export const LONG_RUN: ChaosOptions = {
  engine: "redis",
  seconds: 180,
  syncs: 200,
  streams: 2_000,
  processes: 4,
  killEvery: 4,
  stepMs: 1_000,
  seed: 1,
};

/** Reads `CHAOS_ENGINE`, `CHAOS_SECONDS`, `CHAOS_SYNCS` and so on; the rest is as in the long run. */
export function readChaosOptions(environment: Readonly<Record<string, string | undefined>>): ChaosOptions {
  const number = (name: string, fallback: number) => {
    const value = Number(environment[name] ?? fallback);
    if (!(value > 0)) throw new TypeError(`${name} must be a number above 0, got ${String(environment[name])}.`);
    return value;
  };
  return {
    engine: environment["CHAOS_ENGINE"] === "postgres" ? "postgres" : "redis",
    seconds: number("CHAOS_SECONDS", LONG_RUN.seconds),
    syncs: number("CHAOS_SYNCS", LONG_RUN.syncs),
    streams: number("CHAOS_STREAMS", LONG_RUN.streams),
    processes: number("CHAOS_PROCESSES", LONG_RUN.processes),
    killEvery: number("CHAOS_KILL_EVERY", LONG_RUN.killEvery),
    stepMs: number("CHAOS_STEP_MS", LONG_RUN.stepMs),
    seed: number("CHAOS_SEED", LONG_RUN.seed),
  };
}
