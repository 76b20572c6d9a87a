import { describe, expect, it } from "vitest";
import {
  canPauseStatus,
  isMovingStatus,
  isTerminalStatus,
  parseStatus,
  STATUSES,
  type SyncStatus,
} from "../../src/protocol/status.js";

const all = Object.keys(STATUSES).map(parseStatus);
const those = (test: (status: SyncStatus) => boolean) => all.filter(test);

describe("the table of statuses", () => {
  it("is what the decoder reads: every status is its own word", () => {
    expect(all).toEqual(Object.keys(STATUSES));
  });

  it("says which end, which move and which can be paused", () => {
    expect(those(isTerminalStatus)).toEqual(["complete", "error", "cancelled"]);
    const moving = ["connecting", "syncing", "parsing", "embedding", "running"];
    expect(those(isMovingStatus)).toEqual(moving);
    expect(those(canPauseStatus)).toEqual(["queued", ...moving]);
  });

  it.each(["toString", "__proto__", "hasOwnProperty", ""])("has no status %j", (word) => {
    expect(parseStatus(word)).toBe("running");
  });
});
