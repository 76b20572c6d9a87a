import { useState } from "react";
import { createRoot } from "react-dom/client";
import { SyncClient, SyncProgressModal, SyncProvider, useSyncProgress } from "react-sync-progress";

/** A page with a row for each sync of `/ids`; a row's button opens the modal. */

const ids: readonly string[] = await (await fetch("/ids")).json();
const client = new SyncClient({ shareTabs: !location.search.includes("shareTabs=false") });
createRoot(document.getElementById("root") ?? document.body).render(
  <SyncProvider client={client}>
    <Page />
  </SyncProvider>,
);

function Page() {
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <>
      <ul>
        {ids.map((syncId) => (
          <Row key={syncId} syncId={syncId} onOpen={() => setOpened(syncId)} />
        ))}
      </ul>
      <SyncProgressModal
        name="Mailbox"
        syncId={opened}
        open={opened !== null}
        onOpenChange={() => setOpened(null)}
        autoCloseMs={false}
      />
    </>
  );
}

function Row({ syncId, onOpen }: { readonly syncId: string; readonly onOpen: () => void }) {
  const { connection, status, processedItems, error } = useSyncProgress(syncId);
  return (
    <li data-connection={connection} data-status={status} data-items={processedItems} data-error={error?.kind}>
      {connection}, {processedItems} items{" "}
      <button type="button" onClick={onOpen}>
        Show
      </button>
    </li>
  );
}
