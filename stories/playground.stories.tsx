import type { Meta, StoryObj } from "@storybook/react-vite";
import { useState } from "react";
import { SyncIndicator, SyncProgress, useActiveSyncs, useIntegrations, useSyncProgress } from "react-sync-progress";
import type { MockSyncBackend } from "react-sync-progress/msw";
import { expect, screen, userEvent, waitFor, within } from "storybook/test";
import { AllParts } from "./support/all-parts.js";
import { type BackendContext, provideClient, withBackend } from "./support/with-backend.js";

/** Drive a sync by hand: every button is something that a server, or the network before it, can do. */
const meta = {
  title: "Playground",
  loaders: [withBackend({ scenario: "manual" })],
  decorators: [provideClient],
  render: (_, { loaded }) => <Playground backend={loaded["backend"]} syncId={loaded["syncId"]} />,
} satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;

function Playground({ backend, syncId: first }: Pick<BackendContext, "backend" | "syncId">) {
  const [syncId, setSyncId] = useState(first);
  const state = useSyncProgress(syncId);
  return (
    <main className="story-page story-playground">
      <div role="toolbar" aria-label="The server" className="story-toolbar">
        {commandsOf(backend).map(([label, act]) => (
          <button key={label} type="button" onClick={act}>
            {label}
          </button>
        ))}
      </div>
      <SyncProgress.Root
        state={state}
        name="Gmail"
        locale="en"
        onSignIn={() => {
          backend.driver.setFaults({});
          state.reconnect();
        }}
        onRetried={setSyncId}
      >
        <AllParts />
        <SyncProgress.Failures />
      </SyncProgress.Root>
    </main>
  );
}

function commandsOf({ driver }: MockSyncBackend): readonly (readonly [string, () => void])[] {
  return [
    ["Fetch 100 items", () => driver.update({ status: "syncing", stage: "Fetching emails...", totalItems: 100 })],
    ["Advance by 1", () => driver.advance()],
    ["Advance by 10", () => driver.advance(10)],
    ["Fail an item", () => driver.fail()],
    ["Find 50 more", () => driver.update({ totalItems: 150 })],
    ["Begin to read", () => driver.update({ status: "parsing", stage: "Reading emails..." })],
    ["Drop the connection", () => driver.drop()],
    ["Take the server away", () => driver.setFaults({ status: 503 })],
    ["Bring it back", () => driver.setFaults({})],
    ["End the session", () => driver.setFaults({ status: 401 })],
    ["Finish", () => driver.finish()],
    ["Crash", () => driver.crash()],
  ];
}

const SEVERAL = [
  { type: "gmail", name: "Gmail" },
  { type: "slack", name: "Slack" },
  { type: "notion", name: "Notion" },
] as const;

/** The same buttons for three syncs on one connection; the choice says which of them they drive. */
function SeveralByHand({ backend }: Pick<BackendContext, "backend">) {
  const { integrations } = useIntegrations();
  const { syncs } = useActiveSyncs();
  const idOf = (type: string) => syncs.find(({ snapshot }) => snapshot?.connectorType === type)?.syncId;
  return (
    <main className="story-page story-playground">
      <fieldset className="story-toolbar">
        <legend>Drive</legend>
        {SEVERAL.map(({ type, name }) => (
          <label key={type}>
            <input
              type="radio"
              name="driven"
              defaultChecked={type === "notion"}
              onChange={() => backend.driver.select(idOf(type) ?? "")}
            />{" "}
            {name}
          </label>
        ))}
      </fieldset>
      <div role="toolbar" aria-label="The server" className="story-toolbar">
        {commandsOf(backend).map(([label, act]) => (
          <button key={label} type="button" onClick={act}>
            {label}
          </button>
        ))}
      </div>
      <SyncIndicator position="inline" defaultOpen locale="en" integrations={integrations} />
    </main>
  );
}

/** Three syncs by one connection: they are driven one by one, and lose it together. */
export const SeveralSyncs: Story = {
  loaders: [
    async () => {
      const context = await withBackend({ scenario: "manual" }, { starts: false })();
      for (const { type } of SEVERAL) await context.backend.startSync(type);
      return context;
    },
  ],
  render: (_, { loaded }) => <SeveralByHand backend={loaded["backend"]} />,
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const click = (name: string) => userEvent.click(canvas.getByRole("button", { name }));
    await waitFor(() => expect(canvas.getAllByRole("listitem")).toHaveLength(3), { timeout: 10_000 });
    await canvas.findByRole("button", { name: "Slack is waiting" });
    await click("Fetch 100 items");
    await userEvent.click(canvas.getByRole("radio", { name: "Slack" }));
    await click("Fetch 100 items");
    await click("Advance by 10");
    await waitFor(() => expect(canvas.queryByText("Slack is waiting")).toBeNull());
    await userEvent.click(canvas.getByRole("radio", { name: "Gmail" }));
    await click("Crash");
    await canvas.findByRole("button", { name: "Gmail could not be synced" });
    await click("Take the server away");
    await canvas.findAllByText(/Connection lost/, {}, { timeout: 15_000 });
    await click("Bring it back");
    await waitFor(() => expect(canvas.queryAllByText(/Connection lost/)).toEqual([]), { timeout: 15_000 });
    await userEvent.click(canvas.getByRole("radio", { name: "Slack" }));
    await click("Finish");
    await canvas.findByRole("button", { name: "Slack is up to date" }, { timeout: 10_000 });
  },
};

export const DrivenByHand: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await canvas.findByText("Waiting for its turn...");
    await userEvent.click(canvas.getByRole("button", { name: "Fetch 100 items" }));
    await userEvent.click(canvas.getByRole("button", { name: "Advance by 10" }));
    await userEvent.click(canvas.getByRole("button", { name: "Fail an item" }));
    await canvas.findByText("11 of 100");
    await userEvent.click(canvas.getByRole("button", { name: "Drop the connection" }));
    await userEvent.click(canvas.getByRole("button", { name: "Take the server away" }));
    await canvas.findByText("Connection lost. Reconnecting... The sync continues.", {}, { timeout: 10_000 });
    await userEvent.click(canvas.getByRole("button", { name: "End the session" }));
    await userEvent.click(await canvas.findByRole("button", { name: "Sign in" }, { timeout: 10_000 }));
    await canvas.findByText("11 of 100");
    await userEvent.click(canvas.getByRole("button", { name: "Finish" }));
    await expect(
      await screen.findByRole("heading", { name: "Gmail synced with 1 problem" }, { timeout: 10_000 }),
    ).toBeVisible();
  },
};
