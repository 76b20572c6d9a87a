import { describe, expect, it } from "vitest";
import { hasMailServer } from "../server/engines/mail-server.js";
import { hasPostgres } from "../server/engines/postgres-server.js";
import { hasRedis } from "../server/engines/redis-server.js";
import { type ChaosOptions, LONG_RUN } from "./chaos-options.js";
import { runChaos } from "./chaos-run.js";

/** A piece of `npm run test:chaos`. */
const SHORT_RUN: ChaosOptions = { ...LONG_RUN, seconds: 10, syncs: 20, streams: 100, killEvery: 3, stepMs: 150 };

describe.each([
  ["redis", hasRedis],
  ["postgres", hasPostgres],
] as const)("four processes on %s that are killed at random", (engine, hasEngine) => {
  it.skipIf(!hasEngine || !hasMailServer)(
    "show every stream the right end, send one mail a sync, and show nobody what is another's",
    { timeout: 180_000 },
    async () => {
      const result = await runChaos({ ...SHORT_RUN, engine });
      expect(result.faults).toEqual([]);
      expect(result.kills).toBeGreaterThan(0);
      expect(result.readers.ended).toBeGreaterThan(100);
      expect(result.mails.expected).toBeGreaterThan(10);
    },
  );
});
