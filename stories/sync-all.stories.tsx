import type { Meta, StoryObj } from "@storybook/react-vite";
import { HttpResponse, http } from "msw";
import { SyncAll } from "react-sync-progress";
import { labelsAr } from "react-sync-progress/labels/ar";
import { labelsDe } from "react-sync-progress/labels/de";
import { labelsJa } from "react-sync-progress/labels/ja";
import { expect, screen, userEvent, waitFor } from "storybook/test";
import { mixed } from "./support/mixed-syncs.js";
import { mockWorker } from "./support/mock-worker.js";
import { provideClient, withBackend } from "./support/with-backend.js";
import { without } from "./support/without-controls.js";

/** Every connected integration in one go: a row for each, a bar and a sentence for all. */
const meta = {
  title: "Components/SyncAll",
  component: SyncAll,
  loaders: [withBackend({}, { starts: false })],
  decorators: [provideClient],
  args: { locale: "en" },
  argTypes: {
    headingLevel: { control: "select", options: [2, 3, 4, 5, 6] },
    locale: { control: "select", options: ["en", "en-GB", "de", "ar", "ja"] },
    ...without("client", "baseUrl", "labels", "classNames", "order", "weights", "onReauthorize", "onShowProgress"),
  },
  render: (args) => (
    <main className="story-page">
      <SyncAll {...args} />
    </main>
  ),
} satisfies Meta<typeof SyncAll>;

export default meta;
type Story = StoryObj<typeof meta>;

const PATIENT = { timeout: 15_000 };
const press = async (name: string) => userEvent.click(await screen.findByRole("button", { name }));
const reads = (words: string) => screen.findByText(words, {}, PATIENT);

/** Nothing was started yet. */
export const Idle: Story = {
  play: async () => {
    await expect(await reads("4 sources connected")).toBeVisible();
  },
};

/** Three at a time; the fourth waits for its turn. */
export const Running: Story = {
  loaders: [withBackend({ scenario: "slow" }, { starts: false })],
  play: async () => {
    await press("Sync all");
    await reads("0 of 4 up to date, 3 syncing, 1 waiting");
    await waitFor(() => expect(screen.getAllByRole("progressbar")).toHaveLength(4), PATIENT);
    await expect(screen.getAllByRole("status")).toHaveLength(1);
  },
};

export const UpToDate: Story = {
  loaders: [withBackend({ speed: 40 }, { starts: false })],
  play: async () => {
    await press("Sync all");
    await expect(await reads("All 4 up to date")).toBeVisible();
  },
};

/** One has failed; the others are up to date. */
export const OneFailure: Story = {
  loaders: [withBackend({ scenario: mixed({ gmail: "failsMidway" }), speed: 40 }, { starts: false })],
  play: async () => {
    await press("Sync all");
    await expect(await reads("3 of 4 up to date, Gmail failed")).toBeVisible();
    await expect(screen.getByRole("button", { name: "Gmail: Try again" })).toBeVisible();
  },
};

/** Every way in which a sync can end, and one that goes on. */
export const MixedEnds: Story = {
  args: { onShowProgress: () => {}, concurrency: 4 },
  loaders: [
    withBackend(
      {
        scenario: mixed({ gmail: "failsMidway", slack: "partialFailure", github: "neverStarts" }),
        speed: 40,
      },
      { starts: false },
    ),
  ],
  play: async () => {
    await press("Sync all");
    await expect(await reads("1 of 4 up to date, Gmail failed, Slack with problems, 1 syncing")).toBeVisible();
    await expect(await screen.findByRole("button", { name: "Slack: Retry failed" })).toBeVisible();
    await expect(screen.getByRole("button", { name: "GitHub: Show progress" })).toBeVisible();
  },
};

