import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { SyncClient } from "../../../src/client/sync-client.js";
import { SyncRequestError } from "../../../src/client/sync-request.js";
import type { SyncView } from "../../../src/client/sync-view.js";
import {
  SyncIndicatorList,
  type SyncIndicatorListProps,
} from "../../../src/components/indicator/sync-indicator-list.js";
import type { Integration } from "../../../src/protocol/integration.js";
import { aSyncView, mixedViews, runningViews } from "../../support/several-views.js";

const gmail: Integration = {
  type: "gmail",
  name: "Gmail",
  description: "",
  icon: null,
  status: "connected",
  lastSyncAt: null,
  totalItemsSynced: 0,
  errorMessage: null,
  activeSyncId: null,
};

/** An indicator of these syncs, and a client that does what the test says. */
function renderList(syncs: readonly SyncView[], props: Partial<SyncIndicatorListProps> = {}) {
  const client = new SyncClient();
  const onShow = vi.fn();
  const onDismiss = vi.fn();
  const page = (views: readonly SyncView[], given: Partial<SyncIndicatorListProps> = {}) => (
    <>
      <main>
        <button type="button">Of the page</button>
      </main>
      <SyncIndicatorList
        syncs={views}
        client={client}
        integrations={[gmail]}
        locale="en"
        onShow={onShow}
        onDismiss={onDismiss}
        {...props}
        {...given}
      />
    </>
  );
  const { rerender } = render(page(syncs));
  return {
    client,
    onShow,
    onDismiss,
    show: (views: readonly SyncView[], given: Partial<SyncIndicatorListProps> = {}) => rerender(page(views, given)),
  };
}

const region = () => screen.getByRole("region", { name: "Syncs" });
const toggle = () => within(region()).getByRole("button", { name: /running|paused|failed|finished/ });
const button = (name: string) => screen.getByRole("button", { name });
const press = (name: string) => act(async () => void fireEvent.click(button(name)));
const key = (name: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key: name });

describe("the indicator", () => {
  it("is not there without a sync, and is a landmark with one", () => {
    const { show } = renderList([]);
    expect(screen.queryByRole("region")).toBeNull();
    show(runningViews(1));
    expect(region().tagName).toBe("SECTION");
  });

  it("opens to a list, and closes by its button or Escape, which keeps the focus on it", () => {
    renderList(runningViews(2));
    expect(screen.queryByRole("list")).toBeNull();
    fireEvent.click(toggle());
    expect(toggle().getAttribute("aria-controls")).toBe(screen.getByRole("list").parentElement?.id);
    button("Syncing Gmail").focus();
    key("Escape");
    expect(screen.queryByRole("list")).toBeNull();
    expect(document.activeElement).toBe(toggle());
  });

  it("is closed again when it comes back", () => {
    const { show } = renderList(runningViews(2), { defaultOpen: true });
    expect(screen.getByRole("list")).toBeTruthy();
    show([]);
    show(runningViews(1));
    expect(screen.queryByRole("list")).toBeNull();
  });

  it("can be opened and closed by the application", () => {
    const onOpenChange = vi.fn();
    const { show } = renderList(runningViews(2), { open: false, onOpenChange });
    fireEvent.click(toggle());
    expect(onOpenChange).toHaveBeenCalledWith(true);
    expect(screen.queryByRole("list")).toBeNull();
    show(runningViews(2), { open: true });
    expect(screen.getByRole("list")).toBeTruthy();
  });

  it("passes on what elements take", () => {
    renderList(runningViews(1), {
      defaultOpen: true,
      id: "mine",
      className: "my-class",
      style: { color: "red" },
      classNames: { toggle: "my-toggle", list: "my-list", row: "my-row", name: "my-name", bar: "my-bar" },
    });
    expect(region().id).toBe("mine");
    expect(region().className).toBe("sp-indicator my-class");
    expect(region().style.color).toBe("red");
    for (const part of ["toggle", "list", "row", "name", "bar"])
      expect(document.querySelector(`.my-${part}`)).not.toBeNull();
  });

  it("names an integration as the application does, else as the server", () => {
    renderList([aSyncView("one"), aSyncView("two", { connectorType: "crm" })], { defaultOpen: true });
    expect(button("Syncing Gmail")).toBeTruthy();
    expect(button("Syncing crm")).toBeTruthy();
  });

  it("shows a bounded number of rows and says how many more there are", () => {
    renderList(runningViews(1_000), { defaultOpen: true });
    expect(screen.getAllByRole("listitem")).toHaveLength(20);
    expect(screen.getByText("and 980 more")).toBeTruthy();
  });
});

