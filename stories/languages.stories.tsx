import type { Meta, StoryObj } from "@storybook/react-vite";
import { SyncProgress } from "react-sync-progress";
import { labelsAr } from "react-sync-progress/labels/ar";
import { labelsDe } from "react-sync-progress/labels/de";
import { labelsJa } from "react-sync-progress/labels/ja";
import { expect, within } from "storybook/test";
import { aProgressState } from "../test/support/a-progress-state.js";
import { AllParts } from "./support/all-parts.js";

/** Words, numbers, plurals and directions of other languages; each set of words is a module of its own. */
const meta = {
  title: "Languages",
  component: SyncProgress.Root,
  args: {
    state: aProgressState({
      stage: "",
      processedItems: 1_200,
      failedItems: 4,
      totalItems: 12_345,
      eta: { remainingMs: 125_000, minutes: 2, itemsPerSecond: 30 },
    }),
    name: "Gmail",
    announce: false,
    onBackground: () => {},
  },
  render: (args) => (
    <main className="story-page" lang={args.locale} style={{ maxWidth: "34rem" }}>
      <SyncProgress.Root {...args}>
        <AllParts />
      </SyncProgress.Root>
    </main>
  ),
} satisfies Meta<typeof SyncProgress.Root>;

export default meta;
type Story = StoryObj<typeof meta>;

const shows =
  (...words: (string | RegExp)[]): NonNullable<Story["play"]> =>
  async ({ canvasElement }) => {
    for (const one of words) await expect(within(canvasElement).getByText(one)).toBeVisible();
  };

export const German: Story = {
  args: { labels: labelsDe, locale: "de" },
  play: shows("Gmail wird synchronisiert", "1.204 von 12.345", "noch etwa 2 Minuten"),
};

export const Japanese: Story = {
  args: { labels: labelsJa, locale: "ja" },
  play: shows("Gmailを同期しています", "1,204 / 12,345", "残り約2分"),
};

export const Arabic: Story = {
  args: { labels: labelsAr, locale: "ar-EG" },
  parameters: { direction: "rtl" },
  // The name may be isolated, since it runs the other way.
  play: shows(/^جارٍ مزامنة \u2068?Gmail\u2069?$/, "١٬٢٠٤ من ١٢٬٣٤٥", "بقي حوالي دقيقتين"),
};
