import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { Profiler } from "react";
import { describe, expect, it, vi } from "vitest";
import { SyncClient } from "../../../src/client/sync-client.js";
import { IntegrationCard, type IntegrationCardProps } from "../../../src/components/card/integration-card.js";
import type { Integration } from "../../../src/protocol/integration.js";

const gmail: Integration = {
  type: "gmail",
  name: "Gmail",
  description: "Emails and threads",
  icon: null,
  status: "connected",
  lastSyncAt: null,
  totalItemsSynced: 0,
  errorMessage: null,
  activeSyncId: null,
};

/** A card and its server: syncs are what the test says they are. */
function renderCard(props: Partial<IntegrationCardProps> = {}) {
  const syncs = new Map<string, Readonly<Record<string, unknown>>>();
  let answerPause = async (_: string) => Response.json({ success: false, error: "No." }, { status: 500 });
  let answerStart = () => Response.json({ success: false, error: "Too busy." }, { status: 503 });
  const fetch = vi.fn(async (input: string | URL | Request, init?: RequestInit) => {
    const url = String(input);
    if (init?.method === "POST" && url.endsWith("/sync")) return answerStart();
    if (url.endsWith("/pause")) return answerPause(url.split("/").at(-2) ?? "");
    if (init?.method === "POST") return Response.json({ success: false, error: "No." }, { status: 500 });
    if (url.includes("/failures")) return Response.json({ success: true, failures: [], next_cursor: null });
    const progress = syncs.get(url.split("/").at(-1) ?? "");
    if (progress === undefined) return Response.json({ success: false, error: "Unknown." }, { status: 404 });
    return Response.json({ success: true, progress });
  });
  const client = new SyncClient({ baseUrl: "https://api.test", fetch, pollIntervalMs: 10, keepAliveMs: 1 });
  const card = (given: Partial<Integration>, by = client) => (
    <ul>
      <IntegrationCard integration={{ ...gmail, ...given }} client={by} locale="en" {...props} />
    </ul>
  );
  const { rerender } = render(card({}));
  return {
    /** Another person signs in. */
    switchAccount: () => rerender(card({}, new SyncClient({ baseUrl: "https://other.test", fetch }))),
    /** What the list of integrations says now. */
    list: (given: Partial<Integration>) => rerender(card(given)),
    /** What the server says of a sync now. */
    sync(syncId: string, given: Readonly<Record<string, unknown>>) {
      const counts = { total_items: 100, processed_items: 45, failed_items: 0 };
      syncs.set(syncId, {
        sync_id: syncId,
        connector_type: "gmail",
        status: "syncing",
        stage: syncId,
        capabilities: ["cancel", "pause", "retry", "retry_failed", "failures"],
        ...counts,
        ...given,
      });
    },
    /** Pauses are accepted, once `accepted` resolves. */
    pauses(accepted: Promise<void> = Promise.resolve()) {
      answerPause = async (syncId) => {
        await accepted;
        return Response.json({ success: true, progress: { ...syncs.get(syncId), status: "paused" } });
      };
    },
    requests: () => fetch.mock.calls.map(([url]) => String(url)),
    cannotBeReached() {
      answerStart = () => {
        throw new TypeError("fetch failed");
      };
    },
    startsWith(syncId: string) {
      answerStart = () => Response.json({ success: true, sync_id: syncId }, { status: 202 });
    },
  };
}

const card = () => screen.getByRole("listitem", { hidden: true });
const says = (words: string | RegExp) => waitFor(() => expect(card().textContent).toMatch(words));
const press = (name: string) =>
  act(async () => void fireEvent.click(within(card()).getByRole("button", { name, hidden: true })));
const dialog = (name: string) => screen.findByRole("dialog", { name });

it("a card whose server cannot be reached says so in words for the person", async () => {
  const { cannotBeReached } = renderCard();
  cannotBeReached();
  await press("Sync now");
  const open = await dialog("Gmail could not be synced");
  expect(open.textContent).toContain("The server is not responding.");
  await says("The server is not responding.");
  expect(document.body.textContent).not.toMatch(/POST|fetch/);
});

