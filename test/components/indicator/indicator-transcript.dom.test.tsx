import { act, cleanup, fireEvent, render } from "@testing-library/react";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { SyncClient } from "../../../src/client/sync-client.js";
import type { SyncView } from "../../../src/client/sync-view.js";
import { announcer } from "../../../src/components/announcer/announcer.js";
import { SyncIndicatorList } from "../../../src/components/indicator/sync-indicator-list.js";
import type { SyncSnapshot } from "../../../src/protocol/snapshot.js";
import { aSyncView } from "../../support/several-views.js";
import { startScreenReader } from "../../support/virtual-screen-reader.js";

const NAMES = { gmail: "Gmail", slack: "Slack", notion: "Notion", github: "GitHub" } as const;
type Type = keyof typeof NAMES;

const integrations = Object.entries(NAMES).map(([type, name]) => ({
  type,
  name,
  description: "",
  icon: null,
  status: "connected" as const,
  lastSyncAt: null,
  totalItemsSynced: 0,
  errorMessage: null,
  activeSyncId: null,
}));

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "Date", "performance", "requestAnimationFrame", "cancelAnimationFrame"],
  });
  onTestFinished(() => {
    cleanup();
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
  });
});

/** An indicator in a page, with a screen reader that reads it; seconds pass in a moment. */
async function startPage(types: readonly Type[]) {
  const views = new Map<Type, SyncView>(types.map((type) => [type, aSyncView(type, { connectorType: type })]));
  const client = new SyncClient();
  const page = () => (
    <main>
      <SyncIndicatorList
        syncs={[...views.values()]}
        client={client}
        integrations={integrations}
        locale="en"
        onShow={() => {}}
        onDismiss={() => {}}
      />
    </main>
  );
  const { rerender } = render(page());
  const reader = await startScreenReader();
  const pass = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
  await pass(1_000);
  return {
    ...reader,
    pass,
    async change(type: Type, snapshot: Partial<SyncSnapshot>, given: Partial<SyncView> = {}) {
      views.set(type, aSyncView(type, { connectorType: type, ...snapshot }, given));
      rerender(page());
    },
    async openList() {
      const toggle = document.querySelector<HTMLElement>(".sp-indicator-toggle");
      toggle?.focus();
      await pass(100);
      await act(async () => void fireEvent.click(toggle ?? document.body));
    },
    announced: async () => (await reader.heard()).filter((phrase) => /^(polite|assertive): /.test(phrase)),
  };
}

const complete = { status: "complete", processedItems: 100 } as const;
const refused = { status: "error", errorMessage: "Slack refuses more requests today." } as const;

describe("31 what a screen reader says of the indicator", () => {
  it("its name, its line and its rows, each button with its sync", async () => {
    const { goTo, heard, openList } = await startPage(["gmail"]);
    await openList();
    await goTo("end of region, Syncs");
    expect(await heard()).toEqual([
      "button, 1 running 45%, not expanded, key shortcuts F6",
      "1 running",
      "45%",
      "end of button, 1 running 45%, 1 control, expanded, key shortcuts F6",
      "list",
      "listitem, level 1, position 1, set size 1",
      "paragraph",
      "button, Syncing Gmail",
      "end of paragraph",
      "progressbar, Syncing Gmail, max value 100, min value 0, current value 45 percent, 45 of 100 items",
      "paragraph",
      "Fetching emails...",
      "end of paragraph",
      "button, Pause Gmail",
      "Pause",
      "end of button, Pause Gmail",
      "button, Cancel sync Gmail",
      "Cancel sync",
      "end of button, Cancel sync Gmail",
      "end of listitem, level 1, position 1, set size 1",
      "end of list",
      "end of region, Syncs",
    ]);
  });

  it("nothing while they run, and how each ends, with how many have", async () => {
    const { change, pass, announced } = await startPage(["gmail", "slack", "notion"]);
    for (let items = 46; items < 90; items += 4) {
      await change("gmail", { processedItems: items });
      await pass(500);
    }
    expect(await announced()).toEqual([]);
    await change("gmail", complete);
    await pass(10_000);
    await change("notion", { ...complete, failedItems: 3, processedItems: 97 });
    await pass(10_000);
    await change("slack", complete);
    await pass(10_000);
    expect(await announced()).toEqual([
      "polite: Gmail is up to date. 100 items synced in 21 s. 1 of 3 have finished.",
      "polite: Notion synced with 3 problems. 97 of 100 items synced. 2 of 3 have finished.",
      "polite: Slack is up to date. 100 items synced in 21 s. 3 of 3 have finished.",
    ]);
  });

  it("one message for several that end together, and 14 a failure at once", async () => {
    const { change, pass, announced } = await startPage(["gmail", "slack", "notion", "github"]);
    await change("gmail", complete);
    await pass(300);
    await change("notion", complete);
    await pass(10_000);
    await change("slack", refused);
    await pass(2_000);
    expect(await announced()).toEqual([
      "polite: Syncs: 2 finished. 2 of 4 have finished.",
      "assertive: Slack could not be synced. Slack refuses more requests today. 3 of 4 have finished.",
    ]);
  });

  it("the quarters of all together while the list is open", async () => {
    const { change, pass, announced, openList } = await startPage(["gmail", "slack"]);
    await openList();
    await change("gmail", { processedItems: 60 });
    await pass(10_000);
    await change("slack", { processedItems: 95 });
    await pass(10_000);
    expect(await announced()).toEqual(["polite: Syncs: 50%.", "polite: Syncs: 75%."]);
  });

  it("16 a connection that is lost for more than five seconds, once for all of them", async () => {
    const { change, pass, announced, openList } = await startPage(["gmail", "slack"]);
    await openList();
    const lost = { connection: "reconnecting", disconnectedAt: Date.now() } as const;
    await change("gmail", {}, lost);
    await change("slack", {}, lost);
    await pass(4_900);
    expect(await announced()).toEqual([]);
    await pass(10_000);
    expect(await announced()).toEqual(["polite: Connection lost. Reconnecting... The sync continues."]);
  });

  it("only how many are done, if another display has announced how a sync ended", async () => {
    const { change, pass, announced } = await startPage(["gmail", "slack"]);
    await change("gmail", complete);
    const text = "Gmail is up to date. 100 items synced in 21 s.";
    announcer.say({ topic: "gmail", about: "end", text, lang: "en", isOutcome: true, displays: [{}] });
    await pass(15_000);
    expect(await announced()).toEqual([`polite: ${text}`, "polite: 1 of 2 have finished."]);
  });
});
