import type { Meta, StoryObj } from "@storybook/react-vite";
import { useState } from "react";
import { SyncProgress, useSyncProgress } from "react-sync-progress";
import type { MockSyncBackend } from "react-sync-progress/msw";
import { expect, screen, userEvent, within } from "storybook/test";
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
