import * as Dialog from "@radix-ui/react-dialog";
import { cleanup, render, screen, within } from "@testing-library/react";
import { type ReactNode, useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { IntegrationCard } from "../../src/components/card/integration-card.js";
import { SyncProgressModal, type SyncProgressModalProps } from "../../src/components/modal/sync-progress-modal.js";
import { SyncProgress } from "../../src/components/progress/sync-progress.js";
import { mockItemName } from "../../src/msw/mock-integrations.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { setUpMockBackends } from "../react/mock-backend.js";
import { misplacedTexts } from "../stories/geometry.js";
import { comeToRest } from "../support/browser-looks.js";
import { startScreenReader } from "../support/virtual-screen-reader.js";
import "../../src/components/styles/styles.css";

/** The checks of the experience rules, by their numbers, on the real modal in a real browser. */

const backends = setUpMockBackends();

beforeEach(async () => {
  await page.viewport(1_000, 700);
});
afterEach(() => {
  cleanup();
  document.documentElement.removeAttribute("dir");
});

type Given = Partial<SyncProgressModalProps> & { readonly beside?: ReactNode };

/** A page with a button that opens the modal of a sync driven by the test. */
async function openModal({ beside, ...props }: Given = {}) {
  const { backend, client } = backends.start();
  const syncId = await backend.startSync();
  const onOpenChange = vi.fn();
  function Page() {
    const [open, setOpen] = useState(false);
    const [hasOpener, setHasOpener] = useState(true);
    removeOpener = () => setHasOpener(false);
    return (
      <main>
        {hasOpener && (
          <button type="button" onClick={() => setOpen(true)}>
            Open
          </button>
        )}
        {beside}
        <SyncProgressModal
          name="Gmail"
          locale="en"
          client={client}
          syncId={syncId}
          open={open}
          onOpenChange={(isOpen) => {
            onOpenChange(isOpen);
            setOpen(isOpen);
          }}
          {...props}
        />
      </main>
    );
  }
  let removeOpener = () => {};
  render(<Page />);
  await userEvent.click(screen.getByRole("button", { name: "Open" }));
  const dialog = await screen.findByRole("dialog");
  await vi.waitFor(() => expect(dialog.querySelector("[data-kind=queued]")).not.toBeNull());
  return { backend, client, syncId, dialog, onOpenChange, removeOpener: () => removeOpener(), driver: backend.driver };
}

async function openRunning(props: Given = {}) {
  const opened = await openModal(props);
  opened.driver.update({ status: "syncing", stage: "Fetching emails...", totalItems: 100 });
  opened.driver.advance(45);
  await vi.waitFor(() => expect(opened.dialog.textContent).toMatch(/45 (of|von) 100/));
  return opened;
}

const button = (name: string) => screen.getByRole("button", { name });
/** A countdown waits for its announcement, and that for the one before. */
const closed = () => vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull(), { timeout: 10_000 });
const said = () => document.querySelector(".sp-announcer [role=status]")?.textContent ?? "";
const alerted = () => document.querySelector(".sp-announcer [role=alert]")?.textContent ?? "";

