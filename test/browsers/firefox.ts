import puppeteer from "puppeteer-core";
import { callOf, jsonOf, type RunningBrowser, type Tab, WINDOW } from "./browser.ts";
import { findCommand } from "./install-browsers.ts";

/** Starts the stock Firefox, driven by WebDriver BiDi. */
export async function startFirefox(): Promise<RunningBrowser> {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: findCommand("firefox-esr", "firefox"),
    headless: true,
    defaultViewport: WINDOW,
  });
  return {
    engine: "firefox",
    title: (await browser.version()).replace("firefox/", "Firefox "),
    close: () => browser.close(),
    async newTab(): Promise<Tab> {
      const page = await browser.newPage();
      return {
        async open(url) {
          await page.goto(url);
        },
        async run(action, ...args) {
          return JSON.parse(String(await page.evaluate(jsonOf(action, args))));
        },
        has: async (find, ...args) => (await page.evaluate(`${callOf(find, args)} !== null`)) === true,
        async click(find, ...args) {
          await page.bringToFront();
          const element = await page.evaluateHandle<[], () => Element>(callOf(find, args));
          await element.click();
        },
        pressEscape: () => page.keyboard.press("Escape"),
        resize: (width, height) => page.setViewport({ width, height }),
        screenshot: async () => Buffer.from(await page.screenshot()),
        close: () => page.close(),
      };
    },
  };
}
