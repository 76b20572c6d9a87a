import { describe, expect, it } from "vitest";
import type { SyncView } from "../../../src/client/sync-view.js";
import { chooseEnds, type EndedSync } from "../../../src/components/announcer/choose-ends.js";
import { followEnds, NO_BATCH, type SyncBatch, withoutNews } from "../../../src/components/announcer/follow-ends.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import { createFormatter } from "../../../src/components/labels/formatter.js";
import { aSyncView } from "../../support/several-views.js";

const runs = (...ids: string[]) => ids.map((id) => aSyncView(id));
const done = (...ids: string[]) => ids.map((id) => aSyncView(id, { status: "complete" }));
const afterLists = (...lists: (readonly SyncView[])[]): SyncBatch => lists.reduce(followEnds, NO_BATCH);
const newsOf = ({ unannounced }: SyncBatch) => [...unannounced];

describe("the ends in a list of syncs", () => {
  it("are news of those that were seen running", () => {
    expect(newsOf(afterLists(done("old"), runs("a", "b"), [...done("a"), ...runs("b")]))).toEqual(["a"]);
  });

  it("are no news when the list is loaded after the end", () => {
    expect(newsOf(afterLists(done("a", "b")))).toEqual([]);
  });

  it("are no ends when a sync only leaves the list, or is gone from the server", () => {
    const gone = aSyncView("a", {}, { isRunning: false });
    expect(newsOf(afterLists(runs("a", "b"), runs("b")))).toEqual([]);
    expect(newsOf(afterLists(runs("a"), [gone]))).toEqual([]);
  });

  it("are counted together as long as something runs, also those that have left the list", () => {
    const batch = afterLists(runs("a", "b", "c"), [...done("a"), ...runs("b", "c")], runs("b", "c"), [
      ...done("b"),
      ...runs("c"),
    ]);
    expect([batch.ended.size, batch.running.size]).toEqual([2, 1]);
  });

  it("are counted anew with the next that begins after all of them", () => {
    const first = withoutNews(afterLists(runs("a"), done("a")));
    const second = [[...done("a"), ...runs("b")], done("a", "b")].reduce(followEnds, first);
    expect([[...second.ended.keys()], newsOf(second)]).toEqual([["b"], ["b"]]);
  });
});

describe("what is announced of them", () => {
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
