import assert from "node:assert/strict";
import type { Tab } from "./browser.ts";
import type { BrowserCase } from "./browser-case.ts";

const focusedText = (tab: Tab) => tab.run(() => document.activeElement?.textContent ?? "");

/** Colours of the dialog: its own, and that of its text. */
const dialogColors = (tab: Tab) =>
  tab.run(() => {
    const dialog = document.querySelector('[role="dialog"]');
    if (dialog === null) throw new Error("there is no dialog");
    const { backgroundColor, color } = getComputedStyle(dialog);
    return { backgroundColor, color };
  });

/** How far the page and the dialog stick out to the side, in px. */
const overflow = (tab: Tab) =>
  tab.run(() => {
    const elements = [document.documentElement, ...document.querySelectorAll('[role="dialog"]')];
    return Math.max(...elements.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  });

/** How a person of the demo syncs. */
export const demoCases: readonly BrowserCase[] = [
  {
    title: "a sync of the folder, from the click to its end, with what failed; Done returns the focus",
    async play({ page }) {
      await page.sync("Folder");
      await page.reads("Folder synced with 2 problems");
      await page.reads("demo/data/folder/old-encoding.txt");
      await page.reads("The text is not valid UTF-8.");
      await page.press("Done");
      await page.closes();
      assert.equal(await focusedText(page.tab), "Sync now");
      return undefined;
    },
  },
  {
    title: "the modal closes itself after a sync without problems",
    async play({ page }) {
      await page.sync("Git");
      await page.reads("Git is up to date");
      await page.reads("Closes in");
      await page.closes(10_000);
      return undefined;
    },
  },
  {
    title: "Escape closes the modal, and the focus is on the button again",
    async play({ page }) {
      await page.sync("Mailbox");
      await page.reads("Mailbox synced with 2 problems");
      await page.tab.pressEscape();
      await page.closes();
      assert.equal(await focusedText(page.tab), "Sync now");
      return undefined;
    },
  },
  {
    title: "cancel asks first: Keep syncing goes on, Stop ends it",
    async play({ page }) {
      await page.holdSync();
      await page.press("Cancel sync");
      await page.reads("Stop syncing Folder? Items synced so far are kept.");
      await page.press("Keep syncing");
      await page.losesText("Stop syncing Folder?");
      await page.press("Cancel sync");
      await page.press("Stop");
      await page.reads("Folder sync cancelled");
      return undefined;
    },
  },
  {
    title: "dark, by light-dark()",
    async play({ page }) {
      await page.press("Dark theme");
      await page.sync("Mailbox");
      await page.reads("Mailbox synced with 2 problems");
      const dark = await dialogColors(page.tab);
      await page.tab.run(() => {
        document.documentElement.dataset["theme"] = "light";
      });
      const light = await dialogColors(page.tab);
      const brightness = (color: string) => Math.max(...(color.match(/\d+/g) ?? []).slice(0, 3).map(Number));
      assert(brightness(dark.backgroundColor) < 60, `the dialog is ${dark.backgroundColor} in the dark`);
      assert(brightness(light.backgroundColor) > 200, `the dialog is ${light.backgroundColor} in the light`);
      assert(brightness(dark.color) > brightness(light.color), `the text is ${dark.color} and ${light.color}`);
      return undefined;
    },
  },
  {
    title: "right to left: the bar grows from the right",
    async play({ page }) {
      await page.tab.run(() => {
        document.documentElement.dir = "rtl";
      });
      await page.holdSync();
      const bar = await page.tab.run(() => {
        const fill = document.querySelector('[role="dialog"] .sp-bar-fill');
        const track = fill?.parentElement;
        if (!fill || !track) throw new Error("there is no bar");
        const [inner, outer] = [fill.getBoundingClientRect(), track.getBoundingClientRect()];
        return { share: (outer.right - inner.left) / outer.width, right: inner.right >= outer.right };
      });
      assert(bar.right && bar.share > 0 && bar.share < 1, `the bar is filled as ${JSON.stringify(bar)}`);
      assert.equal(await overflow(page.tab), 0);
      return undefined;
    },
  },
  {
    title: "320 px wide: nothing scrolls sideways, with the modal and without",
    async play({ page }) {
      await page.tab.resize(320, 640);
      const width = await page.tab.run(() => innerWidth);
      assert.equal(width, 320);
      assert.equal(await overflow(page.tab), 0);
      await page.sync("Mailbox");
      await page.reads("Mailbox synced with 2 problems");
      assert.equal(await overflow(page.tab), 0);
      return undefined;
    },
  },
];
