import { cleanup, render, screen } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cdp, page } from "vitest/browser";
import { IntegrationCard } from "../../../src/components/card/integration-card.js";
import { SyncIndicatorList } from "../../../src/components/indicator/sync-indicator-list.js";
import { SyncProgressModal } from "../../../src/components/modal/sync-progress-modal.js";
import { SyncProgress } from "../../../src/components/progress/sync-progress.js";
import type { Integration } from "../../../src/protocol/integration.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import type { AutoCloseControl } from "../../../src/react/use-auto-close.js";
import { misplacedTexts, TEXT_SPACING } from "../../stories/geometry.js";
import { aProgressState } from "../../support/a-progress-state.js";
import { anAutoClose } from "../../support/an-auto-close.js";
import { comeToRest, emulate } from "../../support/browser-looks.js";
import { PHASES } from "../../support/phases.js";
import { mixedViews } from "../../support/several-views.js";
import "../../../src/components/styles/styles.css";
import { AllParts } from "../../../stories/support/all-parts.js";

/** The checks of the experience rules that depend on how the person has set up the browser. */

beforeEach(() => {
  document.documentElement.style.colorScheme = "light dark";
});
afterEach(async () => {
  cleanup();
  document.documentElement.removeAttribute("style");
  document.head.querySelector("#text-spacing")?.remove();
  await emulate({});
});

const failed = { kind: "sync-failed" as const, message: "Gmail refuses more requests today.", code: null };

const gmail: Integration = {
  type: "gmail",
  name: "Gmail",
  description: "Emails and threads",
  icon: null,
  status: "error",
  lastSyncAt: 1,
  totalItemsSynced: 5,
  errorMessage: "Gmail refuses more requests today.",
  activeSyncId: null,
};

const STATES: Readonly<Record<string, Partial<SyncProgressState>>> = {
  running: { failedItems: 3, eta: { remainingMs: 125_000, minutes: 2, itemsPerSecond: 3 } },
  phases: { phases: PHASES, phase: "fetch", percent: 37 },
  indeterminate: { percent: null, totalItems: null },
  reconnecting: { connection: "reconnecting", disconnectedAt: 0 },
  offline: { connection: "reconnecting", isOffline: true },
  paused: { status: "paused" },
  complete: { status: "complete" },
  failed: { status: "error", percent: 45, error: failed },
  "signed out": { error: { kind: "unauthorized", message: "", code: null } },
};

function renderState(given: Partial<SyncProgressState>, autoClose?: AutoCloseControl) {
  return render(
    <main
      style={{
        maxInlineSize: "30rem",
        background: "var(--sp-surface, light-dark(#ffffff, #1b1e25))",
      }}
    >
      <SyncProgress.Root
        state={aProgressState(given)}
        autoClose={autoClose}
        name="Gmail"
        locale="en"
        announce={false}
        onClose={() => {}}
        onRetried={() => {}}
      >
        <AllParts titleLevel={1} />
        <SyncProgress.Failures />
      </SyncProgress.Root>
    </main>,
  );
}

async function violations(): Promise<string[]> {
  const result = await axe.run(document.body, { rules: { region: { enabled: false } } });
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
}

describe.each([
  ["light", { "prefers-color-scheme": "light" }],
  ["dark", { "prefers-color-scheme": "dark" }],
  ["forced colours", { "forced-colors": "active" }],
])("in %s", (_, features) => {
  it.each(Object.entries(STATES))("29 axe finds nothing wrong: %s", async (_name, given) => {
    await emulate(features);
    renderState(given);
    expect(await violations()).toEqual([]);
  });

  it("29 axe finds nothing wrong with a card and with an open modal", async () => {
    await emulate(features);
    const { unmount } = render(
      <ul>
        <IntegrationCard integration={gmail} baseUrl="/nowhere" />
      </ul>,
    );
    expect(await violations()).toEqual([]);
    unmount();
    render(<SyncProgressModal syncId={null} open onOpenChange={() => {}} name="Gmail" locale="en" />);
    await screen.findByRole("dialog");
    await comeToRest();
    expect(await violations()).toEqual([]);
  });
});

