import { defineConfig } from "vitest/config";

/** The tests that mutants of `protocol/` and `client/` are put to: the quick ones in Node. */
export default defineConfig({
  test: {
    include: ["test/protocol/**/*.test.ts", "test/client/**/*.test.ts"],
    // Far from UTC, so that a time read in the wrong zone shows.
    env: { TZ: "Asia/Kolkata" },
    testTimeout: 10_000,
  },
});
