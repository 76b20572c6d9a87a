import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { IntegrationCard } from "../../../src/components/card/integration-card.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import type { Integration } from "../../../src/protocol/integration.js";
import { aClient } from "../../client/a-client.js";

it("a card and its open modal share one subscription, one countdown, and one wording of each state", async () => {
  const { client, last } = aClient();
  const subscribe = vi.spyOn(client, "subscribe");
  const listen = vi.spyOn(document, "addEventListener");
  const syncing = vi.fn(labelsEn.syncing);
  const integration: Integration = {
    type: "gmail",
    name: "Gmail",
    description: "",
    icon: null,
    status: "syncing",
    lastSyncAt: null,
    totalItemsSynced: 0,
    errorMessage: null,
    activeSyncId: "sync-1",
  };
  const labels = { language: "en", syncing };
  render(
    <ul>
      <IntegrationCard integration={integration} client={client} labels={labels} locale="en" />
    </ul>,
  );
  act(() => last().send({ seq: 1, processedItems: 10 }));
  fireEvent.click(await screen.findByRole("button", { name: "Show progress" }));
  await screen.findByRole("dialog", { name: "Syncing Gmail" });
  const counts = (items: number) => waitFor(() => expect(screen.getByText(`${items} of 100`)).toBeTruthy());
  await counts(10);

  syncing.mockClear();
  act(() => last().send({ seq: 2, processedItems: 20 }));
  await counts(20);
  expect(syncing).toHaveBeenCalledTimes(1);
  expect(subscribe).toHaveBeenCalledTimes(1);
  const ofPage = listen.mock.calls.filter(([type]) => type === "visibilitychange");
  // The client's, and the countdown's.
  expect(ofPage).toHaveLength(2);
  vi.restoreAllMocks();
  client.close();
});
