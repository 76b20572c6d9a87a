import { describe, expect, it } from "vitest";
import { labelsDe } from "../../../src/components/labels/de.js";
import { type GivenDisplay, openPage, starting } from "./announcing-page.js";

const gmail = { syncId: "sync-1", name: "Gmail" } as const;
const slack = { syncId: "sync-2", name: "Slack" } as const;
const notion = { syncId: "sync-3", name: "Notion" } as const;
const hidden = { says: "outcome" } as const;

describe("several displays of one sync", () => {
  it("12 tell its start, its quarters and its end once", async () => {
    const page = openPage(starting, starting, { ...starting, ...hidden });
    const course: readonly GivenDisplay[] = [
      { percent: 2 },
      { percent: 25 },
      { percent: 50 },
      { percent: 75 },
      { status: "complete" },
    ];
    for (const state of course) {
      page.show(state, state, { ...state, ...hidden });
      await page.pass(6_000);
    }
    expect(page.texts()).toEqual([
      "Syncing Gmail has started.",
      "Gmail: 25%.",
      "Gmail: 50%.",
      "Gmail: 75%.",
      "Gmail is up to date. 100 items synced in 2 min 5 s.",
    ]);
  });

  it("tell once what one of them learns later, also when another sync has spoken in between", async () => {
    const page = openPage({ percent: 20 }, { percent: 20 }, slack);
    await page.pass(10_000);
    const before = page.heard.length;
    page.show({ percent: 25 }, { percent: 20 }, slack);
    await page.pass(6_000);
    page.show({ percent: 25 }, { percent: 20 }, { ...slack, percent: 50 });
    await page.pass(6_000);
    page.show({ percent: 25 }, { percent: 25 }, { ...slack, percent: 50 });
    await page.pass(6_000);
    expect(page.texts().slice(before)).toEqual(["Gmail: 25%.", "Slack: 50%."]);
  });

  it("tell where it stands to whoever opens one in its middle, and not what was said just now", async () => {
    const page = openPage({ ...hidden, percent: 45 });
    page.show({ ...hidden, percent: 45 }, { percent: 45 });
    await page.pass(6_000);
    page.show({ ...hidden, percent: 60 });
    page.show({ ...hidden, percent: 60 }, { percent: 60 });
    await page.pass(6_000);
    page.show({ ...hidden, percent: 76 }, { percent: 75 });
    await page.pass(6_000);
    page.show({ ...hidden, percent: 75 }, { percent: 75.5 }, { percent: 75.5 });
    await page.pass(6_000);
    expect(page.texts()).toEqual(["Gmail: 45%.", "Gmail: 60%.", "Gmail: 75%."]);
  });
});

describe("several syncs at once", () => {
  it("13 say one thing in 5 s under a burst, nothing twice, and every end", async () => {
    const syncs = [gmail, slack, notion];
    const both = (states: readonly GivenDisplay[]) => [...states, ...states.map((one) => ({ ...one, ...hidden }))];
    const page = openPage(...both(syncs.map((sync) => ({ ...sync, percent: 1 }))));
    for (let percent = 2; percent < 100; percent += 1) {
      page.show(...both(syncs.map((sync, index) => ({ ...sync, percent: Math.min(99, percent * (index + 1)) }))));
      await page.pass(40);
    }
    page.show(...both(syncs.map((sync) => ({ ...sync, status: "complete" }))));
    await page.pass(60_000);
    const times = page.heard.map(({ at }) => at);
    expect(times.length).toBeGreaterThanOrEqual(4);
    times.slice(1).forEach((at, index) => {
      expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(5_000);
    });
    expect(new Set(page.texts()).size).toBe(page.texts().length);
    expect(page.texts().slice(-3)).toEqual(
      syncs.map(({ name }) => `${name} is up to date. 100 items synced in 2 min 5 s.`),
    );
  });

  it("say each thing in its own language, and name none where none is known", async () => {
    const german = { ...slack, labels: labelsDe };
    const unknown = { ...notion, labels: { announceStart: () => "Nous y voilà." } };
    const page = openPage({ ...gmail, percent: 1 });
    await page.pass(6_000);
    page.show({ ...gmail, percent: 1 }, { ...german, percent: 1 });
    await page.pass(6_000);
    page.show({ ...gmail, percent: 1 }, { ...german, percent: 1 }, { ...unknown, percent: 1 });
    await page.pass(6_000);
    const error = { kind: "sync-failed", message: "", code: null } as const;
    page.show(gmail, { ...german, status: "error", error }, { ...gmail, ...unknown });
    expect(page.heard.map(({ role, lang, text }) => [role, lang, text.split(" ")[0]])).toEqual([
      ["status", "en", "Syncing"],
      ["status", "de", expect.any(String)],
      ["status", "", "Nous"],
    ]);
    await page.pass(6_000);
    expect(page.heard.filter(({ role }) => role === "alert").map(({ lang }) => lang)).toEqual(["de"]);
  });
});
