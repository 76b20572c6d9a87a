import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { SyncHistory, type SyncHistoryProps } from "../../../src/components/history/sync-history.js";
import type { Scenario, ScenarioName } from "../../../src/msw/scenarios.js";
import { scenarios } from "../../../src/msw/scenarios.js";
import { encodeSnapshot, type SyncSnapshot } from "../../../src/protocol/snapshot.js";
import { aSnapshot } from "../../support/a-snapshot.js";
import { type Intercept, openVirtualBackend } from "../../support/virtual-backend.js";

/** Slack is slow, three items of Notion fail, Gmail fails, and GitHub is well. */
const PLAYS: Readonly<Record<string, ScenarioName>> = { slack: "slow", notion: "partialFailure", gmail: "failsMidway" };
const eachInItsWay: Scenario = {
  description: "Each integration in its own way.",
  play: (run, tools) => scenarios[PLAYS[tools.integrationType] ?? "happyPath"].play(run, tools),
};

/** What a spreadsheet would carry out, and a log. */
const withFormulas: Scenario = {
  description: "The name of an item is a formula.",
  async play(run) {
    run.update({ status: "syncing", totalItems: 1 });
    run.log("Two pages read.");
    run.fail({ item: '=HYPERLINK("https://evil.test")', reason: "No." });
  },
};

async function openHistory(
  started: readonly string[],
  {
    props = {},
    intercept,
    scenario = eachInItsWay,
  }: { readonly props?: SyncHistoryProps; readonly intercept?: Intercept; readonly scenario?: Scenario } = {},
) {
  const page = openVirtualBackend({ scenario }, intercept);
  const { heard } = await page.startScreenReader();
  for (const type of started) {
    await page.backend.startSync(type);
    // So that each has a time of its own.
    await page.pass(100);
  }
  await page.pass(10_000);
  render(
    <main>
      <SyncHistory client={page.client} locale="en-GB" {...props} />
    </main>,
  );
  await page.pass(2_000);
  return { ...page, heard };
}

const rows = () => screen.getAllByRole("listitem").filter((one) => one.className.includes("sp-history-row"));
const texts = () => rows().map(({ textContent }) => textContent);
const row = (name: string) => {
  const found = rows().find(({ textContent }) => textContent.startsWith(name));
  if (found === undefined) throw new Error(`there is no row of ${name}`);
  return within(found);
};
const choose = (label: string, option: string) =>
  fireEvent.change(screen.getByLabelText(label), {
    target: {
      value: within(screen.getByLabelText(label)).getByRole<HTMLOptionElement>("option", { name: option }).value,
    },
  });
const pressIn = (name: string, button: string | RegExp) =>
  act(async () => void fireEvent.click(row(name).getByRole("button", { name: button })));
const pageOf = (syncs: readonly Partial<SyncSnapshot>[], nextCursor: string | null = null) =>
  Response.json({ success: true, syncs: syncs.map((one) => encodeSnapshot(aSnapshot(one))), next_cursor: nextCursor });
/** The sentence in the page itself, which is also announced. */
const shown = (words: string) => within(screen.getByRole("main")).getByText(words);
const isList = (url: string) => /\/sync-progress(\?(?!active)|$)/.test(url);

