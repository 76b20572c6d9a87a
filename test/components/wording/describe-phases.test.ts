import { describe, expect, it } from "vitest";
import { labelsAr } from "../../../src/components/labels/ar.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import { currentPhaseText, describePhases } from "../../../src/components/wording/describe-phases.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import { aProgressState } from "../../support/a-progress-state.js";
import { PHASES } from "../../support/phases.js";

const inWords = (given: Partial<SyncProgressState>) =>
  describePhases(aProgressState({ phases: PHASES, ...given }), labelsEn).map(
    ({ label, progressText }) => `${label}: ${progressText}`,
  );

describe("the phases of a sync", () => {
  it.each<[string, Partial<SyncProgressState>, readonly string[]]>([
    [
      "before its first one",
      { status: "queued", phase: null },
      ["Connect: not started", "Fetch: not started", "Index: not started"],
    ],
    ["in the middle", { phase: "fetch" }, ["Connect: done", "Fetch: in progress", "Index: not started"]],
    [
      "while it is paused",
      { status: "paused", phase: "fetch" },
      ["Connect: done", "Fetch: in progress", "Index: not started"],
    ],
    ["when it fails", { status: "error", phase: "fetch" }, ["Connect: done", "Fetch: stopped", "Index: not started"]],
    [
      "when it is cancelled",
      { status: "cancelled", phase: "index" },
      ["Connect: done", "Fetch: done", "Index: stopped"],
    ],
    ["when it is complete", { status: "complete", phase: "index" }, ["Connect: done", "Fetch: done", "Index: done"]],
    [
      "in one that it did not declare",
      { phase: "other" },
      ["Connect: not started", "Fetch: not started", "Index: not started"],
    ],
  ])("are in words %s", (_, given, words) => {
    expect(inWords(given)).toEqual(words);
  });

  it("are none for a sync that declares none or a single one, and before anything is received", () => {
    expect(inWords({ phases: [] })).toEqual([]);
    expect(inWords({ phases: PHASES.slice(0, 1) })).toEqual([]);
    expect(inWords({ status: null })).toEqual([]);
  });
});

describe("the phase that the counts belong to", () => {
  it("is the current one of several, kept apart from a sentence of the other direction", () => {
    const state = aProgressState({ phases: PHASES, phase: "fetch" });
    expect(currentPhaseText(state, labelsEn)).toBe("Fetch");
    expect(currentPhaseText(state, labelsAr)).toBe("\u2068Fetch\u2069");
  });

  it("is none for a sync with one phase, or in no declared one", () => {
    expect(currentPhaseText(aProgressState({ phases: PHASES.slice(1, 2), phase: "fetch" }), labelsEn)).toBeNull();
    expect(currentPhaseText(aProgressState({ phases: PHASES, phase: "other" }), labelsEn)).toBeNull();
  });
});
