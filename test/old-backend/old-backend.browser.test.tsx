import { cleanup, render, screen } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { commands } from "vitest/browser";
import { SyncClient } from "../../src/client/sync-client.js";
import type { SyncView } from "../../src/client/sync-view.js";
import { SyncProgressModal } from "../../src/components/modal/sync-progress-modal.js";

const url = await commands.startOldBackend();

/** The modal before a backend that was there long before this library, in another language and origin. */
describe.skipIf(url === null)(url === null ? "an older backend (skipped: no python3 here)" : "an older backend", () => {
  let client: SyncClient;
  const views: SyncView[] = [];

  beforeAll(() => {
    client = new SyncClient({
      baseUrl: `${url}/api`,
      credentials: "include",
      openTimeoutMs: 300,
      stallTimeoutMs: 1_000,
      retry: { baseMs: 50, maxMs: 200 },
      keepAliveMs: 1,
    });
  });
  afterEach(() => {
    cleanup();
    client.close();
    views.length = 0;
  });
  afterAll(async () => {
    if (url !== null) await commands.stopOldBackend(url);
  });

  async function show(course: string): Promise<void> {
    const syncId = await client.startSync(course);
    showSync(syncId);
  }

  function showSync(syncId: string): void {
    client.subscribe(syncId, () => {
      const view = client.getView(syncId);
      if (view !== undefined) views.push(view);
    });
    render(
      <SyncProgressModal
        syncId={syncId}
        open
        onOpenChange={() => {}}
        client={client}
        name="Gmail"
        locale="en"
        autoCloseMs={false}
      />,
    );
  }
  const heading = (name: string) => screen.findByRole("heading", { name }, { timeout: 15_000 });
  const percents = () => views.flatMap(({ percent }) => (percent === null ? [] : [percent]));

  it("is followed to its end, with a percentage by phases that never falls", async () => {
    await show("happy");
    await heading("Gmail is up to date");
    expect(screen.getByRole("dialog").textContent).toMatch(/20 items synced in \d+ s/);
    expect(percents()).toEqual([...percents()].sort((a, b) => a - b));
    expect(new Set(percents()).size).toBeGreaterThan(20);
    expect(views.at(-1)?.connection).toBe("closed");
  });

  it("says why a sync failed", async () => {
    await show("fails");
    await heading("Gmail could not be synced");
    expect(screen.getByText("The mailbox is locked.")).toBeTruthy();
  });

  it("is followed over streams that break", async () => {
    await show("drops");
    await heading("Gmail is up to date");
    expect(views.some(({ connection }) => connection === "reconnecting" || connection === "polling")).toBe(true);
  });

  it("is found not to know a sync, though it streams keep-alives for it for ever", async () => {
    showSync(crypto.randomUUID());
    await heading("This sync no longer exists");
    await vi.waitFor(() => expect(views.at(-1)?.connection).toBe("closed"));
  });
});
