import { describe, expect, it } from "vitest";
import { isSyncResult, resultOf, SYNC_RESULTS } from "../../src/protocol/sync-result.js";

describe("the result of a sync", () => {
  it.each([
    ["complete", 0, "complete"],
    ["complete", 1, "partly_failed"],
    ["error", 0, "failed"],
    ["error", 9, "failed"],
    ["cancelled", 9, "cancelled"],
    ["syncing", 9, null],
    ["paused", 0, null],
  ] as const)("of one that is %s with %i failed items is %s", (status, failedItems, result) => {
    expect(resultOf({ status, failedItems })).toBe(result);
  });

  it("is one of four words", () => {
    expect(SYNC_RESULTS.every(isSyncResult)).toBe(true);
    for (const word of ["error", "", "constructor", "0"]) expect(isSyncResult(word)).toBe(false);
  });
});
