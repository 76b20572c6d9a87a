import { describe, expect, it } from "vitest";
import { aggregateSyncs } from "../../src/client/aggregate-syncs.js";
import type { SyncView } from "../../src/client/sync-view.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { aView } from "../support/a-view.js";

const view = (snapshot: Partial<SyncSnapshot>, given: Partial<SyncView> = {}) =>
  aView({ snapshot: aSnapshot(snapshot), ...given });

describe("several syncs in numbers", () => {
  it("are nothing without a percentage when there are none", () => {
    expect(aggregateSyncs([])).toMatchObject({ total: 0, running: 0, percent: null });
  });

  it("count each sync in one group", () => {
    const views = [
      view({ status: "queued" }, { percent: 0 }),
      view({ status: "syncing" }, { percent: 50 }),
      view({ status: "paused" }, { percent: 20 }),
      view({ status: "complete" }),
      view({ status: "complete", failedItems: 3 }),
      view({ status: "error", failedItems: 1 }, { percent: 40 }),
      view({ status: "cancelled" }, { percent: 10 }),
    ];
    expect(aggregateSyncs(views)).toMatchObject({
      total: 7,
      running: 2,
      paused: 1,
      complete: 1,
      partlyFailed: 1,
      failed: 1,
      cancelled: 1,
      failedItems: 4,
    });
  });

  it("have the mean of their percentages, where one that has ended counts as 100", () => {
    const views = [view({ status: "syncing" }, { percent: 20 }), view({ status: "error" }, { percent: 40 })];
    expect(aggregateSyncs(views).percent).toBe(60);
  });

  it("have no percentage while that of one is unknown", () => {
    const views = [view({ status: "syncing" }, { percent: 20 }), view({ status: "syncing" }, { percent: null })];
    expect(aggregateSyncs(views).percent).toBeNull();
  });

  it("count as failed what was not found, and as running what is not known yet", () => {
    const views = [aView({ snapshot: null, isRunning: false }), aView({ snapshot: null })];
    expect(aggregateSyncs(views)).toMatchObject({ failed: 1, running: 1 });
  });
});
