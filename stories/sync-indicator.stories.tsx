import type { Meta, StoryObj } from "@storybook/react-vite";
import { useState } from "react";
import {
  type Integration,
  SyncIndicatorList,
  type SyncIndicatorListProps,
  SyncRequestError,
  type SyncView,
} from "react-sync-progress";
import { labelsAr } from "react-sync-progress/labels/ar";
import { labelsDe } from "react-sync-progress/labels/de";
import { expect, fn, screen, userEvent, within } from "storybook/test";
import { aSyncView, mixedViews, runningViews } from "../test/support/several-views.js";
import { IndicatorPage } from "./support/indicator-page.js";
import { without } from "./support/without-controls.js";

const INTEGRATIONS: readonly Integration[] = (
  [
    ["gmail", "Gmail"],
    ["slack", "Slack"],
    ["notion", "Notion"],
    ["github", "GitHub"],
  ] as const
).map(([type, name]) => ({
  type,
  name,
  description: "",
  icon: null,
  status: "connected",
  lastSyncAt: null,
  totalItemsSynced: 0,
  errorMessage: null,
  activeSyncId: null,
}));

/**
 * What runs and what has just ended, in a corner of every page. Each story is one state, given as plain views; the story
 * "Whole flow" of SyncIndicator runs against a backend.
 */
const meta = {
  title: "Components/SyncIndicatorList",
  component: SyncIndicatorList,
  parameters: { docs: { story: { inline: false, height: "480px" } } },
  args: {
    syncs: runningViews(3),
    integrations: INTEGRATIONS,
    locale: "en",
    onShow: fn(),
    onDismiss: fn(),
    onSignIn: fn(),
  },
  argTypes: {
    position: { control: "select", options: ["bottom-end", "bottom-start", "top-end", "top-start", "inline"] },
    locale: { control: "select", options: ["en", "en-GB", "de", "ar", "ja"] },
    ...without("syncs", "integrations", "client", "baseUrl", "labels", "classNames"),
  },
  render: (args) => <Page {...args} />,
} satisfies Meta<typeof SyncIndicatorList>;

export default meta;
type Story = StoryObj<typeof meta>;

function Page({ syncs, onDismiss, ...props }: SyncIndicatorListProps) {
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const indicator = (
    <SyncIndicatorList
      {...props}
      syncs={syncs.filter(({ syncId }) => !dismissed.includes(syncId))}
      onDismiss={(syncId) => {
        setDismissed((before) => [...before, syncId]);
        onDismiss(syncId);
      }}
    />
  );
  const isAtStart = props.position?.startsWith("top") ?? false;
  return <IndicatorPage atStart={isAtStart ? indicator : null}>{isAtStart ? null : indicator}</IndicatorPage>;
}

const region = (name = "Syncs") => screen.findByRole("region", { name });
const toggle = async () => {
  const [button] = within(await region()).getAllByRole("button");
  if (button === undefined) throw new Error("the indicator has no button");
  return button;
};

/** A line with the count and the progress of all, and nothing else. */
export const Collapsed: Story = {
  play: async () => {
    await expect(await toggle()).toHaveTextContent("3 running 7%");
    await expect(await toggle()).toHaveAttribute("aria-expanded", "false");
    await expect(screen.queryByRole("list")).toBeNull();
  },
};

export const Expanded: Story = {
  play: async () => {
    await userEvent.click(await toggle());
    await expect(await screen.findAllByRole("progressbar")).toHaveLength(3);
    await expect(screen.getByRole("button", { name: "Pause Slack" })).toBeInTheDocument();
    await expect(screen.getByRole("button", { name: "Syncing Slack" })).toBeInTheDocument();
  },
};

/** Every state a sync can be in. What needs the person gives the line its icon. */
export const MixedEnds: Story = {
  args: { syncs: mixedViews(), defaultOpen: true },
  play: async () => {
    await expect(await toggle()).toHaveTextContent("2 running, 1 paused, 1 failed, 1 with problems");
    await expect(screen.getByRole("button", { name: "Notion could not be synced" })).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Dismiss Slack" }));
    await expect(screen.queryByText("Slack is up to date")).toBeNull();
  },
};

export const MixedEndsCollapsed: Story = { args: { syncs: mixedViews() } };

/** All has ended well; after 30 s it is gone. */
export const AllDone: Story = {
  args: {
    syncs: ["gmail", "slack", "notion"].map((type) =>
      aSyncView(type, { connectorType: type, status: "complete", processedItems: 100 }),
    ),
    defaultOpen: true,
  },
  play: async () => {
    await expect(await toggle()).toHaveTextContent("3 finished");
    await userEvent.click(screen.getByRole("button", { name: "Dismiss finished" }));
    await expect(screen.queryByRole("region", { name: "Syncs" })).toBeNull();
  },
};

