import { act } from "@testing-library/react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { IntegrationCard } from "../../../src/components/card/integration-card.js";
import { SyncProgressModal } from "../../../src/components/modal/sync-progress-modal.js";
import type { Integration } from "../../../src/protocol/integration.js";
import { aClient } from "../../client/a-client.js";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("a card and a modal are rendered without reading the clock, and show ages once they are in the page", async () => {
  vi.useFakeTimers({ now: 600_000 });
  const { client } = aClient();
  const integration: Integration = {
    type: "gmail",
    name: "Gmail",
    description: "",
    icon: null,
    status: "connected",
    lastSyncAt: 300_000,
    totalItemsSynced: 1_204,
    errorMessage: null,
    activeSyncId: null,
  };
  const host = (
    <ul>
      <IntegrationCard integration={integration} client={client} locale="en" />
      <li>
        <SyncProgressModal syncId="sync-1" open={false} onOpenChange={() => {}} client={client} />
      </li>
    </ul>
  );
  // As Next.js does while it prerenders a page.
  const clock = vi.spyOn(Date, "now").mockImplementation(() => {
    throw new Error("unstable value Date.now() in a Client Component");
  });
  // React 18 warns on a server of each layout effect, Radix's among them; there is no document on a real one.
  const warnings = vi.spyOn(console, "error").mockImplementation(() => {});
  const html = renderToString(host);
  warnings.mockRestore();
  clock.mockRestore();
  expect(html).toContain("Connected");
  expect(html).not.toContain("Last synced");

  const complaints: unknown[] = [];
  vi.spyOn(console, "error").mockImplementation((...words) => complaints.push(words));
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = html;
  await act(async () => {
    const root = hydrateRoot(container, host, { onRecoverableError: (error) => complaints.push(error) });
    onTestFinished(() => {
      act(() => root.unmount());
      container.remove();
    });
  });
  expect(container.textContent).toContain("Last synced 5 minutes ago, 1,204 items");
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(container.textContent).toContain("Last synced 6 minutes ago");
  expect(complaints).toEqual([]);
});
