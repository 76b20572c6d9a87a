import type { Meta, StoryObj } from "@storybook/react-vite";
import { useState } from "react";
import { type SyncDiagnostic, SyncProgressModal, type SyncProgressModalProps } from "react-sync-progress";
import { labelsAr } from "react-sync-progress/labels/ar";
import type { MockSyncBackend, ScenarioName } from "react-sync-progress/msw";
import { expect, fn, screen, userEvent, waitFor, within } from "storybook/test";
import { provideClient, withBackend } from "./support/with-backend.js";
import { without } from "./support/without-controls.js";

/**
 * The progress of a sync in a modal dialog that opens at once and closes by itself when all went well. Each story runs
 * the real server routes inside Mock Service Worker.
 */
const meta = {
  title: "Components/SyncProgressModal",
  component: SyncProgressModal,
  decorators: [provideClient],
  parameters: { docs: { story: { inline: false, height: "480px" } } },
  args: { name: "Gmail", open: true, syncId: null, onOpenChange: fn(), locale: "en" },
  argTypes: {
    autoCloseMs: { control: "number", description: "ms; the control sets a number, code may say `false`" },
    startError: { control: "text" },
    locale: { control: "select", options: ["en", "en-GB", "de", "ar", "ja"] },
    ...without("client", "baseUrl", "container", "labels", "classNames", "syncId", "children"),
  },
  render: (args, { loaded }) => <Opened {...args} syncId={args.syncId ?? loaded["syncId"] ?? null} />,
} satisfies Meta<typeof SyncProgressModal>;

export default meta;
type Story = StoryObj<typeof meta>;

function Opened({ open: isOpenFirst, syncId, onOpenChange, ...props }: SyncProgressModalProps) {
  const [isOpen, setIsOpen] = useState(isOpenFirst);
  const [retriedId, setRetriedId] = useState<string | null>(null);
  return (
    <main className="story-page">
      <button type="button" onClick={() => setIsOpen(true)}>
        Show progress
      </button>
      <SyncProgressModal
        {...props}
        syncId={retriedId ?? syncId}
        open={isOpen}
        onOpenChange={(isNowOpen) => {
          setIsOpen(isNowOpen);
          onOpenChange(isNowOpen);
        }}
        onRetried={setRetriedId}
      />
    </main>
  );
}

const scenario = (name: ScenarioName, speed = 1): Pick<Story, "loaders"> => ({
  loaders: [withBackend({ scenario: name, speed })],
});
const heading = (name: string | RegExp) => screen.findByRole("heading", { name }, { timeout: 15_000 });
/** In the dialog, not in the announcer. */
const text = async (words: string | RegExp) =>
  within(await screen.findByRole("dialog")).findByText(words, {}, { timeout: 15_000 });

/** Nothing has arrived yet: the click was a moment ago. */
export const Opening: Story = {
  loaders: [withBackend({}, { starts: false })],
  play: async () => {
    await heading("Syncing Gmail");
    await text("Connecting...");
  },
};

export const HappyPath: Story = {
  ...scenario("happyPath", 4),
  play: async () => {
    await heading("Syncing Gmail");
    await text(/^\d+ of 120$/);
    await heading("Gmail is up to date");
    await text(/^Closes in \d s$/);
    await userEvent.click(await screen.findByRole("button", { name: "Keep open" }));
    await expect(screen.queryByText(/^Closes in/)).toBeNull();
  },
};

export const ClosesByItself: Story = {
  ...scenario("happyPath", 50),
  args: { autoCloseMs: 1_000 },
  play: async () => {
    await heading("Gmail is up to date");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull(), { timeout: 10_000 });
    await expect(screen.getByRole("button", { name: "Show progress" })).toBeVisible();
  },
};

export const Slow: Story = {
  ...scenario("slow"),
  play: async () => {
    await waitFor(() => expect(screen.getByRole("progressbar")).toHaveAttribute("data-kind", "running"));
  },
};

export const UnknownTotal: Story = {
  ...scenario("unknownTotal"),
  play: async () => {
    await text(/items? so far$/);
    await expect(screen.getByRole("progressbar")).not.toHaveAttribute("aria-valuenow");
  },
};

/** More items turn up while it runs: the bar waits for them to be overtaken, and never goes back. */
export const GrowingTotal: Story = {
  ...scenario("growingTotal", 2),
  play: async () => {
    await text(/^\d+ of 20$/);
    const percent = () => Number(screen.getByRole("progressbar").getAttribute("aria-valuenow"));
    const before = percent();
    await text(/^\d+ of (2[1-9]|[3-9]\d|1\d\d)$/);
    await expect(percent()).toBeGreaterThanOrEqual(before);
  },
};

export const NothingNew: Story = {
  ...scenario("nothingNew"),
  args: { autoCloseMs: false },
  play: async () => void (await text("Nothing new to sync.")),
};

