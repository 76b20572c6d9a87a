import type { Meta, StoryObj } from "@storybook/react-vite";
import { HttpResponse, http } from "msw";
import { SyncHistory } from "react-sync-progress";
import { labelsAr } from "react-sync-progress/labels/ar";
import { labelsDe } from "react-sync-progress/labels/de";
import { labelsJa } from "react-sync-progress/labels/ja";
import { expect, screen, userEvent, waitFor, within } from "storybook/test";
import { mockWorker } from "./support/mock-worker.js";
import { pastSyncsPage } from "./support/past-syncs.js";
import { provideClient, withBackend } from "./support/with-backend.js";
import { without } from "./support/without-controls.js";

/** A backend with so many syncs that have ended. */
const withPast = (length: number) => [
  async () => {
    const context = await withBackend({}, { starts: false })();
    mockWorker.use(
      http.get("*/sync-progress", ({ request }) => HttpResponse.json(pastSyncsPage(request.url, length))),
      http.get("*/sync-progress/:syncId/failures", ({ request }) => {
        if (new URL(request.url).searchParams.has("format"))
          return new HttpResponse("item,reason\r\n", {
            headers: {
              "content-disposition": 'attachment; filename="failures.csv"',
              "x-sync-progress-cut": "true",
            },
          });
        const search = new URL(request.url).searchParams.get("q") ?? "";
        const items = ["Invoice 2026-0042.pdf", "Grüße aus Köln", "ملاحظات الاجتماع"];
        const failures = items.filter((item) => item.includes(search));
        const reason = "The attachment is larger than 25 MB.";
        return HttpResponse.json({ success: true, failures: failures.map((item) => ({ item, reason })) });
      }),
    );
    return context;
  },
];

const withList = (respond: () => Response | Promise<Response>) => [
  async () => {
    const context = await withBackend({}, { starts: false })();
    mockWorker.use(http.get("*/sync-progress", respond));
    return context;
  },
];

/** Past syncs, filtered by source and result; those that run, live. */
const meta = {
  title: "Components/SyncHistory",
  component: SyncHistory,
  loaders: withPast(6),
  decorators: [provideClient],
  args: { locale: "en-GB" },
  argTypes: {
    headingLevel: { control: "select", options: [2, 3, 4, 5, 6] },
    locale: { control: "select", options: ["en", "en-GB", "de", "ar", "ja"] },
    ...without("client", "baseUrl", "labels", "classNames", "defaultFilter", "onFilterChange", "onShowProgress"),
  },
  render: (args) => (
    <main className="story-page">
      <SyncHistory {...args} />
    </main>
  ),
} satisfies Meta<typeof SyncHistory>;

export default meta;
type Story = StoryObj<typeof meta>;

const PATIENT = { timeout: 15_000 };
const reads = (words: string) => screen.findByText(words, { selector: "main *" }, PATIENT);

/** Every way in which a sync can have ended. */
export const Mixed: Story = {
  play: async () => {
    await expect(await screen.findAllByRole("button", { name: "Details" }, PATIENT)).toHaveLength(6);
    await expect(screen.getByText("The source refuses more requests today.")).toBeVisible();
  },
};

/** One that runs, from its middle to its end. */
export const Running: Story = {
  loaders: [withBackend({ scenario: "slow" })],
  args: { onShowProgress: () => {} },
  play: async () => {
    await expect(await screen.findByRole("progressbar", {}, PATIENT)).toBeVisible();
    await expect(await screen.findByRole("button", { name: "Show progress" })).toBeVisible();
  },
};

export const FailedItems: Story = {
  play: async () => {
    const [, details] = await screen.findAllByRole("button", { name: "Details" }, PATIENT);
    if (details !== undefined) await userEvent.click(details);
    const search = await screen.findByRole("searchbox", { name: "Search the failed items" });
    await waitFor(() => expect(screen.getByText("Grüße aus Köln")).toBeVisible());
    await userEvent.type(search, "Invoice");
    await waitFor(() => expect(screen.queryByText("Grüße aus Köln")).toBeNull());
    await expect(await screen.findByText("Invoice 2026-0042.pdf")).toBeVisible();
  },
};