describe("the dialog", () => {
  it("1 has a role, a name and a description", async () => {
    const { dialog } = await openRunning();
    expect(dialog).toBe(screen.getByRole("dialog", { name: "Syncing Gmail", description: "Fetching emails..." }));
  });

  it("2 takes the first focus itself", async () => {
    const { dialog } = await openModal();
    expect(document.activeElement).toBe(dialog);
  });

  it("3 keeps the focus inside", async () => {
    const { dialog } = await openRunning();
    for (let count = 0; count < 8; count += 1) {
      await userEvent.keyboard("{Tab}");
      expect(dialog.contains(document.activeElement)).toBe(true);
    }
    await userEvent.keyboard("{Shift>}{Tab}{/Shift}");
    expect(dialog.contains(document.activeElement)).toBe(true);
  });

  it("4 gives the focus back to the opener", async () => {
    await openRunning();
    await userEvent.keyboard("{Escape}");
    await closed();
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Open")));
  });

  it("5 gives it to the nearest card when the opener is gone", async () => {
    const beside = (
      <ul>
        <li data-sp-card="slack">
          <button type="button">More actions</button>
          <button type="button" data-main-action="">
            Sync Slack
          </button>
        </li>
      </ul>
    );
    const { removeOpener } = await openRunning({ beside });
    removeOpener();
    await userEvent.keyboard("{Escape}");
    await closed();
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Sync Slack")));
  });

  it("5 gives it to the page's main part when there is no card either", async () => {
    const { removeOpener } = await openRunning();
    removeOpener();
    await userEvent.keyboard("{Escape}");
    await closed();
    await vi.waitFor(() => expect(document.activeElement).toBe(document.querySelector("main")));
  });

  it("6 goes to the background on Escape while the sync runs, and the sync goes on", async () => {
    const onBackground = vi.fn();
    const { backend } = await openRunning({ onBackground });
    await userEvent.keyboard("{Escape}");
    await closed();
    expect(onBackground).toHaveBeenCalledTimes(1);
    expect(backend.service.stats()).toEqual({ activeSyncs: 1, stoppingJobs: 0, subscribers: 1 });
  });

  it("6 goes to the background on Escape while the sync is still being started", async () => {
    const onBackground = vi.fn();
    render(<SyncProgressModal syncId={null} open onOpenChange={() => {}} onBackground={onBackground} />);
    await screen.findByRole("dialog");
    await userEvent.keyboard("{Escape}");
    expect(onBackground).toHaveBeenCalledTimes(1);
  });

  it("6 has nothing to put into the background when the start was refused", async () => {
    const onBackground = vi.fn();
    const onOpenChange = vi.fn();
    const refused = { startError: "The disk is full.", onBackground, onOpenChange };
    render(<SyncProgressModal syncId={null} open {...refused} />);
    await screen.findByRole("dialog");
    await userEvent.keyboard("{Escape}");
    expect(onOpenChange).toHaveBeenCalledWith(false);
    expect(onBackground).not.toHaveBeenCalled();
  });

  it("7 closes on Escape when the sync has ended", async () => {
    const onBackground = vi.fn();
    const { driver } = await openRunning({ onBackground, autoCloseMs: false });
    driver.finish();
    await screen.findByRole("heading", { name: "Gmail is up to date" });
    await userEvent.keyboard("{Escape}");
    await closed();
    expect(onBackground).not.toHaveBeenCalled();
  });

  it("8 goes to the background on a press outside, which never cancels", async () => {
    const { backend } = await openRunning();
    const overlay = document.querySelector(".sp-overlay");
    if (overlay === null) throw new Error("there is no overlay");
    await userEvent.click(overlay, { position: { x: 5, y: 5 } });
    await closed();
    expect(backend.service.stats().activeSyncs).toBe(1);
  });

  it("9 asks once before it cancels, and Escape answers no", async () => {
    const { backend } = await openRunning();
    await userEvent.click(button("Cancel sync"));
    await screen.findByText("Stop syncing Gmail? Items synced so far are kept.");
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Keep syncing")));
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.queryByText(/^Stop syncing Gmail/)).toBeNull());
    expect(screen.getByRole("dialog")).toBeTruthy();
    expect(backend.service.stats().activeSyncs).toBe(1);
    expect(document.activeElement).toBe(button("Cancel sync"));

    await userEvent.click(button("Cancel sync"));
    await userEvent.click(button("Stop"));
    await screen.findByRole("heading", { name: "Gmail sync cancelled" });
    expect(screen.getByText("45 of 100 items were kept.")).toBeTruthy();
  });

  it("9 answers by Escape only the question that the focus is at", async () => {
    const { driver } = await openRunning();
    await userEvent.click(button("Cancel sync"));
    const question = await screen.findByRole("group", { name: /^Stop syncing Gmail/ });
    const elsewhere = document.createElement("input");
    document.body.append(elsewhere);
    elsewhere.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    elsewhere.remove();
    expect(question.isConnected).toBe(true);
    driver.advance();
  });

  it("9 answers no to Escape wherever in the dialog the focus is", async () => {
    const { dialog, onOpenChange } = await openRunning();
    await userEvent.click(button("Cancel sync"));
    await screen.findByRole("group", { name: /^Stop syncing Gmail/ });
    dialog.focus();
    onOpenChange.mockClear();
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.queryByText(/^Stop syncing Gmail/)).toBeNull());
    expect(onOpenChange).not.toHaveBeenCalled();
  });

  it("keeps what the keyboard comes to in sight, where the dialog scrolls", async () => {
    await page.viewport(600, 420);
    const { driver, dialog } = await openRunning({ autoCloseMs: false });
    for (let count = 0; count < 40; count += 1) driver.fail(`Item ${count}`);
    driver.finish();
    await screen.findByText("Item 39");
    button("Done").focus();
    for (const key of ["{Tab}", "{Tab}", "{Shift>}{Tab}{/Shift}", "{Shift>}{Tab}{/Shift}"]) {
      await userEvent.keyboard(key);
      const { top, bottom } = (document.activeElement ?? dialog).getBoundingClientRect();
      const actions = button("Done").closest(".sp-actions");
      const isAction = actions?.contains(document.activeElement) === true;
      const end = isAction ? innerHeight : (actions?.getBoundingClientRect().top ?? 0);
      expect(top, document.activeElement?.textContent ?? "").toBeGreaterThanOrEqual(0);
      expect(bottom, document.activeElement?.textContent ?? "").toBeLessThanOrEqual(end);
    }
  });

  it("keeps the focus on a button that stays, and moves it to the main one when it goes", async () => {
    const { driver, dialog } = await openRunning({ autoCloseMs: false });
    button("Run in background").focus();
    driver.advance();
    await within(dialog).findByText("46 of 100");
    expect(document.activeElement).toBe(button("Run in background"));
    driver.finish();
    await screen.findByRole("heading", { name: "Gmail is up to date" });
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Done")));
  });
});

