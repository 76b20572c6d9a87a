import { describe, expect, it } from "vitest";
import { AutoCloseTimer } from "../../../src/client/auto-close-timer.js";
import { openPage } from "./announcing-page.js";

const ended = "Gmail is up to date. 100 items synced in 2 min 5 s.";
const closing = "Closes in 3 seconds.";
const card = { says: "outcome" } as const;
const complete = { status: "complete" } as const;

/** What a display that closes itself shows when its sync is complete, and whether it has closed. */
function aCountdown() {
  const timer = new AutoCloseTimer(() => {});
  timer.start(3_000);
  const closes = () => {
    const { status, remainingMs, heldBy } = timer.view;
    return {
      ...complete,
      autoClose: {
        status: status === "idle" ? ("waiting" as const) : status,
        remainingMs,
        heldBy,
        hold: (reason = "user") => timer.hold(reason),
        release: (reason = "user") => timer.release(reason),
        keepOpen: () => timer.keepOpen(),
      },
    };
  };
  return { timer, closes };
}

describe("a countdown", () => {
  it("is told with the end, and waits for that, also beside a display that tells the end alone", async () => {
    const page = openPage({ percent: 60 }, { ...card, percent: 60 });
    await page.pass(1_000);
    const before = page.heard.length;
    const { timer, closes } = aCountdown();
    page.show(closes(), { ...card, ...complete });
    await page.pass(4_000);
    expect(timer.view.status).toBe("held");
    await page.pass(1_000);
    expect(page.texts().slice(before)).toEqual([`${ended} ${closing}`]);
    expect(timer.view.status).toBe("counting");
  });

  it("is told with the end where the display that tells the end alone comes first", async () => {
    const page = openPage({ ...card, percent: 60 }, { percent: 60 });
    await page.pass(1_000);
    const before = page.heard.length;
    page.show({ ...card, ...complete }, aCountdown().closes());
    await page.pass(20_000);
    expect(page.texts().slice(before)).toEqual([`${ended} ${closing}`]);
  });

  it("is told alone where the end was told before", async () => {
    const page = openPage({ ...card, percent: 60 });
    await page.pass(1_000);
    page.show({ ...card, ...complete });
    await page.pass(1_000);
    const { timer, closes } = aCountdown();
    page.show({ ...card, ...complete }, closes());
    await page.pass(3_000);
    expect(page.texts()).toEqual([ended]);
    expect(timer.view.status).toBe("held");
    await page.pass(5_000);
    expect(page.texts()).toEqual([ended, closing]);
  });

  it("waits with both of two displays that tell it", async () => {
    const page = openPage({ percent: 60 }, { percent: 60 });
    await page.pass(1_000);
    const countdowns = [aCountdown(), aCountdown()];
    page.show(...countdowns.map(({ closes }) => closes()));
    await page.pass(4_000);
    expect(countdowns.map(({ timer }) => timer.view.status)).toEqual(["held", "held"]);
    await page.pass(1_000);
    expect(countdowns.map(({ timer }) => timer.view.status)).toEqual(["counting", "counting"]);
  });

  it("is told when it begins, where somebody has held it before, and once", async () => {
    const page = openPage({ percent: 60 });
    await page.pass(10_000);
    const before = page.heard.length;
    const { timer, closes } = aCountdown();
    timer.hold("hover");
    page.show(closes());
    await page.pass(10_000);
    for (let times = 0; times < 2; times += 1) {
      timer.release("hover");
      page.show(closes());
      page.show(closes());
      await page.pass(1_000);
      timer.hold("hover");
      page.show(closes());
      await page.pass(10_000);
    }
    expect(page.texts().slice(before)).toEqual([ended, "Closes in 3 seconds."]);
  });

  it("is not let go by the announcement of the sync that the display showed before", async () => {
    const page = openPage({ percent: 60 });
    await page.pass(1_000);
    const { timer, closes } = aCountdown();
    page.show(closes());
    await page.pass(1_000);
    timer.reset();
    timer.release("announcement");
    page.show({ syncId: "sync-2", name: "Slack", percent: 60 });
    timer.start(3_000);
    page.show({ ...closes(), syncId: "sync-2", name: "Slack" });
    await page.pass(4_000);
    expect(page.texts().at(-1)).toBe(`${ended} ${closing}`);
    expect(timer.view.status).toBe("held");
    await page.pass(5_000);
    expect(page.texts().at(-1)).toMatch(/^Slack is up to date.* Closes in 3 seconds.$/);
    expect(timer.view.status).toBe("counting");
  });
});
