import type { Meta, StoryObj } from "@storybook/react-vite";
import { type SyncClient, useStartSync, useSyncFailures, useSyncProgress } from "react-sync-progress/headless";
import { expect, screen, userEvent } from "storybook/test";
import { withBackend } from "./support/with-backend.js";

/** A start and the failed items by the headless hooks alone, in plain HTML. */
const meta = { title: "Headless/useStartSync and useSyncFailures" } satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;

function Starter({ client }: { readonly client: SyncClient }) {
  const { start, syncId, isStarting, error } = useStartSync("gmail", { client });
  const status = useSyncProgress(syncId, { client }).status;
  return (
    <main className="story-page">
      <button type="button" disabled={isStarting} onClick={() => start().catch(() => {})}>
        Sync Gmail
      </button>
      <p role="status">{error?.safeMessage ?? status ?? "Not started"}</p>
    </main>
  );
}

export const Starts: Story = {
  loaders: [withBackend({ speed: 20 }, { starts: false })],
  render: (_, { loaded }) => <Starter client={loaded["client"]} />,
  play: async () => {
    await userEvent.click(await screen.findByRole("button", { name: "Sync Gmail" }));
    await screen.findByText("complete", {}, { timeout: 10_000 });
  },
};

function Failures({ client, syncId }: { readonly client: SyncClient; readonly syncId: string }) {
  const { isTerminal } = useSyncProgress(syncId, { client });
  const { failures, isLoading, hasMore, loadMore } = useSyncFailures(syncId, { client, enabled: isTerminal });
  return (
    <main className="story-page">
      <h1>Failed items</h1>
      {isLoading && <p>Loading...</p>}
      <ul>
        {failures.map(({ item, reason }, index) => (
          <li key={index}>
            {item}: {reason}
          </li>
        ))}
      </ul>
      {hasMore && (
        <button type="button" onClick={loadMore}>
          More
        </button>
      )}
    </main>
  );
}

export const FailedItems: Story = {
  loaders: [withBackend({ scenario: "partialFailure", speed: 20 })],
  render: (_, { loaded }) => <Failures client={loaded["client"]} syncId={loaded["syncId"]} />,
  play: async () => {
    await expect(await screen.findAllByRole("listitem", {}, { timeout: 10_000 })).toHaveLength(3);
  },
};
