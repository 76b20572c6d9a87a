import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { SyncIndicator } from "../../../src/components/indicator/sync-indicator.js";
import {
  SyncIndicatorList,
  type SyncIndicatorListProps,
} from "../../../src/components/indicator/sync-indicator-list.js";
import { setUpMockBackends } from "../../react/mock-backend.js";
import { comeToRest, emulate } from "../../support/browser-looks.js";
import { mixedViews, runningViews } from "../../support/several-views.js";
import "../../../src/components/styles/styles.css";

const backends = setUpMockBackends();

beforeEach(async () => {
  await page.viewport(1_000, 700);
});
afterEach(async () => {
  cleanup();
  document.documentElement.removeAttribute("dir");
  await emulate({});
});

/** A page longer than the window, with controls at both ends, and an indicator in it. */
function renderPage(props: Partial<SyncIndicatorListProps> = {}) {
  const indicator = (
    <SyncIndicatorList syncs={runningViews(3)} locale="en" onShow={() => {}} onDismiss={() => {}} {...props} />
  );
  const isAtStart = props.position?.startsWith("top") ?? false;
  const controls = (name: string) => (
    <div style={{ display: "flex", justifyContent: "space-between" }}>
      <button type="button">{name} left</button>
      <button type="button">{name} right</button>
    </div>
  );
  render(
    <>
      {isAtStart && indicator}
      <main>
        {controls("First")}
        <div style={{ blockSize: 2_000 }} />
        {controls("Last")}
      </main>
      {!isAtStart && indicator}
    </>,
  );
}

const region = () => screen.getByRole("region", { name: "Syncs" });
const button = (name: string | RegExp) => screen.getByRole("button", { name });
const toggle = () => {
  const [first] = within(region()).getAllByRole("button");
  if (first === undefined) throw new Error("the indicator has no button");
  return first;
};

