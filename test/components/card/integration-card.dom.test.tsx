import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { SyncClient } from "../../../src/client/sync-client.js";
import { IntegrationCard, type IntegrationCardProps } from "../../../src/components/card/integration-card.js";
import type { Integration, IntegrationStatus } from "../../../src/protocol/integration.js";

const gmail: Integration = {
  type: "gmail",
  name: "Gmail",
  description: "Emails and threads",
  icon: null,
  status: "connected",
  lastSyncAt: Date.now() - 5 * 60_000,
  totalItemsSynced: 1_204,
  errorMessage: null,
  activeSyncId: null,
};

/** A card of a server that answers as it is told, and has no streams. */
function renderCard(
  given: Partial<Integration> = {},
  props: Partial<IntegrationCardProps> = {},
  answer = () => Response.json({}, { status: 503 }),
) {
  const fetch = vi.fn(async (..._: Parameters<typeof globalThis.fetch>) => answer());
  const client = new SyncClient({ baseUrl: "https://api.test", fetch, keepAliveMs: 1 });
  render(
    <ul>
      <IntegrationCard integration={{ ...gmail, ...given }} client={client} locale="en" {...props} />
    </ul>,
  );
  return { fetch, user: userEvent.setup() };
}

const menuButton = () => screen.getByRole("button", { name: "More actions for Gmail" });

describe("the card", () => {
  it.each<[IntegrationStatus, string, string, string | null]>([
    ["not_connected", "Not connected", "", "Connect"],
    ["connecting", "Connecting...", "", "Connecting..."],
    ["connected", "Connected", "Last synced 5 minutes ago, 1,204 items", "Sync now"],
    ["needs_reauth", "Access expired", "Last synced 5 minutes ago, 1,204 items", "Reconnect"],
    ["error", "Last sync failed", "The disk is full.", "Try again"],
  ])("says in words that it is %s", (status, words, detail, main) => {
    renderCard({ status, errorMessage: "The disk is full." }, { onConnect: () => {}, onReauthorize: () => {} });
    const card = screen.getByRole("listitem", { name: "Gmail" });
    expect(card.textContent).toContain(words);
    expect(card.textContent).toContain(detail);
    expect(screen.getByRole("heading", { name: "Gmail" }).tagName).toBe("H3");
    if (main !== null) expect(screen.getByRole("button", { name: main })).toBeTruthy();
  });

  it("offers nothing that the application cannot do", () => {
    renderCard({ status: "not_connected" });
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("tells that it never synced", () => {
    renderCard({ lastSyncAt: null });
    expect(screen.getByText("Not synced yet")).toBeTruthy();
  });

  it("opens its modal at once on a click, starts once however often it is clicked, and says why a start failed", async () => {
    const refusal = Promise.withResolvers<void>();
    const { fetch, user } = renderCard({}, {}, () =>
      Response.json({ success: false, error: "Too busy." }, { status: 503 }),
    );
    fetch.mockImplementation(async () => {
      await refusal.promise;
      return Response.json({ success: false, error: "Too busy." }, { status: 503 });
    });
    const button = screen.getByRole("button", { name: "Sync now" });
    button.click();
    button.click();
    expect(await screen.findByRole("dialog", { name: "Syncing Gmail" })).toBeTruthy();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(fetch.mock.calls[0]?.[0]).toBe("https://api.test/integrations/gmail/sync");
    refusal.resolve();
    expect(
      await screen.findByRole("dialog", { name: "Gmail could not be synced", description: "Too busy." }),
    ).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(fetch).toHaveBeenCalledTimes(2));
  });

  it("leaves the modal to the application that shows its own", async () => {
    const onShowProgress = vi.fn();
    const { user } = renderCard({}, { onShowProgress }, () =>
      Response.json({ success: true, sync_id: "abc" }, { status: 202 }),
    );
    await user.click(screen.getByRole("button", { name: "Sync now" }));
    await waitFor(() => expect(onShowProgress.mock.calls).toEqual([[null], ["abc"]]));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("the card's menu", () => {
  it("is opened and walked through by keyboard, and gives the focus back", async () => {
    const onSelect = vi.fn();
    const { user } = renderCard({}, { menuItems: [{ label: "Disconnect", onSelect }] });
    menuButton().focus();
    await user.keyboard("{ArrowDown}");
    expect(menuButton().getAttribute("aria-expanded")).toBe("true");
    expect(document.activeElement?.textContent).toBe("Sync everything again");
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement?.textContent).toBe("Disconnect");
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement?.textContent).toBe("Sync everything again");
    await user.keyboard("{End}{Enter}");
    expect(onSelect).toHaveBeenCalledTimes(1);
    expect(document.activeElement).toBe(menuButton());
    await user.keyboard("{Enter}{Escape}");
    expect(screen.queryByRole("menu")).toBeNull();
    expect(document.activeElement).toBe(menuButton());
  });

  it("is opened at its last entry by the arrow that leads up", async () => {
    const { user } = renderCard({}, { menuItems: [{ label: "Disconnect", onSelect() {} }] });
    menuButton().focus();
    await user.keyboard("{ArrowUp}");
    expect(document.activeElement?.textContent).toBe("Disconnect");
  });

  it("goes to the entry whose first letters are typed", async () => {
    const labels = ["Settings", "Disconnect", "Show log"];
    const { user } = renderCard({}, { menuItems: labels.map((label) => ({ label, onSelect() {} })) });
    await user.click(menuButton());
    const typing = async (keys: string) => {
      await user.keyboard(keys);
      return document.activeElement?.textContent;
    };
    expect(await typing("s")).toBe("Settings");
    expect(await typing("s")).toBe("Show log");
    expect(await typing("s")).toBe("Sync everything again");
    expect(await typing("s{Control>}d{/Control}")).toBe("Settings");
    const later = (key: string) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true });
      Object.defineProperty(event, "timeStamp", { value: new Event("now").timeStamp + 1_500 });
      act(() => void document.activeElement?.dispatchEvent(event));
      return document.activeElement?.textContent;
    };
    // So much later that "s" and "d" are no word, but soon enough for "d" and "i".
    expect([later("d"), later("i"), later("x")]).toEqual(["Disconnect", "Disconnect", "Disconnect"]);
  });

  it("is closed by a press outside", async () => {
    const { user } = renderCard();
    await user.click(menuButton());
    expect(screen.getByRole("menu")).toBeTruthy();
    await user.click(document.body);
    expect(screen.queryByRole("menu")).toBeNull();
  });

  it("is left out where there is nothing in it", () => {
    renderCard({ status: "needs_reauth" });
    expect(screen.queryByRole("button", { name: /More actions/ })).toBeNull();
  });
});