describe("light or dark is what the page is", () => {
  it.each<[string, string, Partial<{ colorScheme: string; className: string; theme: string }>]>([
    ["light where the page says nothing, whatever the system is", "light", {}],
    ["what the system is where the page follows it", "dark", { colorScheme: "light dark" }],
    ["dark where the page is", "dark", { colorScheme: "dark" }],
    ["by the class of the page's theme", "dark", { className: "dark" }],
    ["by the attribute of the page's theme", "dark", { theme: "dark" }],
    ["light by that, where the page is dark", "light", { colorScheme: "dark", theme: "light" }],
  ])("%s", async (_, expected, { colorScheme = "", className = "", theme }) => {
    await emulate({ "prefers-color-scheme": "dark" });
    document.documentElement.style.colorScheme = colorScheme;
    render(
      <div className={className} data-theme={theme}>
        <SyncProgress.Root state={aProgressState()} announce={false} id="root" />
      </div>,
    );
    const text = { light: "rgb(26, 29, 36)", dark: "rgb(236, 238, 242)" };
    expect(getComputedStyle(document.getElementById("root") ?? document.body).color).toBe(
      text[expected === "dark" ? "dark" : "light"],
    );
  });
});

describe("22 with reduced motion", () => {
  it.each(["running", "indeterminate", "reconnecting"])("nothing moves: %s", async (name) => {
    await emulate({ "prefers-reduced-motion": "reduce" });
    renderState(STATES[name] ?? {});
    expect(document.getAnimations()).toEqual([]);
  });

  it("nor when a value changes or a dialog opens", async () => {
    await emulate({ "prefers-reduced-motion": "reduce" });
    const parts = (percent: number) => (
      <SyncProgress.Root state={aProgressState({ percent })} announce={false}>
        <SyncProgress.Bar />
      </SyncProgress.Root>
    );
    const { rerender } = render(parts(20));
    getComputedStyle(screen.getByRole("progressbar").firstElementChild ?? document.body).transform;
    rerender(parts(60));
    expect(document.getAnimations()).toEqual([]);
    render(<SyncProgressModal syncId={null} open onOpenChange={() => {}} name="Gmail" locale="en" />);
    await screen.findByRole("dialog");
    expect(document.getAnimations()).toEqual([]);
  });

  it("without it something does", async () => {
    await emulate({ "prefers-reduced-motion": "no-preference" });
    renderState({ percent: null });
    expect(document.getAnimations().length).toBeGreaterThan(0);
  });
});

/** The colours along the middle of the bar as they are on the screen, at these shares of its width. */
async function colorsOfBar(shares: readonly number[]): Promise<string[]> {
  const base64 = await page.getByRole("progressbar").screenshot({ save: false });
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  if (canvas === null) throw new Error("there is no canvas");
  canvas.drawImage(image, 0, 0);
  const y = Math.floor(image.height / 2);
  return shares.map((share) => canvas.getImageData(Math.floor(image.width * share), y, 1, 1).data.join());
}

describe("23 the bar is seen on the screen", () => {
  it.each([
    ["light", { "prefers-color-scheme": "light" }],
    ["dark", { "prefers-color-scheme": "dark" }],
    ["forced colours", { "forced-colors": "active" }],
  ])("in %s", async (_, features) => {
    await emulate(features);
    renderState({});
    await comeToRest();
    const [begin, beforeEnd, afterEnd, end] = await colorsOfBar([0.1, 0.4, 0.5, 0.9]);
    expect([begin, afterEnd]).toEqual([beforeEnd, end]);
    expect(begin).not.toBe(end);
  });

  it("in forced colours by an edge, too", async () => {
    await emulate({ "forced-colors": "active" });
    renderState({});
    expect(getComputedStyle(screen.getByRole("progressbar")).borderTopWidth).toBe("1px");
  });
});

describe("the bar's motion", () => {
  const fill = () => {
    const element = screen.getByRole("progressbar").firstElementChild;
    if (element === null) throw new Error("the bar has no fill");
    return element;
  };
  const parts = (percent: number | null) => (
    <SyncProgress.Root state={aProgressState({ percent })} name="Gmail" announce={false}>
      <SyncProgress.Bar />
    </SyncProgress.Root>
  );

  it("is of the transform alone, which needs no layout", () => {
    render(parts(45));
    expect(getComputedStyle(fill()).transitionProperty).toBe("transform");
  });

  it("goes forward from one value to the next", async () => {
    const { rerender } = render(parts(20));
    rerender(parts(60));
    const scales: number[] = [];
    do {
      scales.push(new DOMMatrix(getComputedStyle(fill()).transform).a);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    } while (fill().getAnimations().length > 0);
    expect(scales).toEqual(scales.toSorted((a, b) => a - b));
    expect(new DOMMatrix(getComputedStyle(fill()).transform).a).toBeCloseTo(0.6);
  });

  it("begins where the sync stands when that becomes known", () => {
    const { rerender } = render(parts(null));
    rerender(parts(60));
    expect(new DOMMatrix(getComputedStyle(fill()).transform).a).toBeCloseTo(0.6);
  });
});

