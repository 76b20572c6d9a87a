import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SyncIndicator } from "../../../src/components/indicator/sync-indicator.js";
import { labelsDe } from "../../../src/components/labels/de.js";
import { encodeSnapshot } from "../../../src/protocol/snapshot.js";
import { encodeSyncPage } from "../../../src/protocol/sync-page.js";
import { aClient } from "../../client/a-client.js";
import { aSnapshot } from "../../support/a-snapshot.js";

const shown: { readonly title: string; readonly options: NotificationOptions }[] = [];
class FakeNotification {
  static permission: NotificationPermission = "default";
  static async requestPermission() {
    FakeNotification.permission = "granted";
  }
  onclick = null;
  close() {}
  constructor(title: string, options: NotificationOptions) {
    shown.push({ title, options });
  }
}

let visibility: DocumentVisibilityState = "visible";
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("Notification", FakeNotification);
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
  FakeNotification.permission = "default";
  visibility = "visible";
  shown.length = 0;
  document.title = "Dokumente";
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The indicator of two syncs that have run for long. */
async function openIndicator(notifications: boolean) {
  const syncIds = ["gmail", "slack"];
  const running = syncIds.map((syncId) => aSnapshot({ syncId, connectorType: syncId, startedAt: 0 }));
  const list = encodeSyncPage({ syncs: running, nextCursor: null, hasFeed: false, viewer: null });
  const { client, sources } = aClient({ feed: false }, () => Response.json(list));
  render(<SyncIndicator client={client} labels={labelsDe} locale="de" notifications={notifications} defaultOpen />);
  const pass = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
  await pass(0);
  const send = (syncId: string, status: "syncing" | "complete" | "error") => {
    const completedAt = status === "syncing" ? null : 60_000;
    const snapshot = aSnapshot({ syncId, connectorType: syncId, status, startedAt: 0, completedAt });
    sources
      .findLast(({ url }) => url.includes(`/${syncId}/`))
      ?.emit("progress", {
        data: JSON.stringify(encodeSnapshot(snapshot)),
      });
  };
  for (const syncId of syncIds) send(syncId, "syncing");
  await pass(100);
  return { send, pass };
}

it("notifies in its own words, once the person has allowed it in the list", async () => {
  const { send, pass } = await openIndicator(true);
  await act(async () => void fireEvent.click(screen.getByRole("button", { name: "Benachrichtigen" })));
  expect(screen.queryByRole("button", { name: "Benachrichtigen" })).toBeNull();
  visibility = "hidden";
  send("gmail", "complete");
  send("slack", "error");
  await pass(3_000);
  expect(document.title).toBe("(fehlgeschlagen) Dokumente");
  expect(shown).toMatchObject([
    {
      title: "Synchronisierungen: 1 fehlgeschlagen, 1 beendet",
      options: { body: "gmail ist auf dem neuesten Stand\nslack konnte nicht synchronisiert werden" },
    },
  ]);
});

it("offers and does nothing of it unless the application wants it", async () => {
  const { send, pass } = await openIndicator(false);
  expect(screen.queryByRole("button", { name: "Benachrichtigen" })).toBeNull();
  visibility = "hidden";
  send("gmail", "complete");
  await pass(3_000);
  expect([document.title, shown]).toEqual(["Dokumente", []]);
});
