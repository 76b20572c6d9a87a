import { describe, expect, it } from "vitest";
import { chooseEnds, type EndedSync } from "../../../src/components/announcer/choose-ends.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import { createFormatter } from "../../../src/components/labels/formatter.js";

describe("what is announced of syncs that have ended", () => {
  const ended = (syncId: string, kind: EndedSync["text"]["kind"], headline = syncId): EndedSync => ({
    syncId,
    text: { kind, headline, body: "100 items synced." },
  });
  const chosen = (ends: readonly EndedSync[], done: number, total: number) =>
    chooseEnds(ends, { done, total }, labelsEn, createFormatter("en"));

  it("is nothing without an end", () => {
    expect(chosen([], 0, 3)).toBeNull();
  });

  it("is, of the only sync, what its own displays announce", () => {
    expect(chosen([ended("a", "complete", "Gmail is up to date")], 1, 1)).toEqual({
      politeness: "polite",
      syncId: "a",
      about: "end",
      text: "Gmail is up to date. 100 items synced.",
      addition: undefined,
      isOutcome: true,
    });
  });

  it("is, of one among several, also how many are done", () => {
    expect(chosen([ended("a", "complete", "Gmail is up to date")], 2, 3)).toMatchObject({
      text: "Gmail is up to date. 100 items synced. 2 of 3 have finished.",
      addition: "2 of 3 have finished.",
    });
  });

  it("14 does not wait when one has failed", () => {
    expect(chosen([ended("a", "failed")], 1, 2)).toMatchObject({ politeness: "assertive", about: "failed" });
  });

  it("is one message for several, in numbers", () => {
    const ends = [ended("a", "complete"), ended("b", "cancelled"), ended("c", "partial"), ended("d", "failed")];
    expect(chosen(ends, 4, 6)).toMatchObject({
      politeness: "assertive",
      syncId: null,
      text: "Syncs: 1 failed, 1 with problems, 2 finished. 4 of 6 have finished.",
    });
    expect(chosen([ended("a", "complete"), ended("b", "complete")], 2, 2)?.text).toBe(
      "Syncs: 2 finished. 2 of 2 have finished.",
    );
  });
});
