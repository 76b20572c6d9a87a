import { createTestSync } from "react-sync-progress/testing";

/** Without React: the client that the application is given, and the sync that the test drives. */
export async function testSignOut() {
  const sync = createTestSync({ status: "syncing", totalItems: 10 });
  const seen: string[] = [];
  sync.client.subscribe(sync.syncId, () => {
    const view = sync.client.getView(sync.syncId);
    seen.push(`${view?.percent} ${view?.connection} ${view?.error?.kind ?? ""}`.trim());
  });

  sync.advance(4);
  await sync.signOut();
  sync.reconnect();
  sync.crash("The mailbox is full.", "mailbox_full");

  sync.client.close();
  return seen;
}
