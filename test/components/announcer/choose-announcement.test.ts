import { describe, expect, it } from "vitest";
import {
  type AnnouncedMoment,
  chooseAnnouncement,
  momentOf,
} from "../../../src/components/announcer/choose-announcement.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import { createFormatter } from "../../../src/components/labels/formatter.js";
import { describeProgress } from "../../../src/components/wording/describe-progress.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import { AUTO_CLOSE_OFF, type AutoCloseControl } from "../../../src/react/use-auto-close.js";
import { aProgressState } from "../../support/a-progress-state.js";
import { anAutoClose } from "../../support/an-auto-close.js";

const format = createFormatter("en");

/** A state, and what is chosen when it follows a moment. */
function step(
  before: AnnouncedMoment | null,
  { autoClose = AUTO_CLOSE_OFF, ...given }: Partial<SyncProgressState> & { readonly autoClose?: AutoCloseControl },
) {
  const state = aProgressState(given);
  const described = { state, name: "Gmail", startError: null };
  const text = describeProgress(described, labelsEn, format, 0);
  return {
    moment: momentOf(state, autoClose, text.kind),
    chosen: chooseAnnouncement(before, { state, autoClose, text, name: "Gmail", labels: labelsEn, format }),
  };
}

/** What is said while a sync goes through states. */
function saidThrough(...states: readonly Parameters<typeof step>[1][]): (string | null)[] {
  let before: AnnouncedMoment | null = null;
  return states.map((given) => {
    const { moment, chosen } = step(before, given);
    before = moment;
    return chosen === null ? null : chosen.politeness === "assertive" ? `! ${chosen.text}` : chosen.text;
  });
}

const begun = { percent: 3 } as const;
const stillOpening = { status: null, percent: null, phase: null } as const;

describe("what is announced", () => {
  it("12 is the start, each quarter and the end", () => {
    expect(
      saidThrough(
        stillOpening,
        { percent: 3 },
        { percent: 24.9 },
        { percent: 25 },
        { percent: 49 },
        { percent: 51 },
        { percent: 74 },
        { percent: 99 },
        { status: "complete" },
        { status: "complete" },
      ),
    ).toEqual([
      null,
      "Syncing Gmail has started.",
      null,
      "Gmail: 25%.",
      null,
      "Gmail: 50%.",
      null,
      "Gmail: 75%.",
      "Gmail is up to date. 100 items synced in 2 min 5 s.",
      null,
    ]);
  });

  it("is where it stands when it is seen for the first time in its middle", () => {
    expect(saidThrough(stillOpening, { percent: 45 })).toEqual([null, "Gmail: 45%."]);
    expect(saidThrough({ percent: null, totalItems: null })).toEqual(["Syncing Gmail. Fetching emails..."]);
  });

  it("is the last of the quarters when several are passed at once", () => {
    expect(saidThrough({ percent: 9 }, { percent: 80 })).toEqual(["Syncing Gmail has started.", "Gmail: 75%."]);
  });

  it("is the way through the queue", () => {
    expect(saidThrough(stillOpening, { status: "queued", stage: "", percent: null }, { percent: null })).toEqual([
      null,
      "Gmail is waiting. Waiting for its turn...",
      "Syncing Gmail has started.",
    ]);
  });

  it("is a new phase by its stage, also where an older backend names no phase", () => {
    expect(saidThrough({ percent: 5 }, { phase: "parsing", stage: "Reading emails...", percent: 60 })[1]).toBe(
      "Gmail: Reading emails...",
    );
    const older = { phase: null, percent: null } as const;
    expect(
      saidThrough(
        { ...older, status: "connecting", processedItems: 0 },
        { ...older, status: "syncing", stage: "Fetching emails..." },
        { ...older, status: "syncing", stage: "Fetching more emails..." },
      ),
    ).toEqual(["Syncing Gmail has started.", "Gmail: Fetching emails...", null]);
  });

  it("is a pause and its end, once each", () => {
    expect(saidThrough(begun, { status: "paused" }, { status: "paused", processedItems: 46 }, begun, begun)).toEqual([
      "Syncing Gmail has started.",
      "Gmail is paused. Paused at 45 of 100.",
      null,
      "Gmail sync resumed.",
      null,
    ]);
  });

  it("14 is a failure, at once and once", () => {
    const failed = {
      status: "error",
      percent: 45,
      error: { kind: "sync-failed", message: "The disk is full.", code: null },
    } as const;
    expect(saidThrough(begun, failed, failed)).toEqual([
      "Syncing Gmail has started.",
      "! Gmail could not be synced. The disk is full.",
      null,
    ]);
  });

  it("is an expired sign-in, each time it expires", () => {
    const signedOut = { error: { kind: "unauthorized", message: "", code: null } } as const;
    const words = "! You have been signed out. Sign in again to see the progress. The sync continues.";
    expect(saidThrough(begun, signedOut, signedOut, begun, signedOut)).toEqual([
      "Syncing Gmail has started.",
      words,
      null,
      null,
      words,
    ]);
  });

  it("is the countdown, together with the end", () => {
    expect(saidThrough({}, { status: "complete", autoClose: anAutoClose() })[1]).toBe(
      "Gmail is up to date. 100 items synced in 2 min 5 s. Closes in 3 seconds.",
    );
  });

  it("15 is never the current item", () => {
    expect(saidThrough({ percent: 1, currentItem: "a.pdf" }, { percent: 1, currentItem: "b.pdf" })[1]).toBeNull();
  });
});
