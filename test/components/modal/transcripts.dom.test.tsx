import { configure, render } from "@testing-library/react";
import { describe, expect, it, onTestFinished } from "vitest";
import { SyncProgress } from "../../../src/components/progress/sync-progress.js";
import { type Scenario, type ScenarioName, scenarios } from "../../../src/msw/scenarios.js";
import { aProgressState } from "../../support/a-progress-state.js";
import { openVirtualSync } from "./virtual-sync.js";

const opened = "dialog, Syncing Gmail, Connecting...";
const started = "polite: Syncing Gmail has started.";
const done = (words: string) => `polite: Gmail is up to date. ${words} Closes in 3 seconds.`;
/** The dialog has closed, and the focus is back in the page. */
const closed = "main";

const TRANSCRIPTS: Readonly<Record<ScenarioName, readonly string[]>> = {
  happyPath: [opened, started, "polite: Gmail: 50%.", done("120 items synced in 7 s."), closed],
  slow: [
    opened,
    started,
    "polite: Gmail: Fetching emails...",
    "polite: Gmail: 25%.",
    "polite: Gmail: 50%.",
    "polite: Gmail: Reading emails...",
    "polite: Gmail: 75%.",
    "polite: Gmail: Building the index...",
    done("60 items synced in 2 min 18 s."),
    closed,
  ],
  unknownTotal: [opened, started, "polite: Gmail: Fetching emails...", done("120 items synced in 7 s."), closed],
  growingTotal: [opened, started, "polite: Gmail: 50%.", done("120 items synced in 7 s."), closed],
  nothingNew: [opened, started, done("Nothing new to sync."), closed],
  partialFailure: [
    opened,
    started,
    "polite: Gmail: 25%.",
    "polite: Gmail: Building the index...",
    "polite: Gmail synced with 3 problems. 97 of 100 items synced.",
  ],
  failsMidway: [opened, started, "assertive: Gmail could not be synced. Gmail refuses more requests today."],
  timesOut: [opened, started, "assertive: Gmail took too long. No progress for 2 minutes, so the sync was stopped."],
  interrupted: [opened, started, "assertive: Gmail was interrupted. The server restarted while syncing."],
  blocksStream: [opened, started, "polite: Gmail: 25%.", done("120 items synced in 7 s."), closed],
  unreachable: [opened, "polite: Progress cannot be shown right now"],
  neverStarts: [opened, "polite: Gmail is waiting. Waiting for its turn..."],
  stalls: [
    opened,
    started,
    "polite: Gmail: 25%.",
    "polite: Gmail: 50%.",
    done("120 items synced in 1 min 7 s."),
    closed,
  ],
  burst: [opened, done("10,000 items synced."), closed],
  // Each break is over before it is worth a word.
  dropsConnection: [opened, started, "polite: Gmail: 25%.", done("120 items synced in 7 s."), closed],
  malformed: [opened, started, "polite: Gmail: 50%.", done("120 items synced in 7 s."), closed],
  unauthorized: [opened, "assertive: You have been signed out. Sign in again to see the progress. The sync continues."],
  notFound: [opened, "assertive: This sync no longer exists. It may have expired, or it belongs to another account."],
};

const LASTS_MS: Partial<Record<ScenarioName, number>> = { slow: 160_000, stalls: 90_000 };
/** Where two messages would fall due in one moment. */
const SPEEDS: Partial<Record<ScenarioName, number>> = {
  happyPath: 0.95,
  unknownTotal: 0.95,
  growingTotal: 0.95,
  malformed: 0.95,
  partialFailure: 0.55,
};