/** The server refuses to start one; the reason is its own. */
export const StartRefused: Story = {
  loaders: [
    async () => {
      const context = await withBackend({ speed: 40 }, { starts: false })();
      const refusal = { success: false, error: "Slack allows one sync an hour." };
      mockWorker.use(http.post("*/integrations/slack/sync", () => HttpResponse.json(refusal, { status: 429 })));
      return context;
    },
  ],
  play: async () => {
    await press("Sync all");
    await expect(await reads("3 of 4 up to date, Slack failed")).toBeVisible();
    await expect(screen.getByText("Slack allows one sync an hour.")).toBeVisible();
  },
};

/** "Cancel all" asks first. */
export const CancelQuestion: Story = {
  loaders: [withBackend({ scenario: "slow" }, { starts: false })],
  play: async () => {
    await press("Sync all");
    await press("Cancel all");
    await expect(await screen.findByRole("button", { name: "Keep syncing" })).toHaveFocus();
  },
};

/** What ran is cancelled, and what waited is not started. */
export const Cancelled: Story = {
  loaders: [withBackend({ scenario: "slow" }, { starts: false })],
  play: async () => {
    await press("Sync all");
    await reads("0 of 4 up to date, 3 syncing, 1 waiting");
    await press("Cancel all");
    await press("Stop");
    await expect(await reads("0 of 4 up to date, 4 cancelled")).toBeVisible();
    await waitFor(() => expect(screen.getByRole("button", { name: "Sync all" })).toHaveFocus());
  },
};

/** Syncs that were started elsewhere, or before a reload. */
export const FoundRunning: Story = {
  loaders: [
    async () => {
      const context = await withBackend({ scenario: "slow" }, { starts: false })();
      await Promise.all(["slack", "notion"].map((type) => context.backend.startSync(type)));
      return context;
    },
  ],
  play: async () => {
    await expect(await reads("0 of 2 up to date, 2 syncing")).toBeVisible();
    await expect(screen.getByRole("button", { name: "Sync all" })).toBeVisible();
  },
};

const withSources = (respond: () => Response) => [
  async () => {
    const context = await withBackend({}, { starts: false })();
    mockWorker.use(http.get("*/integrations", respond));
    return context;
  },
];

/** An access has expired: it is not started, and counts as failed. */
export const AccessExpired: Story = {
  args: { onReauthorize: () => {} },
  loaders: withSources(() =>
    HttpResponse.json({
      success: true,
      integrations: [
        { type: "gmail", name: "Gmail", status: "connected" },
        { type: "slack", name: "Slack", status: "needs_reauth" },
      ],
    }),
  ),
  play: async () => {
    await expect(await screen.findByRole("button", { name: "Slack: Reconnect" })).toBeVisible();
  },
};

export const NoSources: Story = {
  loaders: withSources(() => HttpResponse.json({ success: true, integrations: [] })),
  play: async () => {
    await expect(await reads("No source is connected yet.")).toBeVisible();
  },
};

export const SourcesUnavailable: Story = {
  loaders: withSources(() => HttpResponse.json({ success: false, error: "No." }, { status: 503 })),
  play: async () => {
    await expect(await reads("The sources could not be loaded.")).toBeVisible();
    await expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
  },
};

export const German: Story = {
  args: { labels: labelsDe, locale: "de" },
  loaders: OneFailure.loaders ?? [],
  play: async () => {
    await press("Alle synchronisieren");
    await expect(await reads("3 von 4 auf dem neuesten Stand, Gmail fehlgeschlagen")).toBeVisible();
  },
};

export const RightToLeft: Story = {
  parameters: { direction: "rtl" },
  args: { labels: labelsAr, locale: "ar-EG" },
  loaders: [withBackend({ scenario: "slow" }, { starts: false })],
  play: async () => {
    await press("مزامنة الكل");
    await waitFor(() => expect(screen.getAllByRole("progressbar")).toHaveLength(4), PATIENT);
  },
};

export const Japanese: Story = {
  args: { labels: labelsJa, locale: "ja" },
  loaders: OneFailure.loaders ?? [],
  play: async () => {
    await press("すべて同期");
    await expect(await reads("4件中3件が最新、失敗：Gmail")).toBeVisible();
  },
};
