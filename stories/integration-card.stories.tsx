import type { Meta, StoryObj } from "@storybook/react-vite";
import { type Integration, IntegrationCard, useIntegrations } from "react-sync-progress";
import { labelsAr } from "react-sync-progress/labels/ar";
import type { MockSyncBackend } from "react-sync-progress/msw";
import { expect, screen, userEvent, waitFor, within } from "storybook/test";
import { mockIntegrations } from "../src/msw/mock-integrations.js";
import { provideClient, withBackend } from "./support/with-backend.js";
import { without } from "./support/without-controls.js";

const gmail: Integration = {
  type: "gmail",
  name: "Gmail",
  description: "Emails and threads",
  icon: mockIntegrations[0]?.icon ?? null,
  status: "connected",
  lastSyncAt: Date.now() - 5 * 60_000,
  totalItemsSynced: 1_204,
  errorMessage: null,
  activeSyncId: null,
};

/** An integration, its last sync and its progress, with one main button and a menu. */
const meta = {
  title: "Components/IntegrationCard",
  component: IntegrationCard,
  loaders: [withBackend({}, { starts: false })],
  decorators: [provideClient],
  args: { integration: gmail, locale: "en", headingLevel: 2, onConnect: () => {}, onReauthorize: () => {} },
  argTypes: {
    headingLevel: { control: "select", options: [2, 3, 4, 5, 6] },
    locale: { control: "select", options: ["en", "en-GB", "de", "ar", "ja"] },
    ...without("client", "baseUrl", "labels", "classNames", "modal", "menuItems"),
  },
  render: (args, { loaded }) => (
    <main className="story-page">
      <ul className="story-cards">
        <IntegrationCard {...args} integration={{ ...args.integration, activeSyncId: loaded["syncId"] }} />
      </ul>
    </main>
  ),
} satisfies Meta<typeof IntegrationCard>;

export default meta;
type Story = StoryObj<typeof meta>;

function shows(words: string, given: Partial<Integration>): Story {
  return {
    args: { integration: { ...gmail, ...given } },
    play: async ({ canvasElement }) => {
      await expect((await within(canvasElement).findAllByText(words)).length).toBeGreaterThan(0);
    },
  };
}

export const Connected = shows("Last synced 5 minutes ago, 1,204 items", {});
export const NeverSynced = shows("Not synced yet", { lastSyncAt: null, totalItemsSynced: 0 });
export const NotConnected = shows("Connect", { status: "not_connected", lastSyncAt: null });
export const Connecting = shows("Connecting...", { status: "connecting" });
export const NeedsReauth = shows("Reconnect", { status: "needs_reauth" });
export const Failed = shows("Gmail refuses more requests today.", {
  status: "error",
  errorMessage: "Gmail refuses more requests today.",
});
export const LongName = shows("Connected", {
  name: "The mailbox of the customer service department of the second regional office",
});

/** A server that brings no icon and no description. */
export const Bare = shows("Sync now", { icon: null, description: "" });

export const RightToLeft: Story = {
  parameters: { direction: "rtl" },
  args: {
    integration: { ...gmail, name: "بريد العمل", description: "الرسائل والمحادثات" },
    labels: labelsAr,
    locale: "ar-EG",
  },
  play: async ({ canvasElement }) => {
    await expect(await within(canvasElement).findByRole("button", { name: "مزامنة الآن" })).toBeVisible();
  },
};

/** The card finds the sync that runs already. */
export const Syncing: Story = {
  loaders: [withBackend({ scenario: "slow" })],
  args: { integration: { ...gmail, status: "syncing" } },
  play: async () => {
    await expect(await screen.findByRole("progressbar")).toBeVisible();
    await expect(screen.getByRole("button", { name: "Show progress" })).toBeVisible();
  },
};

/** Paused from the card's menu, whose entries are those of the sync now. */
export const Paused: Story = {
  loaders: [withBackend({ scenario: "manual" })],
  args: { integration: { ...gmail, status: "syncing" } },
  play: async ({ loaded }) => {
    const { driver }: MockSyncBackend = loaded["backend"];
    driver.update({ status: "syncing", totalItems: 60 });
    driver.advance(20);
    await userEvent.click(await screen.findByRole("button", { name: "More actions for Gmail" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Pause" }));
    await expect(await screen.findByText("Paused at 20 of 60 (Fetch).")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "More actions for Gmail" }));
    await expect(await screen.findByRole("menuitem", { name: "Resume" })).toBeVisible();
  },
};

/** Three items failed while nobody looked. */
export const WithProblems: Story = {
  loaders: [withBackend({ scenario: "partialFailure", speed: 40 })],
  play: async () => {
    await expect(await screen.findByRole("button", { name: "3 failed items" }, { timeout: 10_000 })).toBeVisible();
  },
};

function Integrations() {
  const { integrations } = useIntegrations();
  return (
    <main className="story-page">
      <ul className="story-cards">
        {integrations.map((integration) => (
          <IntegrationCard key={integration.type} integration={integration} headingLevel={2} locale="en" />
        ))}
      </ul>
    </main>
  );
}

/** The whole line: from the button to the modal that closes by itself and the card that knows. */
export const WholeFlow: Story = {
  loaders: [withBackend({ scenario: "happyPath", speed: 20 }, { starts: false })],
  render: () => <Integrations />,
  play: async () => {
    const card = within((await screen.findByRole("heading", { name: "Gmail" })).closest("li") ?? document.body);
    await expect(card.getByText("Not synced yet")).toBeVisible();
    await userEvent.click(card.getByRole("button", { name: "Sync now" }));
    await screen.findByRole("dialog");
    await screen.findByRole("heading", { name: "Gmail is up to date" }, { timeout: 10_000 });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull(), { timeout: 10_000 });
    await waitFor(() => expect(card.getByText(/^Last synced .* 120 items$/)).toBeVisible());
  },
};