describe("31 what a screen reader says of", () => {
  it.each(Object.entries(TRANSCRIPTS) as [ScenarioName, readonly string[]][])("%s", async (scenario, transcript) => {
    const { pass, heard } = await openVirtualSync({ scenario, speed: SPEEDS[scenario] ?? 1 });
    await pass(LASTS_MS[scenario] ?? 20_000);
    expect(await heard()).toEqual(transcript);
  });

  it("a sync in StrictMode, which runs effects twice: the same", async () => {
    configure({ reactStrictMode: true });
    onTestFinished(() => configure({ reactStrictMode: false }));
    const { pass, heard } = await openVirtualSync({ scenario: "happyPath", speed: 0.95 });
    await pass(20_000);
    expect(await heard()).toEqual(TRANSCRIPTS.happyPath);
  });

  it("15 no item that the sync comes by, whole or in part", async () => {
    const items = new Set<string>();
    const { play, description } = scenarios.partialFailure;
    const scenario: Scenario = {
      description,
      play: (run, tools) =>
        play(run, {
          ...tools,
          itemName(index) {
            const item = tools.itemName(index);
            items.add(item);
            return item;
          },
        }),
    };
    const { pass, heard } = await openVirtualSync({ scenario, speed: 0.55 });
    await pass(2_000);
    const shown = [...items].filter((item) => document.body.textContent.includes(item));
    expect(shown).toHaveLength(1);
    await pass(18_000);
    expect(items.size).toBe(100);
    const said = (await heard()).filter((phrase) => /^(polite|assertive): /.test(phrase));
    expect(said).toContain("polite: Gmail: 25%.");
    for (const item of items) {
      const [subject = item] = item.split(" (");
      expect(said.filter((phrase) => phrase.includes(subject))).toEqual([]);
    }
  });

  it("a pause and its end", async () => {
    const { driver, pass, heard, press } = await openVirtualSync({ scenario: "manual" });
    driver.update({ status: "syncing", totalItems: 100, stage: "Fetching emails..." });
    driver.advance(10);
    await pass(10_000);
    await press("Pause");
    await pass(10_000);
    await press("Resume");
    await pass(10_000);
    expect((await heard()).slice(2)).toEqual([
      "button, Pause",
      "button, Resume",
      "polite: Gmail is paused. Paused at 10 of 100 (Fetch).",
      "button, Run in background",
      "polite: Gmail sync resumed.",
    ]);
  });

  it("a cancel, which asks first", async () => {
    const { driver, pass, heard, press } = await openVirtualSync({ scenario: "manual" });
    driver.update({ status: "syncing", totalItems: 100, stage: "Fetching emails..." });
    driver.advance(10);
    await pass(10_000);
    await press("Cancel sync");
    await pass(1_000);
    await press("Stop");
    await pass(10_000);
    expect((await heard()).slice(2)).toEqual([
      "button, Cancel sync",
      "button, Keep syncing",
      "button, Stop",
      "button, Sync again",
      "polite: Gmail sync cancelled. 10 of 100 items were kept.",
    ]);
  });

  it("16 a connection that is lost for more than five seconds, and found again", async () => {
    const { driver, pass, heard, goOffline, goOnline } = await openVirtualSync({ scenario: "manual" });
    driver.update({ status: "syncing", totalItems: 100 });
    await pass(10_000);
    goOffline();
    await pass(4_900);
    const before = (await heard()).length;
    await pass(10_000);
    goOnline();
    await pass(10_000);
    expect((await heard()).slice(before)).toEqual([
      "polite: You are offline. The sync continues; this view will catch up when you are back online.",
      "polite: Gmail: reconnected.",
    ]);
  });

  it("a sync in the background: nothing, until it has ended", async () => {
    const { driver, pass, heard, press } = await openVirtualSync({ scenario: "manual" });
    driver.update({ status: "syncing", totalItems: 100 });
    await pass(10_000);
    await press("Run in background");
    await pass(1_000);
    const before = (await heard()).length;
    driver.advance(60);
    await pass(10_000);
    driver.advance(40);
    driver.finish();
    await pass(10_000);
    expect((await heard()).slice(before)).toEqual(["polite: Gmail is up to date. 100 items synced in 21 s."]);
  });

  it("a start that is refused, each time it is tried", async () => {
    const states = { opening: { syncId: null, status: null, percent: null }, refused: "Too busy." } as const;
    const { pass, heard } = await openVirtualSync({ scenario: "manual" });
    const display = (startError: string | null) => (
      <SyncProgress.Root state={aProgressState(states.opening)} startError={startError} name="Slack" locale="en" />
    );
    const { rerender } = render(display(null));
    const before = (await heard()).length;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      rerender(display(states.refused));
      await pass(2_000);
      rerender(display(null));
      await pass(100);
    }
    const said = (await heard()).slice(before).filter((phrase) => phrase.includes("Slack"));
    expect(said).toEqual(Array(2).fill("assertive: Slack could not be synced. Too busy."));
  });

  it("a retry of what has failed", async () => {
    const { pass, heard, press } = await openVirtualSync({ scenario: "partialFailure" });
    await pass(20_000);
    const before = (await heard()).length;
    await press("Retry failed");
    await pass(20_000);
    expect((await heard()).slice(before)).toEqual([
      "button, Retry failed",
      "button, Run in background",
      started,
      "button, Done",
      // The focus, which is on a button, holds the countdown.
      "polite: Gmail is up to date. 3 items synced.",
    ]);
  });
});