describe("a retry", () => {
  it("is followed where the application does not take the new sync over, and given up for the next one", async () => {
    const { backend, client } = backends.start();
    const modal = (syncId: string) => (
      <SyncProgressModal name="Gmail" locale="en" client={client} syncId={syncId} open onOpenChange={() => {}} />
    );
    const { rerender } = render(modal(await backend.startSync()));
    await screen.findByText("Waiting for its turn...");
    backend.driver.crash("Gmail refuses more requests today.");
    await screen.findByRole("heading", { name: "Gmail could not be synced" });
    await userEvent.click(button("Try again"));
    await screen.findByRole("heading", { name: "Gmail is waiting" });
    backend.driver.finish();
    await screen.findByRole("heading", { name: "Gmail is up to date" });
    rerender(modal(await backend.startSync("slack")));
    await screen.findByRole("heading", { name: "Gmail is waiting" });
  });

  it("is not offered by parts that nobody would show the new sync in", async () => {
    const { backend, client } = backends.start();
    const syncId = await backend.startSync();
    function Parts() {
      return (
        <SyncProgress.Root state={useSyncProgress(syncId, { client })} name="Gmail" locale="en">
          <SyncProgress.Title />
          <SyncProgress.Actions />
        </SyncProgress.Root>
      );
    }
    render(<Parts />);
    await screen.findByRole("heading", { name: "Gmail is waiting" });
    await userEvent.click(button("Cancel sync"));
    await userEvent.click(button("Stop"));
    await screen.findByRole("heading", { name: "Gmail sync cancelled" });
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("the bar", () => {
  const bar = () => screen.getByRole("progressbar");

  it("10 tells its value at 0, in between, at 100, and none while that is unknown", async () => {
    const { driver } = await openModal({ autoCloseMs: false });
    expect(bar().hasAttribute("aria-valuenow")).toBe(false);
    driver.update({ status: "connecting", totalItems: 100 });
    await vi.waitFor(() => expect(bar().getAttribute("aria-valuenow")).toBe("0"));
    driver.update({ status: "syncing" });
    driver.advance(50);
    await vi.waitFor(() => expect(bar().getAttribute("aria-valuenow")).toBe("32"));
    expect(bar().getAttribute("aria-valuemin")).toBe("0");
    expect(bar().getAttribute("aria-valuemax")).toBe("100");
    expect(bar().getAttribute("aria-label")).toBe("Syncing Gmail");
    driver.finish();
    await vi.waitFor(() => expect(bar().getAttribute("aria-valuenow")).toBe("100"));
  });

  it("11 tells it in words of the person's language", async () => {
    const { labelsDe } = await import("../../src/components/labels/de.js");
    await openRunning({ labels: labelsDe, locale: "de" });
    expect(bar().getAttribute("aria-valuetext")).toBe("29 Prozent, Fetch: 45 von 100 Elementen");
  });
});

describe("announcements", () => {
  it("12 are made at the start and at the end, 15 and never name the current item", async () => {
    const spoken: string[] = [];
    const { driver } = await openRunning({ autoCloseMs: false });
    const observer = new MutationObserver(() => spoken.push(said()));
    const host = document.querySelector(".sp-announcer");
    if (host !== null) observer.observe(host, { subtree: true, childList: true, characterData: true });
    driver.advance(5);
    driver.finish();
    await vi.waitFor(() => expect(said()).toContain("Gmail is up to date. 50 items synced"), { timeout: 10_000 });
    observer.disconnect();
    const items = Array.from({ length: 51 }, (_, index) => mockItemName(index));
    expect(items.filter((item) => spoken.join().includes(item))).toEqual([]);
    expect(document.querySelectorAll("[role=status]")).toHaveLength(1);
  });

  it("14 of an error are assertive, and made once", async () => {
    const alerts: string[] = [];
    const { driver } = await openRunning();
    const observer = new MutationObserver(() => alerts.push(alerted()));
    const region = document.querySelector(".sp-announcer [role=alert]");
    if (region !== null) observer.observe(region, { childList: true, characterData: true, subtree: true });
    driver.crash("Gmail refuses more requests today.");
    await screen.findByRole("heading", { name: "Gmail could not be synced" });
    await vi.waitFor(() => expect(alerts).toEqual(["Gmail could not be synced. Gmail refuses more requests today."]));
    observer.disconnect();
  });

  it("are outside of what the dialog hides", async () => {
    await openRunning();
    const region = document.querySelector(".sp-announcer [role=status]");
    expect(region?.closest("[aria-hidden=true], [inert]")).toBeNull();
  });
});

describe("auto-close", () => {
  async function openComplete(props: Given = {}) {
    const opened = await openRunning({ autoCloseMs: 60_000, ...props });
    opened.driver.finish();
    await within(opened.dialog).findByText(/^Closes in \d+ s$/);
    return opened;
  }
  const paused = () => screen.findByText("Stays open while you are here");

  it("17 waits while the pointer is there", async () => {
    const { dialog } = await openComplete();
    await userEvent.hover(dialog);
    await paused();
    const overlay = document.querySelector(".sp-overlay");
    if (overlay !== null) await userEvent.hover(overlay, { position: { x: 5, y: 5 } });
    await screen.findByText(/^Closes in \d+ s$/);
  });

  it("18 waits while the focus is on something inside", async () => {
    await openComplete();
    await userEvent.keyboard("{Tab}");
    await paused();
  });

  it("19 waits while the page is hidden", async () => {
    await openComplete();
    const visibility = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    await paused();
    visibility.mockRestore();
    document.dispatchEvent(new Event("visibilitychange"));
    await screen.findByText(/^Closes in \d+ s$/);
  });

  it("20 can be ended for good", async () => {
    await openComplete();
    button("Keep open").focus();
    await userEvent.keyboard("{Enter}");
    await vi.waitFor(() => expect(screen.queryByText(/^(Closes in|Stays open)/)).toBeNull());
    expect(screen.getByRole("dialog")).toBeTruthy();
    expect(document.activeElement).toBe(button("Done"));
  });

  it("does not close a finished modal that is opened once more", async () => {
    await openComplete();
    await userEvent.keyboard("{Escape}");
    await closed();
    await userEvent.click(button("Open"));
    await screen.findByRole("dialog", { name: "Gmail is up to date" });
    expect(screen.queryByText(/^(Closes in|Stays open)/)).toBeNull();
  });

  it("closes the modal when it runs out, and gives the focus back", async () => {
    const { driver } = await openRunning({ autoCloseMs: 100 });
    driver.finish();
    await closed();
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Open")));
  });
});

describe("the look", () => {
  it.each([
    [320, 640],
    // 1280 x 1024 at 400 %.
    [320, 256],
  ])("24 fits %s x %s px: nothing is cut, nothing overlaps, nothing scrolls sideways", async (width, height) => {
    await page.viewport(width, height);
    await openRunning();
    expect(misplacedTexts()).toEqual([]);
  });

  it("26 mirrors the bar from right to left", async () => {
    document.documentElement.dir = "rtl";
    await openRunning();
    const track = screen.getByRole("progressbar").getBoundingClientRect();
    const fill = screen.getByRole("progressbar").firstElementChild;
    await vi.waitFor(() => {
      const rect = fill?.getBoundingClientRect();
      expect(Math.round(rect?.left ?? 0)).toBeGreaterThan(track.left + track.width / 2);
    });
  });

  it("26 lets a name of the other direction move no word of a sentence", async () => {
    const { labelsAr } = await import("../../src/components/labels/ar.js");
    const { dialog } = await openModal({ name: "Gmail", labels: labelsAr, locale: "ar" });
    const headline = within(dialog).getByRole("heading").querySelector("bdi");
    expect(getComputedStyle(headline ?? dialog).direction).toBe("rtl");
    expect(headline?.textContent).toContain("\u2068Gmail\u2069");
  });

  it("27 cuts a very long item in its middle, on one line", async () => {
    const { driver, dialog } = await openRunning();
    const item = `projects/${"very-long-name/".repeat(30)}contract-signed.pdf`;
    driver.update({ currentItem: item });
    const tail = await within(dialog).findByText("act-signed.pdf");
    const line = tail.closest(".sp-current-item");
    expect(line?.getBoundingClientRect().height).toBeLessThan(40);
    expect(line?.textContent).toContain(item);
    expect(dialog.scrollWidth).toBeLessThanOrEqual(dialog.clientWidth);
    expect(tail.getBoundingClientRect().right).toBeLessThanOrEqual(dialog.getBoundingClientRect().right);
  });

  it("32 has targets of at least 24 x 24 px", async () => {
    const { dialog } = await openRunning();
    for (const element of within(dialog).getAllByRole("button")) {
      const { width, height } = element.getBoundingClientRect();
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
    }
  });

  it("34 does not shift while numbers and names change", async () => {
    let shift = 0;
    const { driver, dialog } = await openRunning();
    // The dialog has grown by its numbers, and has come to rest.
    await comeToRest();
    for (let count = 0; count < 3; count += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift += "value" in entry ? Number(entry.value) : 0;
    });
    observer.observe({ type: "layout-shift", buffered: false });
    for (let count = 0; count < 50; count += 1) {
      driver.advance();
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await within(dialog).findByText("95 of 100");
    observer.disconnect();
    expect(shift).toBe(0);
  });
});

describe("the card's menu", () => {
  const integration = {
    type: "gmail",
    name: "Gmail",
    description: "",
    icon: null,
    status: "connected" as const,
    lastSyncAt: null,
    totalItemsSynced: 0,
    errorMessage: null,
    activeSyncId: null,
  };
  const card = <IntegrationCard integration={integration} baseUrl="/nowhere" locale="en" />;

  it.each(["ltr", "rtl"])("stays on the page beside a narrow card, %s", async (direction) => {
    document.documentElement.dir = direction;
    render(<ul style={{ inlineSize: "160px", margin: 0, padding: 0 }}>{card}</ul>);
    await userEvent.click(button("More actions for Gmail"));
    const { left, right } = screen.getByRole("menu").getBoundingClientRect();
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(document.documentElement.clientWidth);
  });

  it("opens above its button at the end of the window", async () => {
    render(<ul style={{ position: "fixed", insetBlockEnd: "-90px", margin: 0 }}>{card}</ul>);
    await userEvent.click(button("More actions for Gmail"));
    const menu = screen.getByRole("menu").getBoundingClientRect();
    expect(menu.bottom).toBeLessThanOrEqual(button("More actions for Gmail").getBoundingClientRect().top);
  });

  it("takes Escape for itself in a dialog of the application's", async () => {
    render(
      <Dialog.Root defaultOpen>
        <Dialog.Content aria-describedby={undefined}>
          <Dialog.Title>Sources</Dialog.Title>
          <ul>{card}</ul>
        </Dialog.Content>
      </Dialog.Root>,
    );
    await userEvent.click(button("More actions for Gmail"));
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("menu")).toBeNull();
    expect(screen.getByRole("dialog", { name: "Sources" })).toBeTruthy();
    await userEvent.keyboard("{Escape}");
    await closed();
  });
});

describe("the whole flow, from the card to done", () => {
  function renderCard() {
    const { backend, client } = backends.start();
    const integration = {
      type: "gmail",
      name: "Gmail",
      description: "Emails and threads",
      icon: null,
      status: "connected" as const,
      lastSyncAt: null,
      totalItemsSynced: 0,
      errorMessage: null,
      activeSyncId: null,
    };
    render(
      <main>
        <ul>
          <IntegrationCard integration={integration} client={client} locale="en" />
        </ul>
      </main>,
    );
    return backend.driver;
  }

  it("30 goes by keyboard alone", async () => {
    const driver = renderCard();
    await userEvent.keyboard("{Tab}{Tab}");
    expect(document.activeElement).toBe(button("Sync now"));
    await userEvent.keyboard("{Enter}");
    await screen.findByRole("heading", { name: "Gmail is waiting" });
    driver.update({ status: "syncing", totalItems: 100 });
    await screen.findByRole("button", { name: "Pause" });
    await userEvent.keyboard("{Tab}{Tab}");
    expect(document.activeElement).toBe(button("Pause"));
    await userEvent.keyboard("{Enter}");
    await screen.findByRole("heading", { name: "Gmail is paused" });
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Resume")));
    await userEvent.keyboard(" ");
    await screen.findByRole("heading", { name: "Syncing Gmail" });
    driver.advance(100);
    driver.finish();
    await screen.findByRole("heading", { name: "Gmail is up to date" });
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Done")));
    await userEvent.keyboard("{Enter}");
    await closed();
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Sync now")));
    // The list of integrations still tells of the time before.
    expect(screen.getByText(/^Last synced .*, 100 items$/)).toBeTruthy();
  });

  it("9 asks once before it cancels from the menu, and gives the focus to what takes its place", async () => {
    const driver = renderCard();
    await userEvent.click(button("Sync now"));
    await screen.findByRole("heading", { name: "Gmail is waiting" });
    driver.update({ status: "syncing", totalItems: 2 });
    await userEvent.keyboard("{Escape}");
    await closed();
    const choose = async () => {
      await userEvent.click(button("More actions for Gmail"));
      await userEvent.click(screen.getByRole("menuitem", { name: "Cancel sync" }));
      await screen.findByRole("group", { name: /^Stop syncing Gmail/ });
      expect(document.activeElement).toBe(button("Keep syncing"));
    };
    await choose();
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Show progress")));
    await choose();
    await userEvent.click(button("Stop"));
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Sync now")));
  });

  it("leaves what failed in the background one press away", async () => {
    const driver = renderCard();
    await userEvent.click(button("Sync now"));
    await screen.findByRole("heading", { name: "Gmail is waiting" });
    await userEvent.keyboard("{Escape}");
    await closed();
    driver.update({ status: "syncing", totalItems: 2 });
    driver.advance();
    driver.fail("Quarterly report");
    driver.finish();
    await userEvent.click(await screen.findByRole("button", { name: "1 failed item" }));
    await screen.findByRole("dialog", { name: "Gmail synced with 1 problem" });
    await screen.findByText("Quarterly report");
  });

  it("31 goes by screen reader alone", { timeout: 40_000 }, async () => {
    // What was said for the syncs of the test before is not said again within 5 s.
    await vi.waitFor(() => expect(document.querySelector(".sp-announcer")).toBeNull(), { timeout: 12_000 });
    const driver = renderCard();
    const reader = await startScreenReader();
    const heard = (phrase: string | RegExp) =>
      vi.waitFor(async () => expect(await reader.heard()).toContainEqual(expect.stringMatching(phrase)), {
        timeout: 12_000,
      });

    await reader.goTo("listitem, Gmail");
    await reader.goTo("button, Sync now, Gmail");
    await reader.press();
    await heard("dialog, Syncing Gmail, Connecting...");
    await heard("polite: Gmail is waiting. Waiting for its turn...");
    driver.update({ status: "syncing", stage: "Fetching emails...", totalItems: 100 });
    driver.advance(45);
    await screen.findByText("45 of 100");
    expect(await reader.goTo("progressbar, Syncing Gmail,")).toContain(
      "current value 29 percent, Fetch: 45 of 100 items",
    );
    driver.advance(55);
    driver.finish();
    await heard(/^polite: Gmail is up to date. 100 items synced.* Closes in 3 seconds.$/);
    await closed();
    await vi.waitFor(async () => expect((await reader.heard()).at(-1)).toBe("button, Sync now, Gmail"));
  });
});
