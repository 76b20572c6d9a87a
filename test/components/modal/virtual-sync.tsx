import { render } from "@testing-library/react";
import { useState } from "react";
import { SyncProgressModal } from "../../../src/components/modal/sync-progress-modal.js";
import type { MockSyncBackendOptions } from "../../../src/msw/mock-sync-backend.js";
import { openVirtualBackend } from "../../support/virtual-backend.js";

/** A sync of a virtual backend in the modal, and a screen reader. */
export async function openVirtualSync(options: MockSyncBackendOptions = {}) {
  const { backend, client, startScreenReader, ...page } = openVirtualBackend(options);

  function Page({ syncId: first }: { readonly syncId: string }) {
    const [isOpen, setIsOpen] = useState(true);
    const [syncId, setSyncId] = useState(first);
    return (
      <main>
        <SyncProgressModal
          name="Gmail"
          locale="en"
          client={client}
          syncId={syncId}
          open={isOpen}
          onOpenChange={setIsOpen}
          onRetried={setSyncId}
        />
      </main>
    );
  }
  const syncId = await backend.startSync();
  const { heard } = await startScreenReader();
  render(<Page syncId={syncId} />);
  return {
    driver: backend.driver,
    ...page,
    /** Everything that was read aloud so far. */
    heard,
  };
}