describe("24 and 25 at 320 px, with the text spacing of WCAG 1.4.12", () => {
  it.each(Object.entries(STATES))("nothing is cut and nothing overlaps: %s", async (_, given) => {
    await page.viewport(320, 256);
    const style = document.createElement("style");
    style.id = "text-spacing";
    style.textContent = TEXT_SPACING;
    document.head.append(style);
    renderState(given);
    expect(misplacedTexts()).toEqual([]);
  });
});

describe("32 with fingers", () => {
  const smallTargets = () =>
    [...document.querySelectorAll<HTMLElement>("button, summary, a[href], [role=menuitem]")]
      .map((target) => ({ target, ...target.getBoundingClientRect().toJSON() }))
      .filter(({ width, height }) => Math.min(width, height) < 44)
      .map(({ target, width, height }) => `${target.textContent}: ${width} x ${height}`);

  beforeEach(async () => {
    await cdp().send("Emulation.setTouchEmulationEnabled", { enabled: true });
    expect(matchMedia("(pointer: coarse)").matches).toBe(true);
  });
  afterEach(() => cdp().send("Emulation.setTouchEmulationEnabled", { enabled: false }));

  it.each<[string, Partial<SyncProgressState>, string | null]>([
    ["the actions and the notice", { connection: "reconnecting", disconnectedAt: 0 }, null],
    ["the question before a cancel", {}, "Cancel sync"],
    ["the countdown", { status: "complete" }, null],
    ["the failed items", { status: "complete", failedItems: 3 }, null],
  ])("targets are at least 44 x 44 px: %s", async (_, given, press) => {
    renderState(given, anAutoClose());
    if (press !== null) screen.getByRole("button", { name: press }).click();
    if (press !== null) await screen.findByRole("group");
    expect(document.querySelectorAll("button, summary").length).toBeGreaterThan(0);
    expect(smallTargets()).toEqual([]);
  });

  it("targets are at least 44 x 44 px: a card and its menu", async () => {
    render(
      <ul>
        <IntegrationCard integration={gmail} baseUrl="/nowhere" locale="en" />
      </ul>,
    );
    screen.getByRole("button", { name: "More actions for Gmail" }).click();
    await screen.findByRole("menu");
    expect(smallTargets()).toEqual([]);
  });

  it("targets are at least 44 x 44 px: the indicator and its rows", () => {
    const views = mixedViews().map((view) => ({ ...view, capabilities: [...view.capabilities, "notify" as const] }));
    render(<SyncIndicatorList syncs={views} locale="en" defaultOpen onShow={() => {}} onDismiss={() => {}} />);
    expect(document.querySelectorAll("button").length).toBeGreaterThan(10);
    expect(smallTargets()).toEqual([]);
    for (const label of document.querySelectorAll("label"))
      expect(label.getBoundingClientRect().height).toBeGreaterThanOrEqual(44);
  });
});

it("23 the dot of a card has the person's colour in forced colours, whatever its status", async () => {
  await emulate({ "forced-colors": "active" });
  render(
    <ul>
      <IntegrationCard integration={gmail} baseUrl="/nowhere" locale="en" />
    </ul>,
  );
  const probe = document.body.appendChild(document.createElement("div"));
  probe.style.color = "CanvasText";
  const dot = document.querySelector(".sp-card-dot");
  const colors = [dot, probe].map((element) => element && getComputedStyle(element));
  expect(colors[0]?.backgroundColor).toBe(colors[1]?.color);
  probe.remove();
});

describe("23 an unknown total", () => {
  it("does not look like all of it in forced colours with reduced motion", async () => {
    await emulate({ "forced-colors": "active", "prefers-reduced-motion": "reduce" });
    renderState({ percent: null });
    const colors = await colorsOfBar([0.2, 0.21, 0.22, 0.23, 0.24, 0.25, 0.26, 0.27]);
    expect(new Set(colors).size).toBeGreaterThan(1);
  });
});

it("keeps the actions of a full-screen dialog out of the notch and the home indicator", async () => {
  await page.viewport(390, 640);
  await cdp().send("Emulation.setSafeAreaInsetsOverride", { insets: { top: 47, bottom: 34, left: 0, right: 0 } });
  render(<SyncProgressModal syncId={null} open onOpenChange={() => {}} name="Gmail" locale="en" />);
  await screen.findByRole("dialog");
  await comeToRest();
  expect(screen.getByRole("heading").getBoundingClientRect().top).toBeGreaterThanOrEqual(47);
  expect(screen.getByRole("button").getBoundingClientRect().bottom).toBeLessThanOrEqual(640 - 34);
  await cdp().send("Emulation.setSafeAreaInsetsOverride", { insets: {} });
});