export const PartialFailure: Story = {
  ...scenario("partialFailure", 40),
  play: async () => {
    await heading("Gmail synced with 3 problems");
    await text("97 of 100 items synced.");
    await expect(await screen.findAllByText("The attachment is larger than 25 MB.")).toHaveLength(3);
  },
};

/** A new sync of just the items that failed, in the same modal. */
export const RetryFailed: Story = {
  ...scenario("partialFailure", 40),
  play: async () => {
    await heading("Gmail synced with 3 problems");
    await userEvent.click(screen.getByRole("button", { name: "Retry failed" }));
    await heading("Gmail is up to date");
    await text(/^3 items synced/);
  },
};

export const FailsMidway: Story = {
  ...scenario("failsMidway", 40),
  play: async () => {
    await heading("Gmail could not be synced");
    await text("Gmail refuses more requests today.");
    await text("45 items were kept. You can try again now.");
  },
};

export const TimesOut: Story = {
  ...scenario("timesOut", 40),
  play: async () => {
    await heading("Gmail took too long");
    await text("No progress for 2 minutes, so the sync was stopped.");
  },
};

export const Interrupted: Story = {
  ...scenario("interrupted", 40),
  play: async () => {
    await heading("Gmail was interrupted");
    await text("45 items were kept. You can try again now.");
  },
};

export const StartRefused: Story = {
  loaders: [withBackend({}, { starts: false })],
  args: { startError: "Gmail is being synced by somebody else already.", onRestart: fn() },
  play: async () => {
    await heading("Gmail could not be synced");
    await text("Gmail is being synced by somebody else already.");
  },
};

export const NeverStarts: Story = {
  ...scenario("neverStarts"),
  play: async () => {
    await heading("Gmail is waiting");
    await text("Waiting for its turn...");
  },
};

export const Paused: Story = {
  loaders: [withBackend({ scenario: "manual" })],
  play: async ({ loaded }) => {
    const { driver }: MockSyncBackend = loaded["backend"];
    driver.update({ status: "syncing", totalItems: 100, stage: "Fetching emails..." });
    driver.advance(45);
    await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
    await heading("Gmail is paused");
    await text("Paused at 45 of 100 (Fetch).");
    await expect(screen.getByRole("button", { name: "Resume" })).toHaveFocus();
  },
};

/** "Cancel sync" asks once, in place; the focus is on the choice that does no harm. */
export const AsksBeforeCancel: Story = {
  loaders: [withBackend({ scenario: "manual" })],
  play: async ({ loaded }) => {
    const { driver }: MockSyncBackend = loaded["backend"];
    driver.update({ status: "syncing", totalItems: 100, stage: "Fetching emails..." });
    driver.advance(45);
    await text("45 of 100");
    await userEvent.click(await screen.findByRole("button", { name: "Cancel sync" }));
    await text("Stop syncing Gmail? Items synced so far are kept.");
    await waitFor(() => expect(screen.getByRole("button", { name: "Keep syncing" })).toHaveFocus());
  },
};

/** The server is away for as long as you look. */
export const Reconnecting: Story = {
  loaders: [withBackend({ scenario: "manual" }, { client: { retry: { baseMs: 60_000, maxMs: 60_000 } } })],
  play: async ({ loaded }) => {
    const { driver }: MockSyncBackend = loaded["backend"];
    driver.update({ status: "syncing", totalItems: 100, stage: "Fetching emails..." });
    driver.advance(45);
    await text("45 of 100");
    driver.setFaults({ status: 503 });
    await text("Connection lost. Reconnecting... The sync continues.");
    await waitFor(() => expect(screen.getByRole("button", { name: "Try now" })).toBeVisible());
  },
};

/** The stream breaks three times, each too short for a notice. */
export const DropsConnection: Story = {
  ...scenario("dropsConnection"),
  play: async () => {
    const connection = async (value: string) => {
      await waitFor(
        () => {
          expect(screen.queryByText(/^Connection lost/)).toBeNull();
          expect(document.querySelector(`[data-connection="${value}"]`)).not.toBeNull();
        },
        { timeout: 15_000 },
      );
    };
    for (const value of ["reconnecting", "live", "reconnecting", "live"]) await connection(value);
  },
};

export const Stalls: Story = {
  loaders: [withBackend({ scenario: "stalls", speed: 4 }, { client: { stallTimeoutMs: 6_000 } })],
  play: async () => void (await text(/^Still working. Last update \d+ seconds ago.$/)),
};

/** A proxy blocks streams: snapshots are requested instead, without a notice. */
export const Polling: Story = {
  loaders: [withBackend({ scenario: "blocksStream" }, { client: { pollIntervalMs: 300, retry: { maxMs: 100 } } })],
  play: async () => {
    await text(/^[1-9]\d* of 120$/);
    await waitFor(() => expect(screen.queryByText(/^Connection lost/)).toBeNull(), { timeout: 10_000 });
  },
};

