import { EventSource } from "eventsource";
import { setupServer } from "msw/node";
import { SyncClient } from "react-sync-progress/headless";
import { createMockSyncBackend } from "react-sync-progress/msw";

/** Plays a sync of which three items fail, ten times as fast as in real life. */
export async function playPartialFailure() {
  const baseUrl = "http://localhost/api";
  const backend = createMockSyncBackend({ scenario: "partialFailure", speed: 10, baseUrl });
  const server = setupServer(...backend.handlers);
  server.listen();

  const client = new SyncClient({ baseUrl, createEventSource: (url) => new EventSource(url) });
  const syncId = await client.startSync("gmail");
  const failedItems = await new Promise<number>((resolve) => {
    client.subscribe(syncId, () => {
      const view = client.getView(syncId);
      if (view?.isTerminal) resolve(view.snapshot?.failedItems ?? 0);
    });
  });

  client.close();
  await backend.close();
  server.close();
  return failedItems;
}