/** Only so many rows, however many syncs. */
export const Thirty: Story = {
  args: { syncs: runningViews(30), defaultOpen: true, maxRows: 10 },
  play: async () => {
    await expect(await toggle()).toHaveTextContent("30 running");
    await expect(screen.getAllByRole("listitem")).toHaveLength(10);
    await expect(screen.getByText("and 20 more")).toBeInTheDocument();
  },
};

export const AThousand: Story = {
  args: { syncs: runningViews(1_000) },
  play: async () => {
    await expect(await toggle()).toHaveTextContent("1,000 running");
    await userEvent.click(await toggle());
    await expect(screen.getAllByRole("listitem")).toHaveLength(20);
    await expect(screen.getByText("and 980 more")).toBeInTheDocument();
  },
};

/** How far one of them is, is not known. */
export const UnknownTotal: Story = {
  args: {
    syncs: [aSyncView("one", { totalItems: null }, { percent: null }), aSyncView("two", { connectorType: "slack" })],
    defaultOpen: true,
  },
  play: async () => void (await expect(await toggle()).toHaveTextContent(/^2 running$/)),
};

const lost: Partial<SyncView> = { connection: "reconnecting", disconnectedAt: Date.now() - 60_000 };
const lostViews = ["gmail", "slack"].map((type) => aSyncView(type, { connectorType: type }, lost));

/** Said once for all of them. */
export const ConnectionLost: Story = {
  args: { syncs: lostViews, defaultOpen: true },
  play: async () => {
    await expect(await toggle()).toHaveTextContent("2 running Connection lost");
    const said = within(await region()).getAllByText("Connection lost. Reconnecting... The sync continues.");
    await expect(said).toHaveLength(1);
  },
};

export const ConnectionLostCollapsed: Story = { args: { syncs: lostViews } };

export const Offline: Story = {
  args: {
    syncs: ["gmail", "slack"].map((type) => aSyncView(type, { connectorType: type }, { isOffline: true })),
    defaultOpen: true,
  },
  play: async () => void (await expect(await toggle()).toHaveTextContent("2 running Offline")),
};

/** What a command is about to lead to, at once. */
export const CommandPending: Story = {
  args: {
    syncs: [aSyncView("one", {}, { command: { name: "pause", status: "pending", error: null } })],
    defaultOpen: true,
  },
  play: async () => {
    await expect(await screen.findByText("Pausing...", { selector: "p *" })).toBeInTheDocument();
    await expect(screen.getByRole("button", { name: "Pausing... Gmail" })).toHaveAttribute("aria-disabled", "true");
  },
};

/** Taken back, with the reason. */
export const CommandRefused: Story = {
  args: {
    syncs: [
      aSyncView(
        "one",
        {},
        { command: { name: "pause", status: "failed", error: new SyncRequestError("No.", { status: 403 }) } },
      ),
    ],
    defaultOpen: true,
  },
  play: async () => {
    await expect(await screen.findByText("You are not allowed to do that.")).toBeInTheDocument();
    await expect(screen.getByRole("button", { name: "Pause Gmail" })).toBeInTheDocument();
  },
};

/** A cancel asks in the row. */
export const CancelQuestion: Story = {
  args: { syncs: runningViews(2), defaultOpen: true },
  play: async () => {
    await userEvent.click(await screen.findByRole("button", { name: "Cancel sync Slack" }));
    await expect(screen.getByRole("group", { name: /^Stop syncing Slack/ })).toBeInTheDocument();
    await expect(screen.getByRole("button", { name: "Keep syncing" })).toHaveFocus();
  },
};

/** Where the backend sends mails. */
export const EmailMe: Story = {
  args: {
    syncs: [aSyncView("one", { capabilities: ["cancel", "pause", "notify"], notifyEmail: true })],
    defaultOpen: true,
  },
  play: async () =>
    void (await expect(await screen.findByRole("checkbox", { name: "Email me when it is done" })).toBeChecked()),
};

export const SignedOut: Story = {
  args: {
    syncs: [aSyncView("one", {}, { error: { kind: "unauthorized", message: "", code: null }, connection: "closed" })],
    defaultOpen: true,
  },
  play: async () => void (await screen.findByRole("button", { name: "Sign in Gmail" })),
};

export const BottomStart: Story = { args: { position: "bottom-start", defaultOpen: true } };
export const TopEnd: Story = { args: { position: "top-end", defaultOpen: true } };
export const TopStart: Story = { args: { position: "top-start" } };
/** In the flow of the page: it covers nothing anywhere. */
export const Inline: Story = { args: { position: "inline", defaultOpen: true } };

export const RightToLeft: Story = {
  args: { labels: labelsAr, locale: "ar-EG", syncs: mixedViews(), defaultOpen: true },
  parameters: { direction: "rtl" },
  play: async () => void (await region("عمليات المزامنة")),
};

export const RightToLeftCollapsed: Story = {
  args: { labels: labelsAr, locale: "ar-EG" },
  parameters: { direction: "rtl" },
};

export const German: Story = {
  args: { labels: labelsDe, locale: "de", syncs: mixedViews(), defaultOpen: true },
  play: async () => void (await region("Synchronisierungen")),
};
