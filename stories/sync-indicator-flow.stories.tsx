import type { Meta, StoryObj } from "@storybook/react-vite";
import { type SyncClient, SyncIndicator, useIntegrations } from "react-sync-progress";
import type { MockSyncBackend } from "react-sync-progress/msw";
import { expect, screen, userEvent, waitFor, within } from "storybook/test";
import { IndicatorPage } from "./support/indicator-page.js";
import { provideClient, withBackend } from "./support/with-backend.js";

/** The indicator of an application: it finds what runs, whoever has started it. */
const meta = {
  title: "Components/SyncIndicator",
  component: SyncIndicator,
  decorators: [provideClient],
  parameters: { docs: { story: { inline: false, height: "480px" } } },
  args: { locale: "en" },
  render: (args, { loaded }) => <Page {...args} client={loaded["client"]} />,
} satisfies Meta<typeof SyncIndicator>;

export default meta;
type Story = StoryObj<typeof meta>;

function Page(props: { readonly client: SyncClient }) {
  const { integrations } = useIntegrations({ client: props.client });
  return (
    <IndicatorPage>
      <SyncIndicator {...props} integrations={integrations} />
    </IndicatorPage>
  );
}

const region = () => screen.findByRole("region", { name: "Syncs" }, { timeout: 10_000 });
const openList = async () => {
  const [toggle] = within(await region()).getAllByRole("button");
  await userEvent.click(toggle ?? document.body);
};

/** Three syncs that were started elsewhere, opened, one shown in its modal, one cancelled in its row. */
export const WholeFlow: Story = {
  loaders: [
    async () => {
      const context = await withBackend({ scenario: "slow" })();
      await Promise.all(["slack", "notion"].map((type) => context.backend.startSync(type)));
      return context;
    },
  ],
  play: async ({ loaded }) => {
    const { service }: MockSyncBackend = loaded["backend"];
    await openList();
    await waitFor(() => expect(screen.getAllByRole("progressbar")).toHaveLength(3), { timeout: 10_000 });
    await userEvent.click(await screen.findByRole("button", { name: "Syncing Slack" }));
    await screen.findByRole("dialog", { name: "Syncing Slack" });
    await userEvent.click(await screen.findByRole("button", { name: "Run in background" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await userEvent.click(await screen.findByRole("button", { name: "Cancel sync Notion" }));
    await userEvent.click(screen.getByRole("button", { name: "Stop" }));
    await screen.findByText("Notion sync cancelled");
    await waitFor(() => expect(service.stats().activeSyncs).toBe(2));
  },
};

/** They end in a moment, one of them badly. */
export const Ends: Story = {
  loaders: [withBackend({ scenario: "failsMidway", speed: 40 })],
  play: async () => {
    await openList();
    await screen.findByRole("button", { name: "Gmail could not be synced" }, { timeout: 10_000 });
    await userEvent.click(screen.getByRole("button", { name: "Dismiss Gmail" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Syncs" })).toBeNull());
  },
};
