import { describe, expect, it } from "vitest";
import { type GivenDisplay, openPage, starting } from "./announcing-page.js";

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

  it("tells once what two displays learn shortly after each other", async () => {
    const page = openPage({}, {});
    await page.pass(10_000);
    const failed = {
      status: "error",
      error: { kind: "sync-failed", message: "The disk is full.", code: null },
    } as const;
    page.show(failed, {});
    await page.pass(300);
    page.show(failed, failed);
    await page.pass(10_000);
    expect(page.heard.filter(({ role }) => role === "alert").map(({ text }) => text)).toEqual([
      "Gmail could not be synced. The disk is full.",
    ]);
  });

  it("tells once that the session of several syncs has expired, and again when it does", async () => {
    const running = [{}, { syncId: "sync-2", name: "Slack" }];
    const page = openPage(...running);
    await page.pass(1_000);
    const error = { kind: "unauthorized", message: "", code: null } as const;
    for (let times = 0; times < 2; times += 1) {
      page.show(...running.map((one) => ({ ...one, error })));
      await page.pass(10_000);
      page.show(...running);
      await page.pass(10_000);
    }
    expect(page.heard.filter(({ role }) => role === "alert").map(({ text }) => text)).toEqual(
      Array(2).fill("You have been signed out. Sign in again to see the progress. The sync continues."),
    );
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

describe("16 a lost connection", () => {
  const offline = "You are offline. The sync continues; this view will catch up when you are back online.";
  const lost = () => ({ isOffline: true, disconnectedAt: Date.now() });
  const slack = { syncId: "sync-2", name: "Slack" } as const;

  /** A page on which nothing else is to be said, about to lose its connection. */
  async function openQuietPage(...all: readonly GivenDisplay[]) {
    const page = openPage(...all);
    await page.pass(10_000);
    const before = page.heard.length;
    return { ...page, news: () => page.texts().slice(before) };
  }

  it("is told after five seconds and not before, and that it is back", async () => {
    const page = await openQuietPage({});
    page.show(lost());
    await page.pass(4_990);
    expect(page.news()).toEqual([]);
    await page.pass(20);
    expect(page.news()).toEqual([offline]);
    page.show({});
    await page.pass(10_000);
    expect(page.news()).toEqual([offline, "Gmail: reconnected."]);
  });

  it("is told once by two displays, and so is that it is back", async () => {
    const page = await openQuietPage({}, {});
    const loss = lost();
    page.show(loss, loss);
    await page.pass(10_000);
    page.show({}, {});
    await page.pass(10_000);
    expect(page.news()).toEqual([offline, "Gmail: reconnected."]);
  });

  it("is told once of two syncs, and of each that it is back", async () => {
    const page = await openQuietPage({}, slack);
    const loss = lost();
    page.show(loss, { ...slack, ...loss, disconnectedAt: loss.disconnectedAt + 3 });
    await page.pass(20_000);
    page.show({}, slack);
    await page.pass(20_000);
    expect(page.news()).toEqual([offline, "Gmail: reconnected.", "Slack: reconnected."]);
  });

  it("is told each time", async () => {
    const page = await openQuietPage({});
    for (const says of ["all", "outcome", "all"] as const) {
      page.show(lost());
      await page.pass(10_000);
      page.show({ says });
      await page.pass(10_000);
    }
    expect(page.news()).toEqual([offline, "Gmail: reconnected.", offline, offline, "Gmail: reconnected."]);
  });

  it("is not worth a word when it is over before its turn", async () => {
    const page = await openQuietPage({}, { ...slack, percent: 45 });
    const loss = lost();
    page.show(loss, { ...slack, percent: 45 });
    await page.pass(4_900);
    page.show(loss, { ...slack, percent: 55 });
    await page.pass(2_000);
    page.show({}, { ...slack, percent: 55 });
    await page.pass(10_000);
    expect(page.news()).toEqual(["Slack: 50%."]);
  });

  it("is not found again when it was never told", async () => {
    const page = await openQuietPage({}, { ...slack, percent: 20 });
    const loss = lost();
    page.show(loss, { ...slack, percent: 20 });
    await page.pass(4_900);
    page.show(loss, { ...slack, percent: 25 });
    await page.pass(1_000);
    page.show(loss, { ...slack, percent: 50 });
    await page.pass(10_000);
    page.show({}, { ...slack, percent: 50 });
    await page.pass(10_000);
    expect(page.news()).toEqual(["Slack: 25%.", "Slack: 50%."]);
  });

  it("is not told of a sync that went out of sight, nor that it is back", async () => {
    const page = await openQuietPage({});
    const loss = lost();
    page.show({ ...loss, says: "outcome" });
    await page.pass(10_000);
    expect(page.news()).toEqual([]);
    page.show(loss);
    await page.pass(10_000);
    page.show({ ...loss, says: "outcome" });
    page.show({ says: "outcome" });
    page.show({});
    await page.pass(10_000);
    expect(page.news()).toEqual([offline]);
  });
});