describe("the history", () => {
  it("has each sync with its result, time, counts, duration, and who started it", async () => {
    await openHistory(["gmail", "notion", "github"]);
    expect(texts()).toEqual([
      expect.stringMatching(
        /^GitHub 1 Jan 2026, \d\d:\d\dComplete.*Items120 of 120.*Duration7 s.*Started byAda Lovelace/,
      ),
      expect.stringMatching(/^Notion 1 Jan 2026, \d\d:\d\dWith problems.*Items97 of 100.*Failed3/),
      expect.stringMatching(/^Gmail 1 Jan 2026, \d\d:\d\dFailed.*Gmail refuses more requests today\./),
    ]);
  });

  it("shows one that runs as it goes on, and its end", async () => {
    const { pass } = await openHistory(["slack"]);
    const percent = () => Number(row("Slack").getByRole("progressbar").getAttribute("aria-valuenow"));
    const before = percent();
    expect(texts()[0]).toMatch(/^Slack .*Syncing/);
    await pass(20_000);
    expect(percent()).toBeGreaterThan(before);
    await pass(150_000);
    expect(texts()).toEqual([expect.stringMatching(/^Slack .*Complete.*Duration2 min/)]);
  });

  it("finds what is started elsewhere", async () => {
    const { pass, backend } = await openHistory(["github"]);
    await backend.startSync("slack");
    await pass(20_000);
    expect(texts()).toEqual([expect.stringMatching(/^Slack/), expect.stringMatching(/^GitHub/)]);
  });

  it("is filtered by source and by result, and says what was found", async () => {
    const onFilterChange = vi.fn();
    const { pass, heard } = await openHistory(["gmail", "notion", "github"], { props: { onFilterChange } });
    choose("Source", "Notion");
    await pass(2_000);
    expect(texts()).toEqual([expect.stringMatching(/^Notion/)]);
    choose("Source", "All");
    choose("Result", "Failed");
    await pass(6_000);
    expect(texts()).toEqual([expect.stringMatching(/^Gmail/)]);
    expect(onFilterChange).toHaveBeenLastCalledWith({ type: undefined, result: ["failed"] });
    expect((await heard()).at(-1)).toBe("polite: 1 sync found.");
    choose("Source", "GitHub");
    await pass(6_000);
    expect(rows).toThrow();
    expect(shown("No sync matches the filters.")).toBeTruthy();
    expect((await heard()).at(-1)).toBe("polite: No sync matches the filters.");
  });

  it("loads a page at a time", async () => {
    const { pass, press } = await openHistory(["gmail", "notion", "github"], { props: { pageSize: 2 } });
    expect(rows()).toHaveLength(2);
    await press("Show more");
    await pass(2_000);
    expect(rows()).toHaveLength(3);
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });
});

describe("run again", () => {
  it("starts a sync that was complete once more, and shows it", async () => {
    const { pass, heard } = await openHistory(["github"]);
    await pressIn("GitHub", "Sync again");
    await pass(3_000);
    expect(rows()).toHaveLength(2);
    expect((await heard()).at(-1)).toBe("polite: Syncing GitHub has started.");
  });

  it("continues one that failed", async () => {
    const posts: string[] = [];
    const { pass } = await openHistory(["gmail"], {
      intercept: (method, url) => void (method === "POST" && posts.push(url)),
    });
    await pressIn("Gmail", "Try again");
    await pass(3_000);
    expect(posts).toEqual([expect.stringMatching(/\/retry$/)]);
    expect(rows()).toHaveLength(2);
  });

  it("says why it is refused", async () => {
    const { pass, heard } = await openHistory(["github"], {
      intercept: (method) =>
        method === "POST" ? Response.json({ success: false, error: "Once an hour." }, { status: 429 }) : undefined,
    });
    await pressIn("GitHub", "Sync again");
    await pass(3_000);
    expect(texts()[0]).toContain("Once an hour.");
    expect((await heard()).at(-1)).toBe("assertive: Once an hour.");
  });
});