/** The server keeps no more than it says, and so does the page. */
export const CutDownload: Story = {
  play: async () => {
    const [, details] = await screen.findAllByRole("button", { name: "Details" }, PATIENT);
    if (details !== undefined) await userEvent.click(details);
    await userEvent.click(await screen.findByRole("button", { name: "Failed: Download CSV" }));
    await expect(await reads("The file is not complete: the server keeps no more than this.")).toBeVisible();
  },
};

/** 2,000 syncs, of which those in sight are rendered. */
export const Long: Story = {
  loaders: withPast(2_000),
  args: { pageSize: 200 },
  play: async () => {
    const list = await screen.findByRole("list", { name: "Sync history" }, PATIENT);
    await waitFor(() => expect(list).toHaveAttribute("data-virtual"));
    await waitFor(() => expect(list.querySelectorAll("[aria-posinset]").length).toBeGreaterThan(5), PATIENT);
    await expect(within(list).getAllByRole("listitem").length).toBeLessThan(40);
    await waitFor(() => {
      // Rows are measured on the way.
      list.scrollTop = list.scrollHeight;
      return expect(list.querySelector("[aria-posinset='200']")).not.toBeNull();
    }, PATIENT);
    await waitFor(() => expect(list.querySelector("[aria-setsize='-1']")).not.toBeNull());
    list.scrollTop = 0;
    await waitFor(() => expect(list.querySelector("[aria-posinset='1']")).not.toBeNull());
  },
};

export const Filtered: Story = {
  loaders: [
    async () => {
      const context = await withBackend({ scenario: "partialFailure", speed: 40 }, { starts: false })();
      await Promise.all(["gmail", "slack"].map((type) => context.backend.startSync(type)));
      return context;
    },
  ],
  play: async () => {
    await waitFor(() => expect(screen.getAllByRole("button", { name: "Sync again" })).toHaveLength(2), PATIENT);
    await userEvent.selectOptions(screen.getByLabelText("Source"), "Slack");
    await waitFor(() => expect(screen.getAllByRole("button", { name: "Sync again" })).toHaveLength(1), PATIENT);
    await userEvent.selectOptions(screen.getByLabelText("Result"), "Cancelled");
    await expect(await reads("No sync matches the filters.")).toBeVisible();
  },
};

export const Empty: Story = {
  loaders: withPast(0),
  play: async () => {
    await expect(await reads("Nothing has been synced yet.")).toBeVisible();
  },
};

export const Loading: Story = {
  loaders: withList(() => new Promise<Response>(() => {})),
  play: async () => {
    await expect(await reads("Loading the syncs...")).toBeVisible();
  },
};

export const Unavailable: Story = {
  loaders: withList(() => HttpResponse.json({ success: false, error: "No." }, { status: 503 })),
  play: async () => {
    await expect(await reads("The syncs could not be loaded.")).toBeVisible();
    await expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
  },
};

/** An older backend has no list of syncs. */
export const Unsupported: Story = {
  loaders: withList(() => HttpResponse.json({ success: false, error: "No." }, { status: 404 })),
  play: async () => {
    await expect(await reads("This server keeps no list of past syncs.")).toBeVisible();
  },
};

export const German: Story = {
  args: { labels: labelsDe, locale: "de" },
  play: async () => {
    await expect(await screen.findAllByRole("button", { name: "Details" }, PATIENT)).toHaveLength(6);
  },
};

export const RightToLeft: Story = {
  parameters: { direction: "rtl" },
  args: { labels: labelsAr, locale: "ar-EG" },
  play: async () => {
    const [, details] = await screen.findAllByRole("button", { name: "التفاصيل" }, PATIENT);
    if (details !== undefined) await userEvent.click(details);
    await expect(await screen.findByRole("searchbox")).toBeVisible();
  },
};

export const Japanese: Story = {
  args: { labels: labelsJa, locale: "ja" },
  play: async () => {
    await expect(await screen.findAllByRole("button", { name: "詳細" }, PATIENT)).toHaveLength(6);
  },
};
