import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SyncSnapshot } from "../../../src/protocol/snapshot.js";
import { encodeSnapshot } from "../../../src/protocol/snapshot.js";
import { FeedLog } from "../../../src/server/http/feed-log.js";
import { createFrameEncoder } from "../../../src/server/http/snapshot-frame.js";
import { aSnapshot } from "../../support/a-snapshot.js";

const TEN_MINUTES_MS = 10 * 60 * 1_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: TEN_MINUTES_MS }));
afterEach(() => void vi.useRealTimers());

function aLog() {
  const log = new FeedLog({ encode: createFrameEncoder(), toWire: encodeSnapshot });
  const add = (syncId: string, given: Partial<SyncSnapshot> = {}) =>
    log.add({ type: "snapshot", snapshot: aSnapshot({ syncId, ...given }) });
  const end = (syncId: string, completedAt = Date.now()) => add(syncId, { status: "complete", completedAt });
  const remove = (syncId: string) => log.add({ type: "deleted", syncId });
  const start = (id: string | null = null) => {
    const { frames, ...rest } = log.start(id);
    return { ...rest, syncs: frames.map(({ syncId }) => syncId) };
  };
  return { log, add, end, remove, start };
}

describe("the log of a feed", () => {
  it("begins with each sync once, in the order of their newest changes", () => {
    const { add, end, remove, start } = aLog();
    for (const syncId of ["a", "b", "c", "d"]) add(syncId);
    add("a");
    end("b");
    remove("c");
    expect(start()).toEqual({ syncs: ["d", "a", "b"], isReset: true, omitted: 0 });
  });

  it("continues after any of its positions with what has changed since, deletions included", () => {
    const { log, add, end, remove, start } = aLog();
    const positions: string[] = [];
    const steps = [
      () => add("a"),
      () => add("b"),
      () => end("a"),
      () => add("c"),
      () => remove("b"),
      () => remove("a"),
    ];
    for (const step of steps) {
      positions.push(log.position);
      step();
    }
    const since = (index: number) => start(positions[index]).syncs;
    expect([since(0), since(2), since(4), since(5)]).toEqual([["c", "b", "a"], ["c", "b", "a"], ["b", "a"], ["a"]]);
    expect(start(log.position)).toEqual({ syncs: [], isReset: false, omitted: 0 });
  });

  it("begins anew for a position before something that it has dropped", () => {
    const { log, add, end, start } = aLog();
    add("running");
    const before = log.position;
    end("ended");
    const after = log.position;
    vi.setSystemTime(Date.now() + TEN_MINUTES_MS + 1);
    expect(start(before)).toEqual({ syncs: ["running"], isReset: true, omitted: 0 });
    expect(start(after)).toEqual({ syncs: [], isReset: false, omitted: 0 });
  });

  it("keeps no more than 200 deletions, and none of what ended long ago", () => {
    const { log, add, end, remove, start } = aLog();
    const first = log.position;
    for (let index = 0; index < 201; index += 1) {
      add(`${index}`);
      remove(`${index}`);
    }
    expect(start(first)).toMatchObject({ syncs: [], isReset: true });
    const second = log.position;
    for (let index = 0; index < 10_000; index += 1) {
      end(`${index}`);
      vi.setSystemTime(Date.now() + TEN_MINUTES_MS / 100);
    }
    expect(start(second).isReset).toBe(true);
    expect(start().syncs.length).toBeLessThan(102);
  });

  it("is no other log's: a position of another one counts for nothing", () => {
    const [one, other] = [aLog(), aLog()];
    for (const { add } of [one, other]) add("a");
    expect(other.start(one.log.position)).toEqual({ syncs: ["a"], isReset: true, omitted: 0 });
  });
});
