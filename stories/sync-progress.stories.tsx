import type { Meta, StoryObj } from "@storybook/react-vite";
import { type AutoCloseControl, SyncProgress, type SyncProgressState, SyncRequestError } from "react-sync-progress";
import { expect, fn, within } from "storybook/test";
import { aProgressState } from "../test/support/a-progress-state.js";
import { anAutoClose } from "../test/support/an-auto-close.js";
import { PHASES } from "../test/support/phases.js";
import { AllParts } from "./support/all-parts.js";
import { without } from "./support/without-controls.js";

/** The parts, put together without a dialog; each story is one state, given as a plain object. */
const meta = {
  title: "Components/SyncProgress",
  component: SyncProgress.Root,
  args: {
    state: aProgressState(),
    name: "Gmail",
    locale: "en",
    announce: false,
    onBackground: fn(),
    onClose: fn(),
    onSignIn: fn(),
    onRetried: fn(),
    onRestart: fn(),
  },
  argTypes: {
    startError: { control: "text" },
    locale: { control: "select", options: ["en", "en-GB", "de", "ar", "ja"] },
    ...without("state", "autoClose", "labels", "classNames"),
  },
  render: (args) => (
    <main className="story-page" style={{ maxWidth: "32rem" }}>
      <SyncProgress.Root {...args}>
        <AllParts />
      </SyncProgress.Root>
    </main>
  ),
} satisfies Meta<typeof SyncProgress.Root>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A story of one state, which must show these words. */
function shows(words: string | RegExp, given: Partial<SyncProgressState>, autoClose?: AutoCloseControl): Story {
  return {
    args: { state: aProgressState(given), autoClose },
    play: async ({ canvasElement }) => {
      await expect((await within(canvasElement).findAllByText(words)).length).toBeGreaterThan(0);
    },
  };
}

const now = Date.now();

const inPhases = { phases: PHASES, phase: "fetch", percent: 37 };

/** A sync that declares its phases: the counts are those of the current one, and say so. */
export const Phases: Story = {
  args: { state: aProgressState(inPhases) },
  play: async ({ canvasElement }) => {
    const steps = await within(canvasElement).findAllByRole("listitem");
    await expect(steps.map((step) => step.textContent)).toEqual([
      "Connect (done)",
      "Fetch (in progress)",
      "Index (not started)",
    ]);
  },
};

export const PausedInPhase = shows("Paused at 45 of 100 (Fetch).", { ...inPhases, status: "paused" });

export const StoppedInPhase = shows("(stopped)", { ...inPhases, status: "cancelled", percent: 37 });

export const Opening = shows("Connecting...", {
  status: null,
  percent: null,
  totalItems: null,
  processedItems: 0,
  currentItem: null,
  stage: "",
});
export const Queued = shows("Gmail is waiting", { status: "queued", stage: "", percent: null, currentItem: null });
/** A job engine tries a failed job again: the bar keeps its place. */
export const TryingAgain = shows("Trying again...", { status: "queued", stage: "Trying again...", currentItem: null });
export const Running = shows("45 of 100", {});
export const WithEstimate = shows("about 2 minutes left", {
  eta: { remainingMs: 125_000, minutes: 2, itemsPerSecond: 3 },
});
export const SomeFailed = shows("Failed", { failedItems: 3 });
export const TotalUnknown = shows("1,204 items so far", { percent: null, totalItems: null, processedItems: 1_204 });
export const TenMillionItems = shows("4,500,000 of 10,000,000", { processedItems: 4_500_000, totalItems: 10_000_000 });
export const Paused = shows("Paused at 45 of 100.", { status: "paused" });
/** What a press has set off is shown before the server has responded. */
export const Pausing = shows("Pausing...", { command: { name: "pause", status: "pending", error: null } });
/** A refusal takes it back, and says why. */
export const PauseRefused = shows("You are not allowed to do that.", {
  command: { name: "pause", status: "failed", error: new SyncRequestError("No.", { status: 403 }) },
});
/** Where the backend sends mails. */
export const EmailMe = shows("Email me when it is done", {
  capabilities: ["cancel", "pause", "notify"],
  notifyEmail: true,
});
export const Stalled = shows(/^Still working. Last update (\d+ seconds|1 minute) ago.$/, {
  isStalled: true,
  lastUpdateAt: now - 40_000,
});
export const Reconnecting = shows("Try now", { connection: "reconnecting", disconnectedAt: now - 3_000 });
export const Offline = shows("You are offline. The sync continues; this view will catch up when you are back online.", {
  connection: "reconnecting",
  isOffline: true,
  disconnectedAt: now,
});
export const Complete = shows("100 items synced in 2 min 5 s.", { status: "complete" });
export const NothingNew = shows("Nothing new to sync.", { status: "complete", processedItems: 0, totalItems: 0 });
export const CompleteWithFailures = shows("97 of 100 items synced.", {
  status: "complete",
  processedItems: 97,
  failedItems: 3,
});
export const Failed = shows("Gmail could not be synced", {
  status: "error",
  percent: 45,
  processedItems: 45,
  error: { kind: "sync-failed", message: "Gmail refuses more requests today.", code: "rate_limited" },
});
export const TimedOut = shows("Gmail took too long", {
  status: "error",
  percent: 45,
  processedItems: 45,
  error: { kind: "sync-failed", message: "No progress for 2 minutes, so the sync was stopped.", code: "timed_out" },
});
export const Interrupted = shows("The server restarted while syncing.", {
  status: "error",
  percent: 45,
  processedItems: 0,
  error: { kind: "sync-failed", message: "", code: "interrupted" },
});
export const Cancelled = shows("45 of 100 items were kept.", { status: "cancelled", percent: 45, processedItems: 45 });
export const Unauthorized = shows("You have been signed out", {
  connection: "closed",
  error: { kind: "unauthorized", message: "", code: null },
});
export const NotFound = shows("This sync no longer exists", {
  status: null,
  percent: null,
  connection: "closed",
  error: { kind: "not-found", message: "", code: null },
});
export const Unreachable = shows("Progress cannot be shown right now", {
  status: null,
  percent: null,
  connection: "connecting",
  retryAt: now + 8_000,
  error: { kind: "unreachable", message: "", code: null },
});
export const ClosingSoon = shows("Closes in 3 s", { status: "complete" }, anAutoClose({ remainingMs: 2_600 }));
export const ClosingHeld = shows(
  "Stays open while you are here",
  { status: "complete" },
  anAutoClose({ status: "held", heldBy: ["hover"] }),
);

/** "Keep open" was pressed: there is no countdown any more. */
export const KeptOpen: Story = {
  args: {
    state: aProgressState({ status: "complete" }),
    autoClose: anAutoClose({ status: "kept-open", remainingMs: null }),
  },
  play: async ({ canvasElement }) => {
    await within(canvasElement).findByText("Gmail is up to date");
    await expect(within(canvasElement).queryByText(/^Closes in/)).toBeNull();
  },
};
export const LongWords = shows("Syncing Gmail", {
  stage:
    "Fetching emails from the archive of the year before last, which the server has on a slow disk in another country, and which nobody has opened since",
  currentItem:
    "projects/2026/customers/very-important-customer/contracts/final/final-2/really-final/contract-with-all-annexes-signed-by-everybody.pdf",
});
export const RightToLeft: Story = {
  parameters: { direction: "rtl" },
  args: {
    state: aProgressState({ currentItem: "تقرير الربع الثالث report-2026.pdf", stage: "جارٍ جلب الرسائل..." }),
    name: "بريد",
  },
};