describe("the sync that a card is about", () => {
  it("is the one found running, and stays so after its end, when the list has forgotten it", async () => {
    const { sync, list } = renderCard();
    sync("one", {});
    list({ status: "syncing", activeSyncId: "one" });
    await press("Show progress");
    await dialog("Syncing Gmail");
    sync("one", { status: "complete", processed_items: 97, failed_items: 3 });
    await dialog("Gmail synced with 3 problems");
    list({ totalItemsSynced: 97, lastSyncAt: Date.now() });
    expect(screen.getByRole("dialog", { name: "Gmail synced with 3 problems" })).toBeTruthy();
    await says("3 failed items");
  });

  it("is not the one before again, when one that somebody else had started is over", async () => {
    const { sync, list, startsWith } = renderCard();
    startsWith("one");
    sync("one", { status: "complete", processed_items: 98, failed_items: 2 });
    await press("Sync now");
    await dialog("Gmail synced with 2 problems");
    sync("two", {});
    list({ status: "syncing", activeSyncId: "two" });
    await dialog("Syncing Gmail");
    sync("two", { status: "error", error_message: "Gmail refuses." });
    await dialog("Gmail could not be synced");
    list({ status: "error", errorMessage: "Gmail refuses." });
    expect(screen.getByRole("dialog", { name: "Gmail could not be synced" })).toBeTruthy();
  });

  it("is not one that a list of before still names", async () => {
    const { sync, list, startsWith } = renderCard({ onShowProgress: () => {} });
    sync("one", { status: "complete", completed_at: new Date().toISOString() });
    list({ status: "syncing", activeSyncId: "one" });
    await says(/Last synced/);
    startsWith("two");
    sync("two", { stage: "The second" });
    await press("Sync now");
    await says("The second");
    sync("two", { status: "complete" });
    await says(/Connected/);
    expect(card().textContent).not.toContain("The second");
  });

  it("gives way to the next when nobody knows it any more", async () => {
    const { sync, list } = renderCard();
    list({ status: "syncing", activeSyncId: "lost" });
    await waitFor(() => expect(card().dataset["status"]).toBe("syncing"));
    sync("two", { stage: "The second" });
    await waitFor(() => {
      list({ status: "syncing", activeSyncId: "two" });
      expect(card().textContent).toContain("The second");
    });
  });

  it("is of this account, whatever the one before has seen", async () => {
    const { sync, list, switchAccount } = renderCard({ onShowProgress: () => {} });
    sync("one", { stage: "Mails" });
    list({ status: "syncing", activeSyncId: "one" });
    await says("Mails");
    switchAccount();
    await says(/GmailConnected/);
    expect(card().textContent).toContain("Not synced yet");
  });

  it("is of this integration, whatever the card showed before", async () => {
    const { sync, list } = renderCard({ onShowProgress: () => {} });
    sync("one", { stage: "Mails" });
    list({ status: "syncing", activeSyncId: "one" });
    await says("Mails");
    list({ type: "slack", name: "Slack" });
    await says(/SlackConnected/);
    expect(card().textContent).not.toContain("Mails");
  });
});

describe("what a card says of what did not work", () => {
  it("is why a start was refused, also where the application shows the progress", async () => {
    const onStartError = vi.fn();
    const { startsWith, sync } = renderCard({ onShowProgress: () => {}, onStartError });
    await press("Sync now");
    await says(/Last sync failed.*Too busy\./);
    expect(onStartError).toHaveBeenCalledWith(expect.objectContaining({ message: "Too busy." }));
    startsWith("one");
    sync("one", { stage: "Mails" });
    await press("Try again");
    await says("Mails");
    expect(card().textContent).not.toContain("Too busy.");
  });

  it("is that a command from its menu was refused", async () => {
    const { sync, list } = renderCard({ onShowProgress: () => {} });
    sync("one", { stage: "Mails" });
    list({ status: "syncing", activeSyncId: "one" });
    await says("Mails");
    await press("More actions for Gmail");
    await act(async () => void fireEvent.click(screen.getByRole("menuitem", { name: "Pause" })));
    await says("That did not work. Please try again.");
  });
});

it("tells screen readers of a pause from a card's menu, where the focus stays", async () => {
  const { sync, list, pauses } = renderCard({ onShowProgress: () => {} });
  pauses();
  sync("one", { stage: "Mails" });
  list({ status: "syncing", activeSyncId: "one" });
  await says("Mails");
  await press("More actions for Gmail");
  await act(async () => void fireEvent.click(screen.getByRole("menuitem", { name: "Pause" })));
  // Five seconds after what was said before.
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe("Gmail is paused"), { timeout: 8_000 });
});

