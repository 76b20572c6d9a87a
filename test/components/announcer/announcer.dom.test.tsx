import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { PoliteAnnouncement } from "../../../src/components/announcer/announcement-queue.js";
import { announcer } from "../../../src/components/announcer/announcer.js";
import { listenToAnnouncer } from "./listen-to-announcer.js";

const card = {};
const modal = {};

/** What the card says in its turn; name what matters. */
const say = (given: Partial<PoliteAnnouncement>) =>
  announcer.say({ topic: "gmail", about: "start", text: "Started.", isOutcome: false, displays: [card], ...given });

/** What a display alerts to; name what matters. */
const alert = (given: { readonly topic?: string; readonly about?: string; readonly text?: string } = {}) =>
  announcer.alert({ topic: "gmail", about: "failed", text: "Gmail could not be synced.", ...given });

/** A page with a card on it that needs the announcer. */
function openPage() {
  const page = listenToAnnouncer();
  onTestFinished(announcer.attach(card));
  return page;
}

const textOf = (role: string) => document.querySelector(`.sp-announcer [role=${role}]`)?.textContent;

describe("the announcer", () => {
  it("tells the end of a sync, whatever another sync tells meanwhile", async () => {
    const { pass, texts } = openPage();
    const onSettled = vi.fn();
    say({ about: "75%", text: "Gmail: 75%." });
    await pass(1_000);
    say({ about: "end", text: "Gmail is up to date.", isOutcome: true, onSettled });
    await pass(1_000);
    say({ topic: "slack", about: "25%", text: "Slack: 25%." });
    expect(onSettled).not.toHaveBeenCalled();
    await pass(20_000);
    expect(texts()).toEqual(["Gmail: 75%.", "Gmail is up to date.", "Slack: 25%."]);
    expect(onSettled).toHaveBeenCalledTimes(1);
  });

  it("settles what two displays tell alike when it was said, and not before", async () => {
    const { pass, texts } = openPage();
    const settled: string[] = [];
    say({ about: "75%", text: "Gmail: 75%." });
    await pass(1_000);
    for (const by of ["card", "modal"])
      say({ about: "end", text: "Gmail is up to date.", isOutcome: true, onSettled: () => settled.push(by) });
    await pass(1_000);
    expect(settled).toEqual([]);
    await pass(20_000);
    expect(texts()).toEqual(["Gmail: 75%.", "Gmail is up to date."]);
    expect(settled).toEqual(["card", "modal"]);
  });

  it("keeps alerts of one moment beside each other, and none beside those of another", async () => {
    const { pass } = openPage();
    await pass(200);
    alert({ text: "Gmail failed." });
    alert({ topic: "slack", text: "Slack failed." });
    expect(textOf("alert")).toBe("Gmail failed.Slack failed.");
    await pass(2_000);
    alert({ topic: "notion", text: "Notion failed." });
    expect(textOf("alert")).toBe("Notion failed.");
  });

  it("says no more of what only displays had to say that have gone", async () => {
    const { pass, texts } = openPage();
    const detach = announcer.attach(modal);
    const onSettled = vi.fn();
    say({});
    await pass(200);
    const end = { about: "end", isOutcome: true };
    say({ ...end, text: "Gmail is up to date." });
    say({ ...end, text: "Gmail is up to date.", displays: [modal] });
    say({ ...end, topic: "slack", text: "Slack is up to date.", displays: [modal], onSettled });
    detach();
    await pass(20_000);
    expect(texts()).toEqual(["Started.", "Gmail is up to date."]);
    expect(onSettled).toHaveBeenCalledTimes(1);
    expect(onSettled).toHaveBeenCalledWith(false);
  });
});

describe("the first words", () => {
  it("wait until screen readers know the regions", async () => {
    const { pass, texts } = openPage();
    const onSettled = vi.fn();
    say({ onSettled });
    alert({ topic: "slack" });
    alert({ topic: "slack" });
    await pass(140);
    expect([textOf("status"), textOf("alert")]).toEqual(["", ""]);
    expect(onSettled).not.toHaveBeenCalled();
    await pass(20);
    expect(texts()).toHaveLength(2);
    expect(onSettled).toHaveBeenCalledTimes(1);
  });

  it("are those that are still true then", async () => {
    const { pass, texts } = openPage();
    const onSettled = vi.fn();
    say({ onSettled });
    alert({ about: "unauthorized", text: "You have been signed out." });
    alert();
    await pass(20_000);
    expect(texts()).toEqual(["Gmail could not be synced."]);
    expect(onSettled).toHaveBeenCalledTimes(1);
  });

  it("wait no longer once the regions are there", async () => {
    const { pass, texts } = openPage();
    await pass(150);
    say({});
    alert({ topic: "slack" });
    await pass(0);
    expect(texts()).toHaveLength(2);
  });

  it("are said once, also when their display goes meanwhile", async () => {
    const { pass, texts } = listenToAnnouncer();
    const onSettled = vi.fn();
    const detach = announcer.attach(card);
    say({ onSettled });
    alert({ topic: "slack" });
    detach();
    await pass(20_000);
    expect(texts()).toHaveLength(2);
    expect(onSettled).toHaveBeenCalledTimes(1);
  });

  it("are said when a display comes, goes and comes again in one task, as effects do in StrictMode", async () => {
    const { pass, texts } = listenToAnnouncer();
    const detach = announcer.attach(card);
    say({});
    detach();
    const detachAgain = announcer.attach(card);
    await pass(950);
    say({ about: "end", text: "Gmail is up to date.", isOutcome: true });
    detachAgain();
    // The first time it went is not what counts.
    await pass(100);
    onTestFinished(announcer.attach(card));
    await pass(10_000);
    expect(texts()).toEqual(["Started.", "Gmail is up to date."]);
  });
});

describe("the regions", () => {
  it("13 keep the pace from one display to the next", async () => {
    const { pass, heard } = listenToAnnouncer();
    const detach = announcer.attach(card);
    say({});
    detach();
    await pass(3_000);
    onTestFinished(announcer.attach(modal));
    say({ topic: "slack", text: "Syncing Slack has started.", displays: [modal] });
    await pass(10_000);
    expect(heard.map(({ at }) => at)).toEqual([150, 5_150]);
  });

  it("go when nobody needs them any more", async () => {
    const { pass } = listenToAnnouncer();
    const detach = announcer.attach(card);
    await pass(500);
    detach();
    await pass(900);
    expect(textOf("status")).toBe("");
    await pass(200);
    expect(textOf("status")).toBeUndefined();
  });
});