describe("the details", () => {
  it("are the failed items, searched by the server", async () => {
    const { pass, heard } = await openHistory(["notion"]);
    const details = row("Notion").getByRole("button", { name: "Details" });
    expect(details.getAttribute("aria-expanded")).toBe("false");
    await pressIn("Notion", "Details");
    await pass(2_000);
    expect(details.getAttribute("aria-expanded")).toBe("true");
    const failures = () => row("Notion").getAllByRole("listitem");
    expect(failures()).toHaveLength(3);
    const item = failures()[1]?.querySelector(".sp-failure-item")?.textContent ?? "";
    fireEvent.change(row("Notion").getByRole("searchbox", { name: "Search the failed items" }), {
      target: { value: item.slice(0, -1) },
    });
    await pass(6_000);
    expect(failures().map(({ textContent }) => textContent)).toEqual([expect.stringContaining(item)]);
    expect((await heard()).at(-1)).toBe("polite: 1 failed item");
    fireEvent.change(row("Notion").getByRole("searchbox"), { target: { value: "nothing like it" } });
    await pass(6_000);
    expect(row("Notion").getByText("No failed item contains this.")).toBeTruthy();
    expect((await heard()).at(-1)).toBe("polite: No failed item contains this.");
  });

  it("are copied, one line an item", async () => {
    const { pass, heard } = await openHistory(["notion"]);
    const writeText = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    await pressIn("Notion", "Details");
    await pass(2_000);
    await pressIn("Notion", "Copy");
    await pass(6_000);
    const [text = ""] = writeText.mock.calls[0] ?? [];
    expect(text.split("\n")).toHaveLength(3);
    expect(text).toMatch(/\(21\): The attachment is larger than 25 MB\.$/m);
    expect((await heard()).at(-1)).toBe("polite: 3 items copied.");
  });

  it("say that a page may not copy", async () => {
    const { pass, heard } = await openHistory(["notion"]);
    vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new DOMException("No.", "NotAllowedError"));
    await pressIn("Notion", "Details");
    await pass(2_000);
    await pressIn("Notion", "Copy");
    await pass(2_000);
    expect((await heard()).at(-1)).toBe("assertive: The browser did not allow copying.");
  });

  it("are saved as a file, and say so if that is not complete", async () => {
    const saved: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => {} });
    const { pass, heard } = await openHistory(["notion"], {
      intercept: (_, url) =>
        url.includes("format=csv")
          ? new Response("item,reason\n", {
              headers: { "content-disposition": 'attachment; filename="failures.csv"', "x-sync-progress-cut": "true" },
            })
          : url.includes("format=ndjson")
            ? Response.json({ success: false }, { status: 500 })
            : undefined,
    });
    await pressIn("Notion", "Details");
    await pass(2_000);
    await pressIn("Notion", "Failed: Download CSV");
    await pass(6_000);
    expect(saved).toEqual(["failures.csv"]);
    const notice = "The file is not complete: the server keeps no more than this.";
    expect(row("Notion").getByText(notice)).toBeTruthy();
    expect((await heard()).at(-1)).toBe(`polite: ${notice}`);
    await pressIn("Notion", "Failed: Download NDJSON");
    await pass(2_000);
    expect((await heard()).at(-1)).toBe("assertive: The file could not be downloaded.");
  });

  it("are saved as the server sends them: the failed items, safe in a spreadsheet, and the log", async () => {
    const saved = new Map<string, Blob>();
    const blobs: Blob[] = [];
    Object.assign(URL, { createObjectURL: (blob: Blob) => `blob:${blobs.push(blob)}`, revokeObjectURL: () => {} });
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      const blob = blobs.at(-1);
      if (blob !== undefined) saved.set(this.download, blob);
    });
    const { pass } = await openHistory(["slack"], { scenario: withFormulas });
    await pressIn("Slack", "Details");
    await pass(2_000);
    await pressIn("Slack", "Failed: Download CSV");
    await pass(2_000);
    await pressIn("Slack", "Log: Download NDJSON");
    await pass(2_000);
    const texts = await Promise.all([...saved].map(async ([name, blob]) => [name, await blob.text()] as const));
    const [failures, log] = texts;
    expect(failures?.[0]).toMatch(/\.csv$/);
    expect(failures?.[1]).not.toMatch(/^"?=/m);
    expect(failures?.[1]).toContain("=HYPERLINK");
    expect(log?.[0]).toMatch(/\.ndjson$/);
    expect(log?.[1]).toContain("Two pages read.");
  });

  it("have the log only if the backend keeps one, and are not there for a sync without either", async () => {
    const ended = { status: "complete", completedAt: 1_000 } as const;
    await openHistory([], {
      intercept: (_, url) =>
        isList(url)
          ? pageOf([
              { ...ended, syncId: "with", connectorType: "gmail", capabilities: ["log"] },
              { ...ended, syncId: "without", connectorType: "slack", capabilities: ["failures"] },
            ])
          : undefined,
    });
    expect(row("Slack").queryByRole("button", { name: "Details" })).toBeNull();
    await pressIn("Gmail", "Details");
    expect(row("Gmail").getByRole("button", { name: "Log: Download CSV" })).toBeTruthy();
    expect(row("Gmail").queryByRole("searchbox")).toBeNull();
  });
});

describe("a history that is not there", () => {
  it("may be one of nothing", async () => {
    await openHistory([]);
    expect(shown("Nothing has been synced yet.")).toBeTruthy();
  });

  it("may be that of an older backend, which keeps none", async () => {
    await openHistory([], { intercept: (_, url) => (isList(url) ? new Response("", { status: 404 }) : undefined) });
    expect(shown("This server keeps no list of past syncs.")).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.queryByRole("combobox")).toBeNull();
  });

  it("is tried again after an error, which is announced", async () => {
    let isDown = true;
    const { pass, press, heard } = await openHistory(["github"], {
      intercept: (_, url) => (isDown && isList(url) ? new Response("", { status: 503 }) : undefined),
    });
    expect(shown("The syncs could not be loaded.")).toBeTruthy();
    expect(await heard()).toContain("assertive: The syncs could not be loaded.");
    isDown = false;
    await press("Try again");
    await pass(2_000);
    expect(rows()).toHaveLength(1);
  });
});
