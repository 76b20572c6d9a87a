import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { IntegrationCard } from "../../src/components/card/integration-card.js";
import { SyncProgressModal } from "../../src/components/modal/sync-progress-modal.js";
import { SyncProgress } from "../../src/components/progress/sync-progress.js";
import { useAutoClose } from "../../src/react/use-auto-close.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { aProgressState } from "../support/a-progress-state.js";

it("renders the hook on a server, with no data and no connection", () => {
  function Probe() {
    const progress = useSyncProgress("sync-1");
    const autoClose = useAutoClose(progress, { onClose() {} });
    const connection = useSyncProgress("sync-1", (selected) => selected.connection);
    return <output>{JSON.stringify([progress.status, connection, autoClose.status])}</output>;
  }
  expect(renderToString(<Probe />)).toContain("[null,&quot;connecting&quot;,&quot;waiting&quot;]");
});

it("renders the components on a server", () => {
  const integration = {
    type: "gmail",
    name: "Gmail",
    description: "",
    icon: null,
    status: "syncing" as const,
    lastSyncAt: null,
    totalItemsSynced: 0,
    errorMessage: null,
    activeSyncId: "sync-1",
  };
  const html = renderToString(
    <ul>
      <IntegrationCard integration={integration} />
      <li>
        <SyncProgress.Root state={aProgressState()} name="Gmail">
          <SyncProgress.Title />
          <SyncProgress.Bar />
          <SyncProgress.Actions />
        </SyncProgress.Root>
        <SyncProgressModal syncId="sync-1" open onOpenChange={() => {}} />
      </li>
    </ul>,
  );
  expect(html).toContain("Syncing Gmail");
  expect(html).toContain('role="progressbar"');
});
