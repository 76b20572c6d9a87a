import type { Meta, StoryObj } from "@storybook/react-vite";
import { IntegrationCard, type SyncClient, useIntegrations } from "react-sync-progress";
import type { MockSyncBackend } from "react-sync-progress/msw";
import { expect, screen, userEvent, waitFor } from "storybook/test";
import { provideClient, withBackend } from "./support/with-backend.js";

/** Several syncs at once, each in its card: one client for all, and one voice for screen readers. */
const meta = {
  title: "Examples/Several syncs",
  decorators: [provideClient],
  render: (_, { loaded }) => <Sources client={loaded["client"]} />,
} satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;

function Sources({ client }: { readonly client: SyncClient }) {
  const { integrations } = useIntegrations({ client });
  return (
    <main className="story-page">
      <ul className="story-cards">
        {integrations.map((integration) => (
          <IntegrationCard
            key={integration.type}
            integration={integration}
            client={client}
            headingLevel={2}
            locale="en"
          />
        ))}
      </ul>
    </main>
  );
}

/** Syncs that were started elsewhere, found by the list of integrations. */
export const FoundRunning: Story = {
  loaders: [
    async () => {
      const context = await withBackend({ scenario: "slow" })();
      await Promise.all(["slack", "notion"].map((type) => context.backend.startSync(type)));
      return context;
    },
  ],
  play: async () => {
    await waitFor(() => expect(screen.getAllByRole("progressbar")).toHaveLength(3), { timeout: 10_000 });
    await expect(screen.getAllByRole("button", { name: "Show progress" })).toHaveLength(3);
    await expect(screen.getAllByRole("status")).toHaveLength(1);
  },
};

/** One is watched in the modal, put in the background, and the next is started. */
export const OneAfterTheOther: Story = {
  loaders: [withBackend({ scenario: "slow" }, { starts: false })],
  play: async ({ loaded }) => {
    const { service }: MockSyncBackend = loaded["backend"];
    for (const name of ["Gmail", "Slack"]) {
      const card = await screen.findByRole("listitem", { name });
      const start = [...card.querySelectorAll("button")].find((button) => button.textContent === "Sync now");
      await userEvent.click(start ?? card);
      await screen.findByRole("dialog", { name: `Syncing ${name}` });
      await userEvent.click(await screen.findByRole("button", { name: "Run in background" }));
      await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    }
    await waitFor(() => expect(service.stats().activeSyncs).toBe(2));
    await waitFor(() => expect(screen.getAllByRole("progressbar")).toHaveLength(2));
  },
};
