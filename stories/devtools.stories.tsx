import type { Meta, StoryObj } from "@storybook/react-vite";
import { SyncProgress, useSyncProgress } from "react-sync-progress";
import { SyncDevtools } from "react-sync-progress/devtools";
import { expect, userEvent, waitFor, within } from "storybook/test";
import { AllParts } from "./support/all-parts.js";
import { type BackendContext, provideClient, withBackend } from "./support/with-backend.js";

/** What the client does and why, for developers. Storybook is a development build or not; the panel shows in both. */
const meta = {
  title: "Devtools",
  loaders: [withBackend({ scenario: "manual", heartbeatMs: 500 }, { client: { heartbeatTimeoutMs: 1_500 } })],
  decorators: [provideClient],
  render: (_, { loaded }) => <Page backend={loaded["backend"]} syncId={loaded["syncId"]} />,
} satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;

function Page({ backend, syncId }: Pick<BackendContext, "backend" | "syncId">) {
  const state = useSyncProgress(syncId);
  return (
    <main className="story-page">
      <SyncProgress.Root state={state} name="Gmail" locale="en" onSignIn={() => {}}>
        <AllParts />
      </SyncProgress.Root>
      <SyncDevtools driver={backend.driver} defaultOpen isShownInProduction />
    </main>
  );
}

/** The panel, which is in a shadow root. */
async function panel() {
  const find = () => document.querySelector("[data-sync-devtools]")?.shadowRoot?.querySelector<HTMLElement>("section");
  await waitFor(() => expect(find()).toBeTruthy());
  const found = find();
  if (!found) throw new Error("the panel is gone");
  return within(found);
}

export const Running: Story = {
  play: async ({ loaded }) => {
    const { driver }: BackendContext["backend"] = loaded["backend"];
    const tools = await panel();
    await tools.findByRole("button", { name: /queued · \? % · live/ });
    driver.update({ status: "syncing", stage: "Fetching emails...", totalItems: 100 });
    driver.advance(42);
    await tools.findByRole("button", { name: /syncing · 2\d\.\d % · live/ });
    const [newest] = tools.getAllByText(/progress/, { selector: "summary" });
    if (newest) await userEvent.click(newest);
    await expect(tools.getAllByText(/"sync_id"/)[0]).toBeVisible();
  },
};

export const SilentStream: Story = {
  play: async () => {
    const tools = await panel();
    // Without one the client does not know how long silence may last.
    await tools.findAllByText(/heartbeat/, {}, { timeout: 10_000 });
    await userEvent.click(tools.getByRole("radio", { name: "Streams are silent" }));
    await tools.findAllByText(/stream-silent/, {}, { timeout: 10_000 });
    await userEvent.click(tools.getByRole("radio", { name: "None" }));
  },
};

export const SignedOut: Story = {
  play: async () => {
    const tools = await panel();
    await tools.findByRole("button", { name: / · live/ });
    await userEvent.click(tools.getByRole("radio", { name: "Signed out" }));
    await tools.findAllByText(/unauthorized: closed/, {}, { timeout: 10_000 });
  },
};
