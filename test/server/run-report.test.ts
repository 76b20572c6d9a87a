import { describe, expect, it } from "vitest";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import {
  pauseRun,
  type ReportResult,
  type RunState,
  reportAdvance,
  reportFailure,
  reportUpdate,
  resumeRun,
} from "../../src/server/run-report.js";
import { aSnapshot } from "../support/a-snapshot.js";

const phases = [
  { name: "fetch", label: "Fetch", weight: 1 },
  { name: "syncing", label: "Sync", weight: 3 },
];

const aState = (given: Partial<SyncSnapshot> = {}): RunState => ({
  snapshot: aSnapshot({ stage: "Working...", currentItem: "a.md", processedItems: 4, ...given }),
  statusBeforePause: null,
});

/** The snapshot after a report, with whether it is urgent. */
function stateAfter(result: ReportResult) {
  if ("problem" in result) throw new Error(result.problem);
  return { ...result.state.snapshot, isUrgent: result.isUrgent };
}

describe("an update", () => {
  it("keeps what it does not mention", () => {
    expect(stateAfter(reportUpdate(aState(), {}))).toMatchObject({
      stage: "Working...",
      currentItem: "a.md",
      processedItems: 4,
      totalItems: 100,
      isUrgent: false,
    });
  });

  it("takes what it mentions, and may take it back", () => {
    const change = { stage: "  Reading\n", totalItems: null, currentItem: null };
    expect(stateAfter(reportUpdate(aState(), change))).toMatchObject({
      stage: "Reading",
      totalItems: null,
      currentItem: null,
      isUrgent: true,
    });
    expect(stateAfter(reportUpdate(aState(), { totalItems: 7.9, currentItem: "b.md" }))).toMatchObject({
      totalItems: 7,
      currentItem: "b.md",
      isUrgent: false,
    });
  });

  it("of the status forgets stage and item of the one before, and keeps the counts", () => {
    expect(stateAfter(reportUpdate(aState(), { status: "parsing" }))).toMatchObject({
      status: "parsing",
      stage: "",
      currentItem: null,
      processedItems: 4,
      isUrgent: true,
    });
    expect(stateAfter(reportUpdate(aState(), { status: "parsing", stage: "Reading", currentItem: "b" }))).toMatchObject(
      {
        stage: "Reading",
        currentItem: "b",
      },
    );
    expect(stateAfter(reportUpdate(aState(), { status: "syncing" }))).toMatchObject({
      stage: "Working...",
      currentItem: "a.md",
      isUrgent: false,
    });
  });

  it("of the phase begins its counts anew, and forgets stage and item", () => {
    const state = aState({ phases, phase: "fetch" });
    expect(stateAfter(reportUpdate(state, { phase: "syncing" }))).toMatchObject({
      phase: "syncing",
      processedItems: 0,
      stage: "",
      currentItem: null,
      isUrgent: true,
    });
    expect(stateAfter(reportUpdate(state, { status: "syncing" })).phase).toBe("syncing");
    expect(stateAfter(reportUpdate(state, { phase: "fetch" }))).toMatchObject({ processedItems: 4, isUrgent: false });
  });

  it("never lets the percentage fall, and keeps it while the total is unknown", () => {
    const state = aState({ percentComplete: 40 });
    expect(stateAfter(reportUpdate(state, { totalItems: 1_000 })).percentComplete).toBe(40);
    expect(stateAfter(reportUpdate(state, { totalItems: null })).percentComplete).toBe(40);
    expect(stateAfter(reportUpdate(state, { totalItems: 5 })).percentComplete).toBe(80);
    expect(stateAfter(reportUpdate(state, { totalItems: 4 })).percentComplete).toBe(99);
  });
});

describe("items that are done or failed", () => {
  it("are counted, and named if they are", () => {
    expect(stateAfter(reportAdvance(aState(), {}))).toMatchObject({ processedItems: 5, currentItem: "a.md" });
    expect(stateAfter(reportAdvance(aState(), { item: "b.md", count: 3 }))).toMatchObject({
      processedItems: 7,
      currentItem: "b.md",
      isUrgent: false,
    });
    expect(stateAfter(reportAdvance(aState(), { item: "" })).currentItem).toBeNull();
    const most = aState({ processedItems: Number.MAX_SAFE_INTEGER });
    expect(stateAfter(reportAdvance(most, { count: 5 })).processedItems).toBe(Number.MAX_SAFE_INTEGER);
    expect(stateAfter(reportFailure(aState(), { item: "c.md", reason: "?" }))).toMatchObject({
      failedItems: 1,
      currentItem: "c.md",
      isUrgent: false,
    });
  });
});

describe("a pause", () => {
  it("goes back to what was reported meanwhile", () => {
    const paused = pauseRun(aState({ status: "queued" }));
    if (paused === null) throw new Error("not paused");
    expect(pauseRun(paused)).toBeNull();
    const reported = reportUpdate(paused, { status: "parsing" });
    expect(stateAfter(reported)).toMatchObject({ status: "paused", stage: "" });
    if ("problem" in reported) throw new Error(reported.problem);
    expect(resumeRun(reported.state)?.snapshot.status).toBe("parsing");
    expect(resumeRun(aState())).toBeNull();
    expect(pauseRun(aState({ status: "complete" }))).toBeNull();
  });
});
