import { describe, expect, it } from "vitest";
import { SyncJobError } from "../../src/server/sync-job-error.js";
import {
  CANCELLED,
  COMPLETE,
  endSnapshot,
  failedWith,
  INTERRUPTED,
  stopReasonOf,
  timedOut,
} from "../../src/server/sync-outcome.js";
import { aSnapshot } from "../support/a-snapshot.js";

describe("why a job is stopped", () => {
  it.each([
    [CANCELLED, "cancelled", "The sync was cancelled."],
    [timedOut("Too slow."), "timed_out", "Too slow."],
    [INTERRUPTED, "interrupted", "The server is shutting down."],
    [COMPLETE, "ended", "The sync has ended."],
    [failedWith(new Error("boom")), "ended", "The sync has ended."],
    [failedWith(new SyncJobError("No.", { code: "locked" })), "ended", "The sync has ended."],
  ])("by %j is %s", (outcome, why, message) => {
    expect(stopReasonOf(outcome)).toMatchObject({ name: "SyncStoppedError", why, message });
  });
});

describe("the last snapshot", () => {
  const running = aSnapshot({
    currentItem: "a.md",
    processedItems: 3,
    failedItems: 1,
    percentComplete: 4,
    updatedAt: 1,
  });

  it("of a complete sync is whole, and knows its total", () => {
    expect(endSnapshot({ ...running, totalItems: null }, COMPLETE)).toMatchObject({
      status: "complete",
      stage: "",
      currentItem: null,
      totalItems: 4,
      percentComplete: 100,
      errorMessage: null,
      errorCode: null,
    });
    expect(endSnapshot(running, COMPLETE).totalItems).toBe(100);
  });

  it("of another one keeps how far it came", () => {
    const kept = { stage: "", currentItem: null, totalItems: null, percentComplete: 4, processedItems: 3 };
    expect(endSnapshot({ ...running, totalItems: null }, CANCELLED)).toMatchObject({ ...kept, status: "cancelled" });
    expect(endSnapshot({ ...running, totalItems: null }, INTERRUPTED)).toMatchObject({
      ...kept,
      status: "error",
      errorMessage: "The server restarted while syncing.",
      errorCode: "interrupted",
    });
  });

  it("is never older than the one before", () => {
    const later = Date.now() + 60_000;
    expect(endSnapshot({ ...running, updatedAt: later }, COMPLETE)).toMatchObject({
      updatedAt: later,
      completedAt: later,
    });
    expect(endSnapshot({ ...running, updatedAt: null }, COMPLETE).completedAt).toBeGreaterThan(1);
  });
});

describe("a job that threw", () => {
  it.each([
    [new SyncJobError("The mailbox is locked.", { code: "locked" }), "The mailbox is locked.", "locked"],
    [new SyncJobError("No code."), "No code.", null],
    [new SyncJobError("", { code: "empty" }), "Something went wrong on the server.", "empty"],
    [new Error("password=hunter2"), "Something went wrong on the server.", "internal"],
    ["text", "Something went wrong on the server.", "internal"],
  ])("%s ends as error", (error, message, code) => {
    expect(failedWith(error)).toEqual({ status: "error", error: { message, code } });
  });
});