export const Unreachable: Story = {
  loaders: [withBackend({ scenario: "unreachable" }, { client: { retry: { baseMs: 60_000, maxMs: 60_000 } } })],
  play: async () => {
    await heading("Progress cannot be shown right now");
    await text(/^The server is not responding. Trying again/);
  },
};

export const Offline: Story = {
  loaders: [withBackend({ scenario: "manual" })],
  beforeEach: () => () => void window.dispatchEvent(new Event("online")),
  play: async ({ loaded }) => {
    const { driver }: MockSyncBackend = loaded["backend"];
    driver.update({ status: "syncing", totalItems: 100, stage: "Fetching emails..." });
    driver.advance(45);
    await text("45 of 100");
    window.dispatchEvent(new Event("offline"));
    driver.drop();
    await text("You are offline. The sync continues; this view will catch up when you are back online.");
  },
};

/** Long words, foreign ones, and a number that a small screen has to hold. */
export const LongWords: Story = {
  loaders: [withBackend({ scenario: "manual" })],
  args: { name: "The mailbox of the customer service department of the second regional office" },
  play: async ({ loaded }) => {
    const { driver }: MockSyncBackend = loaded["backend"];
    driver.update({
      status: "syncing",
      totalItems: 10_000_000,
      stage: "Fetching emails from the archive of the year before last, which nobody has opened since",
      currentItem: `projects/${"very-important-customer/".repeat(6)}contract-with-all-annexes.pdf`,
    });
    driver.advance(4_500_000);
    driver.update({ currentItem: `projects/${"very-important-customer/".repeat(6)}contract-with-all-annexes.pdf` });
    await text("4,500,000 of 10,000,000");
    await text("ll-annexes.pdf");
  },
};

export const RightToLeft: Story = {
  loaders: [withBackend({ scenario: "manual" })],
  args: { name: "بريد العمل", labels: labelsAr, locale: "ar-EG" },
  parameters: { direction: "rtl" },
  play: async ({ loaded }) => {
    const { driver }: MockSyncBackend = loaded["backend"];
    driver.update({ status: "syncing", totalItems: 100, stage: "جارٍ جلب الرسائل..." });
    driver.advance(44);
    driver.fail();
    driver.update({ currentItem: "تقرير الربع الثالث report-2026.pdf" });
    await heading("جارٍ مزامنة بريد العمل");
    await text("٤٥ من ١٠٠");
  },
};

/** Events that cannot be read: the snapshot endpoint says how far it is. */
export const Malformed: Story = {
  loaders: [
    async () => {
      const reasons = new Set<string>();
      const onDiagnostic = ({ reason }: SyncDiagnostic) => void reasons.add(reason);
      return { ...(await withBackend({ scenario: "malformed" }, { client: { onDiagnostic } })()), reasons };
    },
  ],
  play: async ({ loaded }) => {
    await text(/^[1-9]\d* of 120$/);
    const reasons: ReadonlySet<string> = loaded["reasons"];
    await expect([...reasons]).toContain("stream-unreadable");
  },
};

export const Unauthorized: Story = {
  ...scenario("unauthorized"),
  args: { onSignIn: fn() },
  play: async () => {
    await heading("You have been signed out");
    // The dialog fades in.
    await waitFor(() => expect(screen.getByRole("button", { name: "Sign in" })).toBeVisible());
  },
};

export const NotFound: Story = {
  ...scenario("notFound"),
  play: async () => void (await heading("This sync no longer exists")),
};

export const Burst: Story = {
  ...scenario("burst"),
  args: { autoCloseMs: false },
  play: async () => void (await text(/^10,000 items synced/)),
};

/** Pausing, going on, and the question before a sync is cancelled. */
export const Commands: Story = {
  loaders: [withBackend({ scenario: "manual" })],
  play: async ({ loaded }) => {
    const { driver }: MockSyncBackend = loaded["backend"];
    driver.update({ status: "syncing", totalItems: 100, stage: "Fetching emails..." });
    driver.advance(45);
    await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
    await heading("Gmail is paused");
    await text("Paused at 45 of 100 (Fetch).");
    await userEvent.click(screen.getByRole("button", { name: "Resume" }));
    await heading("Syncing Gmail");
    await userEvent.click(screen.getByRole("button", { name: "Cancel sync" }));
    await text("Stop syncing Gmail? Items synced so far are kept.");
    await waitFor(() => expect(screen.getByRole("button", { name: "Keep syncing" })).toHaveFocus());
    await userEvent.keyboard("{Escape}");
    await expect(screen.getByRole("dialog")).toBeVisible();
    await userEvent.click(await screen.findByRole("button", { name: "Cancel sync" }));
    await userEvent.click(screen.getByRole("button", { name: "Stop" }));
    await heading("Gmail sync cancelled");
    await text("45 of 100 items were kept.");
  },
};
