import type { Tab } from "./browser.ts";
import { until } from "./until.ts";

/** The demo in a tab, by what a person sees and presses. */
export interface DemoPage {
  readonly tab: Tab;
  /** Opens the page, and signs in unless somebody is. */
  signIn(): Promise<void>;
  /** Starts a sync by the card of an integration. */
  sync(integration: string): Promise<void>;
  /** Presses the button whose text begins so, in the dialog if one is open. */
  press(text: string): Promise<void>;
  /** Waits until the dialog contains a text, and returns how many ms that took. */
  reads(text: string, timeoutMs?: number): Promise<number>;
  /** Waits until the dialog does not contain a text, and returns how many ms that took. */
  losesText(text: string, timeoutMs?: number): Promise<number>;
  dialogText(): Promise<string | null>;
  /** Waits until there is no dialog. */
  closes(timeoutMs?: number): Promise<void>;
  /** Starts a sync of the folder and holds it in its middle. */
  holdSync(): Promise<void>;
}

const findDialog = () => document.querySelector('[role="dialog"]');
const findValue = () => document.querySelector('[role="dialog"] [role="progressbar"][aria-valuenow]');
const findButton = (text: string) => {
  const scope = document.querySelector('[role="dialog"]') ?? document;
  return [...scope.querySelectorAll("button")].find((button) => button.textContent?.startsWith(text)) ?? null;
};
const findCardButton = (integration: string) => {
  const cards = [...document.querySelectorAll("li")];
  const card = cards.find((one) => one.querySelector("h2")?.textContent === integration);
  return (
    [...(card?.querySelectorAll("button") ?? [])].find((button) =>
      /^(Sync now|Try again)$/.test(button.textContent ?? ""),
    ) ?? null
  );
};

/** The demo at a URL, in a tab. */
export function demoPage(tab: Tab, url: string): DemoPage {
  const dialogText = () => tab.run(() => document.querySelector('[role="dialog"]')?.textContent ?? null);

  async function press(text: string): Promise<void> {
    await until(`there is a button "${text}"`, () => tab.has(findButton, text));
    await tab.click(findButton, text);
  }

  async function waitForText(text: string, isWanted: boolean, timeoutMs?: number): Promise<number> {
    try {
      return await until(text, async () => ((await dialogText())?.includes(text) ?? false) === isWanted, timeoutMs);
    } catch (error) {
      throw new Error(`${isWanted ? "" : "still there: "}"${text}"; the dialog reads "${await dialogText()}"`, {
        cause: error,
      });
    }
  }

  async function sync(integration: string): Promise<void> {
    await until(`${integration} can be synced`, () => tab.has(findCardButton, integration));
    await tab.click(findCardButton, integration);
  }

  return {
    tab,
    press,
    sync,
    dialogText,
    reads: (text, timeoutMs) => waitForText(text, true, timeoutMs),
    losesText: (text, timeoutMs) => waitForText(text, false, timeoutMs),
    async signIn() {
      await tab.open(url);
      await until("the page is there", () => tab.has(() => document.querySelector("main button")));
      if (await tab.has(findButton, "Ada Lovelace")) await press("Ada Lovelace");
      await until("the cards are there", () => tab.has(findCardButton, "Folder"));
    },
    async closes(timeoutMs) {
      await until("the dialog is closed", async () => !(await tab.has(findDialog)), timeoutMs);
    },
    async holdSync() {
      await sync("Folder");
      await until("the bar has a value", () => tab.has(findValue));
      await press("Pause");
      await waitForText("Folder is paused", true);
    },
  };
}
