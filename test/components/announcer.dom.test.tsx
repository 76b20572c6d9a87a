import { describe, expect, it, onTestFinished, vi } from "vitest";
import { announcer } from "../../src/components/announcer.js";
import { listenToAnnouncer } from "./listen-to-announcer.js";

/** A page with a display on it that needs the announcer. */
function openPage() {
  const page = listenToAnnouncer();
  onTestFinished(announcer.attach());
  return page;
}

describe("the announcer", () => {
  it("tells the end of a sync, whatever another sync tells meanwhile", async () => {
    const { pass, texts } = openPage();
    const onSettled = vi.fn();
    announcer.say({ topic: "gmail", about: "75%", text: "Gmail: 75%.", isOutcome: false });
    await pass(1_000);
    announcer.say({ topic: "gmail", about: "end", text: "Gmail is up to date.", isOutcome: true, onSettled });
    await pass(1_000);
    announcer.say({ topic: "slack", about: "25%", text: "Slack: 25%.", isOutcome: false });
    expect(onSettled).not.toHaveBeenCalled();
    await pass(20_000);
    expect(texts()).toEqual(["Gmail: 75%.", "Gmail is up to date.", "Slack: 25%."]);
    expect(onSettled).toHaveBeenCalledTimes(1);
  });

  it("settles what two displays tell alike when it was said, and not before", async () => {
    const { pass, texts } = openPage();
    const settled: string[] = [];
    announcer.say({ topic: "gmail", about: "75%", text: "Gmail: 75%.", isOutcome: false });
    await pass(1_000);
    for (const display of ["card", "modal"]) {
      const onSettled = () => settled.push(display);
      announcer.say({ topic: "gmail", about: "end", text: "Gmail is up to date.", isOutcome: true, onSettled });
    }
    await pass(1_000);
    expect(settled).toEqual([]);
    await pass(20_000);
    expect(texts()).toEqual(["Gmail: 75%.", "Gmail is up to date."]);
    expect(settled).toEqual(["card", "modal"]);
  });
});
