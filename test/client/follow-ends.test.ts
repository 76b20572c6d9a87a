import { describe, expect, it } from "vitest";
import { followEnds, NO_BATCH, type SyncBatch, withoutNews } from "../../src/client/follow-ends.js";
import type { SyncView } from "../../src/client/sync-view.js";
import { aView } from "../support/a-view.js";
import { aSyncView } from "../support/several-views.js";

const runs = (...ids: string[]) => ids.map((id) => aSyncView(id));
const done = (...ids: string[]) => ids.map((id) => aSyncView(id, { status: "complete" }));
const afterLists = (...lists: (readonly SyncView[])[]): SyncBatch => lists.reduce(followEnds, NO_BATCH);
const newsOf = ({ news }: SyncBatch) => [...news];

describe("the ends in a list of syncs", () => {
  it("are news of those that were seen running", () => {
    expect(newsOf(afterLists(done("old"), runs("a", "b"), [...done("a"), ...runs("b")]))).toEqual(["a"]);
  });

  it("are no news when the list is loaded after the end", () => {
    expect(newsOf(afterLists(done("a", "b")))).toEqual([]);
    const unknown = aView({ syncId: "a" });
    expect(newsOf(afterLists([unknown], done("a")))).toEqual([]);
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