function doOverlap(one: Element, other: Element): boolean {
  const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe("24 the indicator at 320 px", () => {
  it.each([
    ["bottom-end", "ltr"],
    ["bottom-start", "ltr"],
    ["bottom-end", "rtl"],
  ] as const)("covers no control at the end of the page: %s, %s", async (position, dir) => {
    document.documentElement.dir = dir;
    await page.viewport(320, 640);
    renderPage({ position });
    window.scrollTo(0, document.documentElement.scrollHeight);
    for (const name of ["Last left", "Last right"]) expect(doOverlap(region(), button(name))).toBe(false);
  });

  it.each(["top-end", "top-start"] as const)("covers no control at the beginning of the page: %s", async (position) => {
    await page.viewport(320, 640);
    renderPage({ position });
    for (const name of ["First left", "First right"]) expect(doOverlap(region(), button(name))).toBe(false);
  });

  it("is small, and in its corner", async () => {
    await page.viewport(320, 640);
    renderPage();
    const { width, height, right, bottom } = region().getBoundingClientRect();
    expect(width).toBeLessThan(210);
    expect(height).toBeLessThan(50);
    expect([320 - right, 640 - bottom]).toEqual([8, 8]);
  });

  it("leaves a part of the page free when it is open", async () => {
    await page.viewport(320, 640);
    renderPage({ syncs: mixedViews(), defaultOpen: true });
    const { left, right, top, bottom } = region().getBoundingClientRect();
    expect([left, right, bottom]).toEqual([8, 312, 632]);
    expect(top).toBeGreaterThan(40);
  });

  it("covers nothing anywhere in the flow of the page", async () => {
    await page.viewport(320, 640);
    renderPage({ position: "inline" });
    expect(document.querySelector(".sp-indicator-space")).toBeNull();
    expect(region().getBoundingClientRect().top).toBeGreaterThan(2_000);
  });
});

describe("a control of the page that has the focus", () => {
  it("is not covered: the indicator steps aside, and comes back", async () => {
    renderPage();
    const under = document.createElement("button");
    under.textContent = "Under it";
    under.style.cssText = "position:fixed;inset:auto 20px 20px auto";
    document.body.append(under);
    onTestFinished(() => under.remove());
    await comeToRest();
    expect(doOverlap(region(), under)).toBe(true);
    await userEvent.keyboard("{Tab}");
    under.focus();
    await vi.waitFor(() => expect(region().hasAttribute("data-aside")).toBe(true));
    await comeToRest();
    expect(doOverlap(region(), under)).toBe(false);
    button("First left").focus();
    await vi.waitFor(() => expect(region().hasAttribute("data-aside")).toBe(false));
  });

  it("keeps the indicator when it is larger than that, such as a text area that fills the window", async () => {
    renderPage();
    const editor = document.createElement("textarea");
    editor.style.cssText = "position:fixed;inset:0;inline-size:100%;block-size:100%";
    document.body.append(editor);
    onTestFinished(() => editor.remove());
    editor.focus();
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    expect(region().hasAttribute("data-aside")).toBe(false);
  });
});

describe("an on-screen keyboard", () => {
  /** Covers so many px at the end of the window, as browsers tell of it. */
  function coverWindow(covered: number, scale = 1) {
    const viewport = window.visualViewport;
    if (viewport === null) throw new Error("this browser has no visual viewport");
    const height = vi.spyOn(viewport, "height", "get").mockReturnValue(window.innerHeight - covered);
    const zoom = vi.spyOn(viewport, "scale", "get").mockReturnValue(scale);
    viewport.dispatchEvent(new Event("resize"));
    return () => {
      height.mockRestore();
      zoom.mockRestore();
      viewport.dispatchEvent(new Event("resize"));
    };
  }

  it("moves the indicator up, and back when it goes", async () => {
    renderPage();
    const atRest = region().getBoundingClientRect().bottom;
    const uncover = coverWindow(300);
    await vi.waitFor(() => expect(region().getBoundingClientRect().bottom).toBe(atRest - 300));
    uncover();
    await vi.waitFor(() => expect(region().getBoundingClientRect().bottom).toBe(atRest));
  });

  it("is not taken for the bar of a browser, or a zoom by two fingers", async () => {
    renderPage();
    const atRest = region().getBoundingClientRect().bottom;
    onTestFinished(coverWindow(50));
    expect(region().getBoundingClientRect().bottom).toBe(atRest);
    onTestFinished(coverWindow(300, 2));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(region().getBoundingClientRect().bottom).toBe(atRest);
  });
});

it("32 its targets are large enough for a mouse", async () => {
  renderPage({ syncs: mixedViews(), defaultOpen: true });
  for (const one of within(region()).getAllByRole("button")) {
    const { width, height } = one.getBoundingClientRect();
    expect(Math.min(width, height), one.textContent).toBeGreaterThanOrEqual(24);
  }
});

it("22 nothing moves with reduced motion", async () => {
  await emulate({ "prefers-reduced-motion": "reduce" });
  renderPage({ defaultOpen: true, syncs: [...runningViews(2)] });
  expect(region().getAnimations({ subtree: true })).toEqual([]);
});

it("30 goes by keyboard alone: F6 to it, open, pause, and back", async () => {
  renderPage();
  await userEvent.click(button("First left"));
  await userEvent.keyboard("{F6}{Enter}");
  expect(document.activeElement).toBe(toggle());
  await userEvent.keyboard("{Tab}");
  expect(document.activeElement?.textContent).toBe("Syncing gmail");
  await userEvent.keyboard("{Tab}");
  expect(document.activeElement).toBe(button("Pause gmail"));
  await userEvent.keyboard("{Escape}");
  expect(document.activeElement).toBe(toggle());
  await userEvent.keyboard("{F6}");
  expect(document.activeElement).toBe(button("First left"));
});

describe("the indicator of a client", () => {
  async function renderIndicator() {
    const started = backends.start({}, { keepAliveMs: 20 });
    render(
      <main>
        <SyncIndicator client={started.client} locale="en" />
      </main>,
    );
    return started;
  }
  const openList = async () => {
    await screen.findByRole("region", { name: "Syncs" });
    await userEvent.click(toggle());
  };

  it("shows a sync that is started, opens its modal, and gives the focus back", async () => {
    const { backend, client } = await renderIndicator();
    expect(screen.queryByRole("region")).toBeNull();
    await client.startSync("gmail");
    await openList();
    backend.driver.update({ status: "syncing", totalItems: 100 });
    backend.driver.advance(45);
    await userEvent.click(await screen.findByRole("button", { name: "Syncing gmail" }));
    await screen.findByRole("dialog", { name: "Syncing gmail" });
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(button("Syncing gmail")));
    expect(backend.service.stats().activeSyncs).toBe(1);
  });

  it("cancels, and tries again, in place", async () => {
    const { client, backend } = await renderIndicator();
    await client.startSync("gmail");
    await openList();
    backend.driver.update({ status: "syncing", totalItems: 100 });
    await userEvent.click(await screen.findByRole("button", { name: "Cancel sync gmail" }));
    await userEvent.click(button("Stop"));
    await screen.findByText("gmail sync cancelled");
    await userEvent.click(button("Sync again gmail"));
    await screen.findByText(/^(Syncing gmail|gmail is waiting)$/);
    await waitFor(() => expect(screen.queryByText("gmail sync cancelled")).toBeNull());
    expect(backend.service.stats().activeSyncs).toBe(1);
  });

  it("keeps a failure until it was seen in the modal", async () => {
    const { client, backend } = await renderIndicator();
    await client.startSync("gmail");
    await openList();
    backend.driver.update({ status: "syncing", totalItems: 100 });
    await screen.findByRole("button", { name: "Pause gmail" });
    backend.driver.crash("Gmail refuses more requests today.");
    await userEvent.click(await screen.findByRole("button", { name: "gmail could not be synced" }));
    await screen.findByRole("dialog", { name: "gmail could not be synced" });
    await userEvent.click(button("Close"));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Syncs" })).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("main")));
  });
});
