import type { Meta, StoryObj } from "@storybook/react-vite";
import { useRef } from "react";
import { useAutoClose, useStartSync, useSyncFailures, useSyncProgress } from "react-sync-progress/headless";
import { expect, fn, userEvent, waitFor, within } from "storybook/test";
import { provideClient, withBackend } from "./support/with-backend.js";

interface Args {
  readonly onClose: () => void;
}

/** The hooks beside `useSyncProgress`, each in the smallest UI that shows what it does. */
const meta = {
  title: "Headless/Hooks",
  decorators: [provideClient],
  args: { onClose: fn() },
} satisfies Meta<Args>;

export default meta;
type Story = StoryObj<Args>;

function Countdown({ syncId, onClose }: { readonly syncId: string; readonly onClose: () => void }) {
  const progress = useSyncProgress(syncId);
  const { status, remainingMs, hold, release, keepOpen } = useAutoClose(progress, { durationMs: 60_000, onClose });
  return (
    <main className="story-page" onPointerEnter={() => hold("hover")} onPointerLeave={() => release("hover")}>
      <p role="status">
        {status}
        {remainingMs !== null && `: ${Math.ceil(remainingMs / 1_000)} s left`}
      </p>
      <button type="button" onClick={keepOpen}>
        Keep open
      </button>
    </main>
  );
}

/** `useAutoClose`: counts once the sync is complete, is held while the pointer is there, and can be ended. */
export const ClosesByItself: Story = {
  loaders: [withBackend({ scenario: "nothingNew", speed: 8 })],
  render: ({ onClose }, { loaded }) => <Countdown syncId={loaded["syncId"]} onClose={onClose} />,
  play: async ({ args, canvasElement }) => {
    const canvas = within(canvasElement);
    const status = canvas.getByRole("status");
    await waitFor(() => expect(status).toHaveTextContent(/^counting: 60 s left$/), { timeout: 10_000 });
    await userEvent.hover(status);
    await waitFor(() => expect(status).toHaveTextContent(/^held: \d+ s left$/));
    await userEvent.click(canvas.getByRole("button", { name: "Keep open" }));
    await waitFor(() => expect(status).toHaveTextContent("kept-open"));
    await expect(args.onClose).not.toHaveBeenCalled();
  },
};

function Starter() {
  const { start, syncId, isStarting, error } = useStartSync("gmail");
  const isTerminal = useSyncProgress(syncId, (progress) => progress.isTerminal);
  const { failures, hasMore, loadMore } = useSyncFailures(syncId, { enabled: isTerminal });
  return (
    <main className="story-page">
      <button type="button" aria-disabled={isStarting} onClick={() => start().catch(() => {})}>
        Sync Gmail
      </button>
      {error !== null && <p role="alert">{error.message}</p>}
      <ul aria-label="Failed items">
        {failures.map(({ item, reason }) => (
          <li key={item}>{`${item}: ${reason}`}</li>
        ))}
      </ul>
      {hasMore && (
        <button type="button" onClick={loadMore}>
          Show more
        </button>
      )}
    </main>
  );
}

/** `useStartSync` and `useSyncFailures`: the failed items are loaded once the sync has ended. */
export const StartsAndListsFailures: Story = {
  loaders: [withBackend({ scenario: "partialFailure", speed: 40 }, { starts: false })],
  render: () => <Starter />,
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole("button", { name: "Sync Gmail" }));
    await waitFor(() => expect(canvas.getAllByRole("listitem")).toHaveLength(3), { timeout: 15_000 });
  },
};

function RenderCount({ name, value }: { readonly name: string; readonly value: string | null }) {
  const count = useRef(0);
  count.current += 1;
  return (
    <p>
      {name}: {value}, renders: <output aria-label={name}>{count.current}</output>
    </p>
  );
}

function Whole({ syncId }: { readonly syncId: string }) {
  return <RenderCount name="whole state" value={useSyncProgress(syncId).status} />;
}

function Selected({ syncId }: { readonly syncId: string }) {
  return <RenderCount name="status only" value={useSyncProgress(syncId, (progress) => progress.status)} />;
}

/** `useSyncProgress` with a selection: the second line renders only when the status changes. */
export const RendersOnlyWhatChanges: Story = {
  loaders: [withBackend({ scenario: "happyPath", speed: 8 })],
  render: (_, { loaded }) => (
    <main className="story-page">
      <Whole syncId={loaded["syncId"]} />
      <Selected syncId={loaded["syncId"]} />
    </main>
  ),
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const rendersOf = (name: string) => Number(canvas.getByLabelText(name).textContent);
    await waitFor(() => expect(canvas.getAllByText(/: complete,/)).toHaveLength(2), { timeout: 10_000 });
    // null, queued, connecting, syncing, parsing, embedding, complete: at most each once.
    await expect(rendersOf("status only")).toBeLessThanOrEqual(7);
    await expect(rendersOf("whole state")).toBeGreaterThan(rendersOf("status only"));
  },
};
