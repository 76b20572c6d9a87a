import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { SyncAll, type SyncAllProps } from "../../../src/components/all/sync-all.js";
import { type Scenario, type ScenarioName, scenarios } from "../../../src/msw/scenarios.js";
import { type Intercept, openVirtualBackend } from "../../support/virtual-backend.js";

type Plays = Readonly<Partial<Record<string, ScenarioName>>>;

/** Each integration plays a scenario of its own; the others are over in 8 seconds. */
function mixed(plays: Plays): Scenario {
  return {
    description: "Each integration as it is said.",
    play: (run, tools) => scenarios[plays[tools.integrationType] ?? "happyPath"].play(run, tools),
  };
}

const refusal = (error: string, status = 429) => Response.json({ success: false, error }, { status });

async function openAll(props: SyncAllProps = {}, plays: Plays = {}, intercept?: Intercept) {
  const page = openVirtualBackend({ scenario: mixed(plays) }, intercept);
  const { heard } = await page.startScreenReader();
  const all = <SyncAll client={page.client} locale="en" {...props} />;
  const view = render(<main>{all}</main>);
  await page.pass(300);
  return { ...page, ...view, all, heard };
}

const row = (name: string) => screen.getByRole("listitem", { name });
const words = (name: string) => row(name).textContent;
const summary = () => screen.getByRole("region", { name: "All sources" }).querySelector(".sp-all-summary")?.textContent;
const allBar = () => screen.queryByRole("progressbar", { name: "All sources" });

describe("all sources", () => {
  it("are listed before anything is started, each with its last sync", async () => {
    await openAll();
    expect(summary()).toBe("4 sources connected");
    expect(screen.getAllByRole("listitem")).toHaveLength(4);
    expect(words("Gmail")).toContain("Not synced yet");
    expect(allBar()).toBeNull();
  });

  it("are synced three at a time, with a bar for each and one for all", async () => {
    const { press, pass } = await openAll();
    await press("Sync all");
    await pass(2_000);
    expect(summary()).toBe("0 of 4 up to date, 3 syncing, 1 waiting");
    expect(words("GitHub")).toContain("Waiting for its turn...");
    expect(within(row("Gmail")).getByRole("progressbar")).toBeTruthy();
    expect(within(row("GitHub")).queryByRole("progressbar")).toBeNull();
    expect(Number(allBar()?.getAttribute("aria-valuenow"))).toBeGreaterThan(0);
    expect(allBar()?.getAttribute("aria-valuetext")).toMatch(/^\d+ percent$/);
    await pass(20_000);
    expect(summary()).toBe("All 4 up to date");
    expect(words("GitHub")).toContain("Complete 120 items synced in");
    expect(allBar()).toBeNull();
    expect(screen.getByRole("button", { name: "Sync all" })).toBeTruthy();
  });

  it("are started in the given order, as many at a time as is said", async () => {
    const starts: string[] = [];
    const { press, pass } = await openAll(
      { concurrency: 1, order: (one, other) => other.name.localeCompare(one.name) },
      {},
      (method, url) => void (method === "POST" && starts.push(url.split("/").at(-2) ?? "")),
    );
    expect(screen.getAllByRole("listitem").map((one) => one.getAttribute("aria-label"))).toEqual([
      "Slack",
      "Notion",
      "Gmail",
      "GitHub",
    ]);
    await press("Sync all");
    await pass(1_000);
    expect(starts).toEqual(["slack"]);
    await pass(60_000);
    expect(starts).toEqual(["slack", "notion", "gmail", "github"]);
  });

  it("that run already are joined", async () => {
    const { backend, press, pass, client } = await openAll({}, { slack: "slow" });
    await backend.startSync("slack");
    await press("Sync all");
    await pass(3_000);
    expect(backend.service.stats().activeSyncs).toBe(3);
    expect(within(row("Slack")).getByRole("progressbar")).toBeTruthy();
    expect(client.syncs.getAll()).toHaveLength(3);
  });
});

describe("a part that fails", () => {
  it("is named in the sentence, has its reason and can be tried again", async () => {
    const { press, pass } = await openAll({}, { gmail: "failsMidway" });
    await press("Sync all");
    await pass(30_000);
    expect(summary()).toBe("3 of 4 up to date, Gmail failed");
    expect(words("Gmail")).toContain("Failed Gmail refuses more requests today.");
    await press("Gmail: Try again");
    await pass(2_000);
    expect(summary()).toBe("3 of 4 up to date, 1 syncing");
    expect(within(row("Gmail")).getByRole("progressbar")).toBeTruthy();
  });

  it("may be the start itself: the others go on", async () => {
    let isRefused = true;
    const { press, pass } = await openAll({}, {}, (_, url) =>
      isRefused && url.endsWith("/slack/sync") ? refusal("Slack is being repaired.") : undefined,
    );
    await press("Sync all");
    await pass(30_000);
    expect(summary()).toBe("3 of 4 up to date, Slack failed");
    expect(words("Slack")).toContain("Failed Slack is being repaired.");
    isRefused = false;
    await press("Slack: Try again");
    await pass(20_000);
    expect(summary()).toBe("All 4 up to date");
  });

  it("may be items, which are tried again alone", async () => {
    const { press, pass } = await openAll({}, { notion: "partialFailure" });
    await press("Sync all");
    await pass(30_000);
    expect(summary()).toBe("3 of 4 up to date, Notion with problems");
    expect(words("Notion")).toContain("With problems 97 of 100 items synced.");
    await press("Notion: Retry failed");
    await pass(10_000);
    expect(summary()).toBe("All 4 up to date");
    expect(words("Notion")).toContain("3 items synced");
  });

  it("may be an access that has expired, which is not started", async () => {
    const integrations = ["gmail", "slack"].map((type) => ({
      type,
      name: type === "gmail" ? "Gmail" : "Slack",
      status: type === "gmail" ? "connected" : "needs_reauth",
    }));
    const onReauthorize = vi.fn();
    const { press, pass } = await openAll({ onReauthorize }, {}, (_, url) =>
      url.endsWith("/integrations") ? Response.json({ success: true, integrations }) : undefined,
    );
    await press("Sync all");
    await pass(20_000);
    expect(summary()).toBe("1 of 2 up to date, Slack failed");
    await press("Slack: Reconnect");
    expect(onReauthorize).toHaveBeenCalledWith(expect.objectContaining({ type: "slack" }));
  });
});

