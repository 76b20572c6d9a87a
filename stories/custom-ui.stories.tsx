import type { Meta, StoryObj } from "@storybook/react-vite";
import { type SyncClient, useSyncProgress } from "react-sync-progress/headless";
import { expect, screen, waitFor } from "storybook/test";
import { withBackend } from "./support/with-backend.js";

/** A UI of one's own from the headless hook alone: a round progress in a toast. */
const meta = {
  title: "Headless/useSyncProgress",
  render: (_, { loaded }) => (
    <main className="story-page">
      <Toast client={loaded["client"]} syncId={loaded["syncId"]} />
    </main>
  ),
} satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;

const CIRCUMFERENCE = 2 * Math.PI * 16;

function Toast({ client, syncId }: { readonly client: SyncClient; readonly syncId: string }) {
  const { status, stage, percent, isTerminal } = useSyncProgress(syncId, { client });
  const words = status === "complete" ? "All emails are here." : stage || "Connecting...";
  return (
    <div
      style={{
        display: "inline-flex",
        gap: 12,
        alignItems: "center",
        padding: "12px 18px 12px 12px",
        borderRadius: 999,
        background: "#1a1d24",
        color: "#fff",
      }}
    >
      <svg
        viewBox="0 0 40 40"
        width="40"
        height="40"
        role="progressbar"
        aria-label="Gmail"
        aria-valuemin={0}
        aria-valuemax={100}
        {...(percent !== null && { "aria-valuenow": Math.floor(percent) })}
      >
        <circle cx="20" cy="20" r="16" fill="none" stroke="#454b59" strokeWidth="4" />
        <circle
          cx="20"
          cy="20"
          r="16"
          fill="none"
          stroke={isTerminal ? "#5fd39a" : "#8ab0ff"}
          strokeWidth="4"
          strokeLinecap="round"
          strokeDasharray={CIRCUMFERENCE}
          strokeDashoffset={CIRCUMFERENCE * (1 - (percent ?? 8) / 100)}
          transform="rotate(-90 20 20)"
        />
      </svg>
      <span>{words}</span>
    </div>
  );
}

export const RoundProgress: Story = {
  loaders: [withBackend({ scenario: "happyPath", speed: 8 })],
  play: async () => {
    await waitFor(() => expect(screen.getByText("All emails are here.")).toBeVisible(), { timeout: 10_000 });
    await expect(screen.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "100");
  },
};