it("shows a command of the card's menu as pending in the card's modal", async () => {
  const { sync, list, pauses } = renderCard();
  pauses(new Promise(() => {}));
  sync("one", { stage: "Mails" });
  list({ status: "syncing", activeSyncId: "one" });
  await says("Mails");
  await press("More actions for Gmail");
  await act(async () => void fireEvent.click(screen.getByRole("menuitem", { name: "Pause" })));
  await press("Show progress");
  const modal = await dialog("Syncing Gmail");
  const pause = within(modal).getByRole("button", { name: "Pausing..." });
  expect(pause.getAttribute("aria-disabled")).toBe("true");
  expect(within(modal).getByText("Pausing...", { selector: "p *" })).toBeTruthy();
  expect(within(modal).getByRole("button", { name: "Cancel sync" }).hasAttribute("aria-disabled")).toBe(false);
});

it("offers in a card what the backend offers for its sync", async () => {
  const { sync, list } = renderCard({ onShowProgress: () => {}, menuItems: [{ label: "Disconnect", onSelect() {} }] });
  sync("one", { stage: "Mails", capabilities: ["cancel"] });
  list({ status: "syncing", activeSyncId: "one" });
  await says("Mails");
  await press("More actions for Gmail");
  expect(screen.getAllByRole("menuitem").map((item) => item.textContent)).toEqual(["Cancel sync", "Disconnect"]);
});

it("requests no list of failed items from a backend that has none", async () => {
  const { sync, list, requests } = renderCard();
  sync("one", { capabilities: [] });
  list({ status: "syncing", activeSyncId: "one" });
  await press("Show progress");
  sync("one", { capabilities: [], status: "complete", processed_items: 97, failed_items: 3 });
  const modal = await dialog("Gmail synced with 3 problems");
  expect(
    within(modal)
      .getAllByRole("button")
      .map((button) => button.textContent),
  ).toEqual(["Done"]);
  expect(requests().filter((url) => url.includes("/failures"))).toEqual([]);
});

describe("a card's menu", () => {
  async function openMenu(given: Partial<IntegrationCardProps> = {}) {
    const rendered = renderCard({ onShowProgress: () => {}, ...given });
    rendered.sync("one", { stage: "Mails" });
    rendered.list({ status: "syncing", activeSyncId: "one" });
    await says("Mails");
    await press("More actions for Gmail");
    return rendered;
  }

  it("closes when the focused entry goes: what takes its place was chosen by nobody", async () => {
    const { sync } = await openMenu();
    expect(document.activeElement?.textContent).toBe("Pause");
    sync("one", { status: "complete" });
    await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "More actions for Gmail" }));
  });

  it("takes Escape before the question that the card asks", async () => {
    await openMenu();
    await act(async () => void fireEvent.click(screen.getByRole("menuitem", { name: "Cancel sync" })));
    await press("More actions for Gmail");
    await act(async () => void fireEvent.keyDown(screen.getByRole("menuitem", { name: "Pause" }), { key: "Escape" }));
    expect(screen.queryByRole("menu")).toBeNull();
    expect(screen.getByRole("group", { name: /^Stop syncing Gmail/ })).toBeTruthy();
  });

  it("does not come back open after it had nothing in it", async () => {
    const { list, sync } = await openMenu();
    sync("one", { status: "complete" });
    list({ status: "needs_reauth" });
    await waitFor(() => expect(screen.queryByRole("button", { name: /More actions/ })).toBeNull());
    list({ status: "connected" });
    expect(screen.queryByRole("menu")).toBeNull();
  });
});

describe("an idle card", () => {
  it.each<[string, Partial<Integration>, number]>([
    ["never where it shows no age", {}, 0],
    ["each quarter of a minute where that is told in minutes", { lastSyncAt: Date.now() - 5 * 60_000 }, 40],
    ["rarely where it is told in hours", { lastSyncAt: Date.now() - 5 * 60 * 60_000 }, 2],
  ])("is drawn again %s", async (_, given, times) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const onRender = vi.fn();
    render(
      <Profiler id="card" onRender={onRender}>
        <ul>
          <IntegrationCard integration={{ ...gmail, ...given }} baseUrl="https://api.test" />
        </ul>
      </Profiler>,
    );
    onRender.mockClear();
    for (let second = 0; second < 600; second += 1) await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(onRender).toHaveBeenCalledTimes(times);
    vi.useRealTimers();
  });

  it("is not drawn again while the page is hidden", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    const { list } = renderCard();
    list({ lastSyncAt: Date.now() });
    const words = document.body.textContent;
    await act(() => vi.advanceTimersByTimeAsync(10 * 60_000));
    expect(document.body.textContent).toBe(words);
    vi.restoreAllMocks();
    await act(async () => void document.dispatchEvent(new Event("visibilitychange")));
    expect(document.body.textContent).toContain("10 minutes ago");
    vi.useRealTimers();
  });
});
