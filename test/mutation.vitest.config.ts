import { defineConfig } from "vitest/config";

/** The tests that mutants of `protocol/`, `client/` and `server/` are put to: the quick ones in Node. */
export default defineConfig({
  test: {
    include: ["test/protocol/**/*.test.ts", "test/client/**/*.test.ts", "test/server/**/*.test.ts"],
    exclude: ["test/server/sqlite-processes.test.ts"],
    // Far from UTC, so that a time read in the wrong zone shows.
    env: { TZ: "Asia/Kolkata", SERVICE_RUNS: "30" },
    testTimeout: 10_000,
  },
});
