import { defineConfig } from "vitest/config";

/** The tests that mutants of `protocol/` and `client/` are put to: the quick ones in Node. */
export default defineConfig({
  test: {
    include: ["test/protocol/**/*.test.ts", "test/client/**/*.test.ts"],
    testTimeout: 10_000,
  },
});
