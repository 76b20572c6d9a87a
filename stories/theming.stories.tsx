import type { Meta, StoryObj } from "@storybook/react-vite";
import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { IntegrationCard, SyncProgress, SyncProgressModal, useSyncProgress } from "react-sync-progress";
import { expect, screen, within } from "storybook/test";
import { mockIntegrations } from "../src/msw/mock-integrations.js";
import { AllParts } from "./support/all-parts.js";
import tailwind from "./support/tailwind.css?inline";
import { provideClient, withBackend } from "./support/with-backend.js";

/** The components in other clothes: by custom properties, beside Tailwind and shadcn, and without any stylesheet. */
const meta = {
  title: "Theming",
  loaders: [withBackend({ scenario: "manual" })],
  decorators: [provideClient],
  parameters: { docs: { story: { inline: false, height: "420px" } } },
  play: async ({ loaded }) => {
    const { driver } = loaded["backend"];
    driver.update({ status: "syncing", stage: "Fetching emails...", totalItems: 100 });
    driver.advance(44);
    driver.fail();
    await screen.findAllByText("45 of 100");
  },
} satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;

function Parts({ syncId }: { readonly syncId: string }) {
  return (
    <SyncProgress.Root state={useSyncProgress(syncId)} name="Gmail" locale="en">
      <AllParts titleLevel={1} />
    </SyncProgress.Root>
  );
}

function Card({ syncId }: { readonly syncId: string }) {
  const integration = {
    type: "gmail",
    name: "Gmail",
    description: "Emails and threads",
    icon: mockIntegrations[0]?.icon ?? null,
    status: "syncing" as const,
    lastSyncAt: null,
    totalItemsSynced: 0,
    errorMessage: null,
    activeSyncId: syncId,
  };
  return (
    <ul className="story-cards">
      <IntegrationCard integration={integration} headingLevel={2} locale="en" />
    </ul>
  );
}

/** A house style of a few custom properties. */
export const CustomProperties: Story = {
  render: (_, { loaded }) => (
    <main className="story-page">
      <style>{`:root {
        --sp-accent: light-dark(#7a2e8e, #e3a5f2);
        --sp-accent-text: light-dark(#ffffff, #3a0d47);
        --sp-surface: light-dark(#fdf8ff, #241a28);
        --sp-radius: 24px;
        --sp-control-radius: 999px;
        --sp-bar-height: 14px;
        --sp-font: Georgia, "Noto Serif", serif;
      }`}</style>
      <SyncProgressModal syncId={loaded["syncId"]} open onOpenChange={() => {}} name="Gmail" locale="en" />
    </main>
  ),
};

/** The button that shadcn puts into an app. */
const Button = forwardRef<HTMLButtonElement, ComponentPropsWithoutRef<"button">>(function Button(
  { className = "", ...props },
  ref,
) {
  return (
    <button
      type="button"
      className={`inline-flex h-9 items-center rounded-md border border-border px-4 text-sm font-medium shadow-xs hover:bg-muted focus-visible:ring-[3px] focus-visible:ring-ring ${className}`}
      {...props}
      ref={ref}
    />
  );
});

/** An app with Tailwind 4 and a shadcn theme: its preflight does no harm, its utilities win, its buttons do the work. */
export const TailwindAndShadcn: Story = {
  parameters: { stylesheet: false },
  render: (_, { loaded }) => (
    <main className="grid gap-6 p-6 sm:grid-cols-2">
      <style>{tailwind}</style>
      <SyncProgressModal
        syncId={loaded["syncId"]}
        open
        onOpenChange={() => {}}
        name="Gmail"
        locale="en"
        classNames={{
          content: "shadow-2xl",
          title: "tracking-tight",
          barFill: "bg-emerald-700",
          mainButton: "rounded-full",
        }}
      />
      <Card syncId={loaded["syncId"]} />
    </main>
  ),
  play: async (context) => {
    await meta.play(context);
    const dialog = await screen.findByRole("dialog");
    const main = within(dialog).getByRole("button", { name: "Run in background" });
    const fill = within(dialog).getByRole("progressbar").firstElementChild ?? dialog;
    // The utilities win over our layer, and our layer over preflight.
    await expect(Number.parseFloat(getComputedStyle(main).borderRadius)).toBeGreaterThan(100);
    await expect(getComputedStyle(main).paddingInlineStart).toBe("13px");
    await expect(getComputedStyle(main).backgroundColor).not.toBe("rgba(0, 0, 0, 0)");
    await expect(getComputedStyle(fill).backgroundColor).toMatch(/oklch\(0\.5/);
  },
};

/** The app's own buttons by `asChild`, laid out as it likes. */
export const TailwindParts: Story = {
  parameters: { stylesheet: false },
  render: (_, { loaded }) => (
    <main className="max-w-md p-6">
      <style>{tailwind}</style>
      <PartsWithButtons syncId={loaded["syncId"]} />
    </main>
  ),
  play: async (context) => {
    await meta.play(context);
    const pause = screen.getByRole("button", { name: "Pause" });
    await expect(pause.className).toContain("h-9");
    await expect(getComputedStyle(pause).height).toBe("36px");
  },
};

function PartsWithButtons({ syncId }: { readonly syncId: string }) {
  return (
    <SyncProgress.Root
      state={useSyncProgress(syncId)}
      name="Gmail"
      locale="en"
      className="gap-4 rounded-xl border border-border bg-background text-foreground p-6 shadow-sm"
    >
      <SyncProgress.Title level={1} className="text-base" />
      <SyncProgress.Bar className="h-1" />
      <SyncProgress.Stats className="text-sm" />
      <SyncProgress.ConnectionNotice />
      <SyncProgress.Actions className="flex-row">
        <SyncProgress.Action action="pause" asChild>
          <Button />
        </SyncProgress.Action>
        <SyncProgress.Action action="resume" asChild>
          <Button />
        </SyncProgress.Action>
        <SyncProgress.Action action="cancel" asChild>
          <Button />
        </SyncProgress.Action>
      </SyncProgress.Actions>
    </SyncProgress.Root>
  );
}

/** Without the stylesheet: plain HTML that can be read and used. */
export const Unstyled: Story = {
  parameters: { stylesheet: false },
  render: (_, { loaded }) => (
    <main>
      <Parts syncId={loaded["syncId"]} />
      <Card syncId={loaded["syncId"]} />
    </main>
  ),
};