describe("a row of the indicator", () => {
  it("names each of its buttons with the sync, of which there are many", () => {
    renderList([aSyncView("one")], { defaultOpen: true });
    const names = ["Syncing Gmail", "Pause Gmail", "Cancel sync Gmail"];
    for (const name of names) expect(button(name)).toBeTruthy();
    expect(screen.getByRole("progressbar", { name: "Syncing Gmail" }).getAttribute("aria-valuetext")).toBe(
      "45 percent, 45 of 100 items",
    );
  });

  it("leads to all of the sync", () => {
    const { onShow } = renderList([aSyncView("one")], { defaultOpen: true });
    fireEvent.click(button("Syncing Gmail"));
    expect(onShow).toHaveBeenCalledWith("one");
  });

  it("pauses and resumes in place", async () => {
    const { client } = renderList([aSyncView("one"), aSyncView("two", { status: "paused" })], { defaultOpen: true });
    const pause = vi.spyOn(client, "pause").mockResolvedValue();
    const resume = vi.spyOn(client, "resume").mockResolvedValue();
    await press("Pause Gmail");
    await press("Resume Gmail");
    expect([pause.mock.calls, resume.mock.calls]).toEqual([[["one"]], [["two"]]]);
  });

  it("asks before a cancel; Escape dismisses the question and leaves the list open", async () => {
    const { client } = renderList([aSyncView("one")], { defaultOpen: true });
    const cancel = vi.spyOn(client, "cancel").mockResolvedValue();
    await press("Cancel sync Gmail");
    expect(document.activeElement).toBe(button("Keep syncing"));
    key("Escape");
    expect(screen.queryByRole("group")).toBeNull();
    expect(document.activeElement).toBe(button("Cancel sync Gmail"));
    await press("Cancel sync Gmail");
    await press("Stop");
    expect(cancel).toHaveBeenCalledWith("one");
  });

  it("tries again in place, and makes room for the new sync", async () => {
    const { client, onDismiss } = renderList([aSyncView("one", { status: "error" })], { defaultOpen: true });
    vi.spyOn(client, "retry").mockResolvedValue("two");
    await press("Try again Gmail");
    expect(onDismiss).toHaveBeenCalledWith("one");
  });

  it("stays when a retry was refused, and says why", async () => {
    const error = new SyncRequestError("No.", { status: 409 });
    const failed = aSyncView("one", { status: "error" }, { command: { name: "retry", status: "failed", error } });
    const { onDismiss } = renderList([failed], { defaultOpen: true });
    expect(screen.getByText("That is not possible at the moment.")).toBeTruthy();
    expect(onDismiss).not.toHaveBeenCalled();
  });

  it("is dismissed once it has ended, not before", async () => {
    const { onDismiss } = renderList(mixedViews(), { defaultOpen: true });
    // One of the two of either integration has ended.
    expect(screen.getAllByRole("button", { name: "Dismiss Gmail" })).toHaveLength(1);
    expect(screen.getAllByRole("button", { name: "Dismiss slack" })).toHaveLength(1);
    await press("Dismiss Gmail");
    expect(onDismiss).toHaveBeenCalledWith("partial");
    onDismiss.mockClear();
    await press("Dismiss finished");
    expect(onDismiss.mock.calls.flat()).toEqual(["failed", "partial", "complete", "cancelled"]);
  });

  it("renders only when its own sync has changed", () => {
    const views = runningViews(3);
    const { show } = renderList(views, { defaultOpen: true });
    const stages = [...document.querySelectorAll(".sp-indicator-row .sp-stage")];
    const observer = new MutationObserver(() => {});
    for (const stage of stages) observer.observe(stage, { characterData: true, childList: true, subtree: true });
    show(
      views.map((view, at) => (at === 1 ? aSyncView(view.syncId, { connectorType: "slack", stage: "Next" }) : view)),
    );
    expect(observer.takeRecords()).toHaveLength(1);
  });
});

describe("F6", () => {
  it("leads to the indicator and back", () => {
    renderList(runningViews(1));
    button("Of the page").focus();
    key("F6");
    expect(document.activeElement).toBe(toggle());
    expect(toggle().getAttribute("aria-keyshortcuts")).toBe("F6");
    key("F6");
    expect(document.activeElement).toBe(button("Of the page"));
  });

  it("leads to the page's main part when nothing had the focus before", () => {
    renderList(runningViews(1));
    key("F6");
    key("F6");
    expect(document.activeElement).toBe(screen.getByRole("main"));
  });

  it("does nothing while a modal dialog hides the page, with a modifier, or where another key was chosen", () => {
    const { show } = renderList(runningViews(1));
    fireEvent.keyDown(document.body, { key: "F6", ctrlKey: true });
    expect(document.activeElement).toBe(document.body);
    const page = region().parentElement;
    page?.setAttribute("aria-hidden", "true");
    key("F6");
    expect(document.activeElement).toBe(document.body);
    page?.removeAttribute("aria-hidden");
    show(runningViews(1), { hotKey: null });
    key("F6");
    expect(document.activeElement).toBe(document.body);
    show(runningViews(1), { hotKey: "F8" });
    key("F8");
    expect(document.activeElement).toBe(toggle());
  });
});

describe("the focus", () => {
  function Dismissable({ first }: { readonly first: readonly SyncView[] }) {
    const [syncs, setSyncs] = useState(first);
    return (
      <>
        <main>The page</main>
        <SyncIndicatorList
          syncs={syncs}
          locale="en"
          defaultOpen
          onShow={() => {}}
          onDismiss={(syncId) => setSyncs((before) => before.filter((view) => view.syncId !== syncId))}
        />
      </>
    );
  }
  const dismiss = (name: string) => {
    button(name).focus();
    fireEvent.click(button(name));
  };

  it("goes to the next sync when one is dismissed, and to the page's main part after the last", async () => {
    render(
      <Dismissable first={["one", "two"].map((id) => aSyncView(id, { connectorType: id, status: "complete" }))} />,
    );
    dismiss("Dismiss one");
    expect(document.activeElement).toBe(button("two is up to date"));
    dismiss("Dismiss two");
    expect(screen.queryByRole("region")).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("main")));
  });
});