describe("cancel all", () => {
  it("asks once; what runs is cancelled, and what waits is not started", async () => {
    const { press, pass, backend } = await openAll({ concurrency: 2 }, { gmail: "slow", slack: "slow" });
    await press("Sync all");
    await pass(2_000);
    await press("Cancel all");
    await pass(100);
    expect(screen.getByRole("group", { name: "Stop all syncs? Items synced so far are kept." })).toBeTruthy();
    expect(backend.service.stats().activeSyncs).toBe(2);
    await press("Stop");
    await pass(2_000);
    expect(backend.service.stats().activeSyncs).toBe(0);
    expect(summary()).toBe("0 of 4 up to date, 4 cancelled");
    expect(words("Notion")).toContain("Not started");
    expect(document.activeElement?.textContent).toBe("Sync all");
  });

  it("is taken back by Escape", async () => {
    const { press, pass, backend } = await openAll({}, { gmail: "slow", slack: "slow", notion: "slow" });
    await press("Sync all");
    await pass(2_000);
    await press("Cancel all");
    await pass(100);
    await act(async () => void fireEvent.keyDown(document.activeElement ?? document.body, { key: "Escape" }));
    expect(screen.queryByRole("group")).toBeNull();
    expect(document.activeElement?.textContent).toBe("Cancel all");
    expect(backend.service.stats().activeSyncs).toBe(3);
  });
});

describe("after the component is gone", () => {
  it("what was started goes on and what waited is started, and both are found again", async () => {
    const { press, pass, rerender, all, backend } = await openAll({ concurrency: 2 }, { slack: "slow" });
    await press("Sync all");
    await pass(2_000);
    rerender(<main />);
    await pass(10_000);
    rerender(<main>{all}</main>);
    await pass(1_000);
    expect(backend.service.stats().activeSyncs).toBe(2);
    expect(within(row("Slack")).getByRole("progressbar")).toBeTruthy();
    expect(within(row("Notion")).getByRole("progressbar")).toBeTruthy();
    await pass(30_000);
    expect(words("GitHub")).toContain("120 items");
  });

  it("nothing of it is held once all has ended", async () => {
    const { press, pass, rerender, client } = await openAll();
    await press("Sync all");
    await pass(2_000);
    rerender(<main />);
    await pass(60_000);
    expect(client.syncs.getAll()).toEqual([]);
  });
});

describe("the list of sources", () => {
  it("that cannot be loaded is tried again", async () => {
    let isDown = true;
    const { press, pass } = await openAll({}, {}, (_, url) =>
      isDown && url.endsWith("/integrations") ? refusal("No.", 503) : undefined,
    );
    expect(summary()).toBe("The sources could not be loaded.");
    isDown = false;
    await press("Try again");
    await pass(300);
    expect(summary()).toBe("4 sources connected");
  });

  it("may be empty", async () => {
    await openAll({}, {}, (_, url) =>
      url.endsWith("/integrations") ? Response.json({ success: true, integrations: [] }) : undefined,
    );
    expect(summary()).toBe("No source is connected yet.");
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("what a screen reader says", () => {
  it("31 of Sync all with one failure", async () => {
    const { press, pass, heard } = await openAll({}, { gmail: "failsMidway", slack: "slow" });
    const before = (await heard()).length;
    await press("Sync all");
    await pass(200_000);
    expect((await heard()).slice(before)).toEqual([
      "button, Sync all",
      "button, Cancel all",
      "polite: Syncing 4 sources.",
      "assertive: Gmail could not be synced. Gmail refuses more requests today.",
      "polite: All sources: 25%.",
      "polite: All sources: 75%.",
      "button, Sync all",
      "polite: 3 of 4 up to date, Gmail failed",
    ]);
  });

  it("of a retry that fails once more: the same end, once more", async () => {
    const { press, pass, heard } = await openAll({ concurrency: 4 }, { gmail: "failsMidway" });
    await press("Sync all");
    await pass(30_000);
    const before = (await heard()).length;
    await press("Gmail: Try again");
    await pass(30_000);
    expect((await heard()).slice(before)).toEqual([
      "button, Gmail: Try again",
      "button, Cancel all",
      "button, Sync all",
      "assertive: Gmail could not be synced. Gmail refuses more requests today.",
      "polite: 3 of 4 up to date, Gmail failed",
    ]);
  });
});

it("refuses a concurrency or a weight that makes no sense", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const renderWith = (props: SyncAllProps) => () => render(<SyncAll {...props} />);
  expect(renderWith({ concurrency: 0 })).toThrow("concurrency must be a whole number of at least 1, got 0.");
  expect(renderWith({ concurrency: 1.5 })).toThrow(TypeError);
  expect(renderWith({ weights: { gmail: 0 } })).toThrow('the weight of "gmail" must be a positive number, got 0.');
});
