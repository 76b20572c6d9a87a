import type { Meta, StoryObj } from "@storybook/react-vite";
import type { SyncSnapshot } from "react-sync-progress";
import { expect, screen } from "storybook/test";
import { emailContentOf } from "../src/server/email/email-content.js";

/** The mails at the end of a sync, as `createEmailNotifier` sends them. */
const meta = {
  title: "Server/Emails",
  render: ({ snapshot, locale, name, link }) => {
    const content = emailContentOf(snapshot, { locale, name, link });
    if (content === null) return <p>No mail is sent.</p>;
    return (
      <main className="story-page" lang={locale}>
        <h1>{content.subject}</h1>
        <iframe title="HTML" srcDoc={content.html} style={{ inlineSize: "100%", blockSize: "22rem", border: 0 }} />
        <h2>Text</h2>
        <pre style={{ whiteSpace: "pre-wrap" }}>{content.text}</pre>
      </main>
    );
  },
  args: {
    locale: "en",
    name: "Gmail",
    link: "https://app.example.com/syncs/1",
    snapshot: anEnd({}),
  },
} satisfies Meta<{
  readonly snapshot: SyncSnapshot;
  readonly locale: string;
  readonly name: string | null;
  readonly link: string | null;
}>;

export default meta;
type Story = StoryObj<typeof meta>;

function anEnd(given: Partial<SyncSnapshot>): SyncSnapshot {
  const startedAt = Date.UTC(2026, 0, 1, 9, 30);
  return {
    syncId: "6b1c7e1e-1df3-4a2b-9d67-2f1f6a1d0c11",
    connectorType: "gmail",
    status: "complete",
    stage: "",
    phase: null,
    phases: [],
    totalItems: 1_240,
    processedItems: 1_240,
    failedItems: 0,
    currentItem: null,
    errorMessage: null,
    errorCode: null,
    percentComplete: 100,
    capabilities: null,
    notifyEmail: true,
    startedBy: null,
    seq: 40,
    startedAt,
    updatedAt: startedAt + 754_000,
    completedAt: startedAt + 754_000,
    ...given,
  };
}

/** A mail that was sent has a subject, and says the same as text. */
const play: Story["play"] = async ({ canvasElement }) => {
  const subject = (await screen.findByRole("heading", { level: 1 })).textContent;
  await expect(canvasElement.querySelector("pre")).toHaveTextContent(subject);
};

export const Complete: Story = { play };
export const PartlyFailed: Story = { args: { snapshot: anEnd({ processedItems: 1_237, failedItems: 3 }) }, play };
export const Failed: Story = {
  args: { snapshot: anEnd({ status: "error", errorCode: "failed", processedItems: 310, percentComplete: 25 }) },
  play,
};
export const Interrupted: Story = {
  args: { snapshot: anEnd({ status: "error", errorCode: "interrupted", processedItems: 310, percentComplete: 25 }) },
  play,
};
export const WithoutLinkAndName: Story = { args: { name: null, link: null }, play };
export const German: Story = { args: { ...PartlyFailed.args, locale: "de" }, play };
export const Arabic: Story = { args: { ...PartlyFailed.args, locale: "ar" }, parameters: { direction: "rtl" }, play };
export const Japanese: Story = { args: { ...PartlyFailed.args, locale: "ja" }, play };
