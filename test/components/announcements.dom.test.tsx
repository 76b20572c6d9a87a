import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { ProgressAnnouncer } from "../../src/components/progress-announcer.js";
import type { AnnouncementLevel } from "../../src/components/use-announcements.js";
import type { SyncProgressState } from "../../src/react/use-sync-progress.js";
import { aProgressState } from "../support/a-progress-state.js";
import { listenToAnnouncer } from "./listen-to-announcer.js";

interface Given extends Partial<SyncProgressState> {
  readonly name?: string;
  readonly says?: AnnouncementLevel;
  readonly startError?: string | null;
}

/** Displays of syncs on one page, by what they differ in from a sync of Gmail that runs. */
const displays = (...all: readonly Given[]) =>
  all.map(({ name = "Gmail", says = "all", startError = null, ...state }, index) => (
    <ProgressAnnouncer
      key={index}
      state={aProgressState(state)}
      name={name}
      says={says}
      startError={startError}
      locale="en"
    />
  ));

/** A page of displays, and who listens to it. */
function openPage(...first: readonly Given[]) {
  const page = listenToAnnouncer();
  const { rerender } = render(displays(...first));
  return { ...page, show: (...next: readonly Given[]) => rerender(displays(...next)) };
}

const starting = { syncId: null, status: null, percent: null, phase: null } as const;

describe("14 an alert", () => {
  it("tells each of two starts that are refused in one moment, and each once", async () => {
    const page = openPage({ ...starting }, { ...starting, name: "Slack" }, { ...starting });
    const refused = { ...starting, startError: "Too busy." };
    page.show(refused, { ...refused, name: "Slack" }, refused);
    await page.pass(500);
    expect(page.texts()).toEqual(["Gmail could not be synced. Too busy.", "Slack could not be synced. Too busy."]);
    expect(document.querySelector("[role=alert]")?.textContent).toContain("Gmail");
  });

  it("tells each of the syncs that a server has lost in one moment, and each once", async () => {
    const running = ["sync-1", "sync-2", "sync-1", "sync-2"].map((syncId) => ({ syncId, name: syncId }));
    const page = openPage(...running);
    await page.pass(10_000);
    const error = { kind: "sync-failed", message: "", code: "interrupted" } as const;
    page.show(...running.map((one) => ({ ...one, status: "error" as const, error })));
    await page.pass(20_000);
    expect(page.heard.filter(({ role }) => role === "alert").map(({ text }) => text)).toEqual([
      "sync-1 was interrupted. The server restarted while syncing.",
      "sync-2 was interrupted. The server restarted while syncing.",
    ]);
    expect(document.querySelector("[role=alert]")?.textContent).toBe("");
  });
});

describe("a display out of sight", () => {
  const hidden = { says: "outcome" } as const;
  const failed = { status: "error", error: { kind: "sync-failed", message: "The disk is full.", code: null } } as const;
  const told = ["Gmail could not be synced. The disk is full."];

  it("tells that a start was refused", async () => {
    const page = openPage({ ...starting });
    page.show({ ...starting, ...hidden });
    page.show({ ...starting, ...hidden, startError: "Too busy." });
    await page.pass(10_000);
    expect(page.texts()).toEqual(["Gmail could not be synced. Too busy."]);
  });

  it("tells the end of a sync that it has seen running", async () => {
    const page = openPage({ ...hidden });
    page.show({ ...hidden, ...failed });
    await page.pass(10_000);
    expect(page.texts()).toEqual(told);
  });

  it("tells the end of a sync whose start it was in sight for, however soon", async () => {
    const page = openPage({ ...starting });
    page.show({ ...starting, ...hidden });
    page.show({ ...starting, ...hidden, syncId: "sync-1" });
    page.show({ ...hidden, ...failed });
    await page.pass(10_000);
    expect(page.texts()).toEqual(told);
  });

  it("tells the end of a retry that it was in sight for", async () => {
    const page = openPage({ ...failed, syncId: "sync-0" });
    await page.pass(10_000);
    page.show({ ...starting, syncId: "sync-1" });
    page.show({ ...starting, ...hidden, syncId: "sync-1" });
    page.show({ ...hidden, ...failed });
    await page.pass(10_000);
    expect(page.texts()).toEqual([...told, ...told]);
  });

  it("tells nothing of a sync that was over when it first looked", async () => {
    const page = openPage({ ...starting, ...hidden, syncId: "sync-1" });
    page.show({ ...hidden, ...failed });
    await page.pass(10_000);
    // Nor of one that the application remembers a moment later.
    page.show({ ...starting, ...hidden });
    page.show({ ...hidden, ...failed, syncId: "sync-2" });
    // Nor of the next, when the start before was seen.
    page.show({ ...starting });
    page.show({ ...hidden, syncId: "sync-3" });
    page.show({ ...hidden, ...failed, syncId: "sync-4" });
    await page.pass(10_000);
    expect(page.texts()).toEqual([]);
  });

  it("tells nothing but the end", async () => {
    const page = openPage({ ...hidden });
    page.show({ ...hidden, percent: 55, status: "paused" });
    page.show({ ...hidden, percent: 80 });
    await page.pass(10_000);
    expect(page.texts()).toEqual([]);
  });
});
