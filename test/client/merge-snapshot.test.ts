import { describe, expect, it } from "vitest";
import { mergeSnapshot } from "../../src/client/merge-snapshot.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";

describe("merging snapshots", () => {
  it("takes the first one", () => {
    const first = aSnapshot();
    expect(mergeSnapshot(null, first)).toBe(first);
  });

  it("takes only a larger seq", () => {
    const current = aSnapshot({ seq: 5, processedItems: 10 });
    const larger = aSnapshot({ seq: 6, processedItems: 11 });
    expect(mergeSnapshot(current, larger)).toBe(larger);
    expect(mergeSnapshot(current, aSnapshot({ seq: 5, processedItems: 99 }))).toBe(current);
    expect(mergeSnapshot(current, aSnapshot({ seq: 4, processedItems: 99 }))).toBe(current);
  });

  it("takes a smaller seq with a later time: the server lost its count in a restart", () => {
    const current = aSnapshot({ seq: 500, updatedAt: 1_000 });
    const restarted = aSnapshot({ seq: 1, updatedAt: 2_000 });
    expect(mergeSnapshot(current, restarted)).toBe(restarted);
    expect(mergeSnapshot(current, aSnapshot({ seq: 1, updatedAt: 500 }))).toBe(current);
  });

  it("takes a smaller seq by no other time than a later one of both", () => {
    const current = aSnapshot({ seq: 5, updatedAt: 1_000 });
    const undated = aSnapshot({ seq: 5 });
    expect(mergeSnapshot(current, aSnapshot({ seq: 4, updatedAt: 1_000 }))).toBe(current);
    expect(mergeSnapshot(current, aSnapshot({ seq: 5, updatedAt: 2_000 }))).toBe(current);
    expect(mergeSnapshot(current, aSnapshot({ seq: 4 }))).toBe(current);
    expect(mergeSnapshot(undated, aSnapshot({ seq: 4, updatedAt: 2_000 }))).toBe(undated);
  });

  it.each(["complete", "error", "cancelled"] as const)("lets nothing leave %s", (status) => {
    const ended = aSnapshot({ status, seq: 5 });
    expect(mergeSnapshot(ended, aSnapshot({ seq: 6 }))).toBe(ended);
    expect(mergeSnapshot(ended, aSnapshot({ status: "error", seq: 7 }))).toBe(ended);
  });

  it("takes a terminal snapshot whatever its seq", () => {
    const ended = aSnapshot({ status: "complete", seq: 1 });
    expect(mergeSnapshot(aSnapshot({ seq: 5 }), ended)).toBe(ended);
  });

  describe("of backends without seq", () => {
    it("refuses a lower done count within a phase", () => {
      const current = aSnapshot({ processedItems: 10, failedItems: 2 });
      expect(mergeSnapshot(current, aSnapshot({ processedItems: 9, failedItems: 2 }))).toBe(current);
      const further = aSnapshot({ processedItems: 9, failedItems: 4 });
      expect(mergeSnapshot(current, further)).toBe(further);
    });

    it("takes a lower done count with another phase or status", () => {
      const current = aSnapshot({ processedItems: 100 });
      const parsing = aSnapshot({ status: "parsing", processedItems: 0 });
      expect(mergeSnapshot(current, parsing)).toBe(parsing);
      const attachments = aSnapshot({ phase: "attachments", processedItems: 0 });
      expect(mergeSnapshot(current, attachments)).toBe(attachments);
    });

    it("refuses what the server itself dates earlier: two workers answering in turn", () => {
      const current = aSnapshot({ status: "parsing", updatedAt: 2_000 });
      expect(mergeSnapshot(current, aSnapshot({ status: "syncing", updatedAt: 1_000 }))).toBe(current);
    });

    it.each<Partial<SyncSnapshot>>([
      { status: "parsing" },
      { stage: "Another sentence" },
      { phase: "parsing" },
      { totalItems: 101 },
      { processedItems: 11 },
      { failedItems: 3 },
      { currentItem: "b.md" },
      { percentComplete: 11 },
      { seq: 1 },
    ])("takes one that differs in %o", (change) => {
      const current = aSnapshot({
        processedItems: 10,
        failedItems: 2,
        currentItem: "a.md",
        percentComplete: 10,
        phase: "syncing",
      });
      const next = { ...current, ...change };
      expect(mergeSnapshot(current, next)).toBe(next);
      expect(mergeSnapshot(current, { ...current })).toBe(current);
    });

    it("refuses an earlier one that differs, and takes one of the same time", () => {
      const current = aSnapshot({ updatedAt: 2_000 });
      expect(mergeSnapshot(current, aSnapshot({ updatedAt: 1_999, stage: "Old" }))).toBe(current);
      const same = aSnapshot({ updatedAt: 2_000, stage: "New" });
      expect(mergeSnapshot(current, same)).toBe(same);
      const undated = aSnapshot({ stage: "New" });
      expect(mergeSnapshot(current, undated)).toBe(undated);
      expect(mergeSnapshot(aSnapshot({ stage: "Old" }), same)).toBe(same);
    });

    it("judges by time and count if only one of the two has a seq", () => {
      const current = aSnapshot({ seq: 5, processedItems: 10 });
      expect(mergeSnapshot(current, aSnapshot({ processedItems: 9 }))).toBe(current);
      const next = aSnapshot({ processedItems: 11 });
      expect(mergeSnapshot(current, next)).toBe(next);
      expect(mergeSnapshot(next, aSnapshot({ seq: 6, processedItems: 10 }))).toBe(next);
    });

    it("keeps the current one when nothing is different", () => {
      const current = aSnapshot({ updatedAt: 1_000 });
      expect(mergeSnapshot(current, aSnapshot({ updatedAt: 2_000 }))).toBe(current);
    });
  });
});
