import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { IntegrationCard } from "../../src/components/card/integration-card.js";
import { SyncProgressModal } from "../../src/components/modal/sync-progress-modal.js";
import { SyncProgress } from "../../src/components/progress/sync-progress.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { aProgressState } from "../support/a-progress-state.js";

it("renders the hook on a server, where nothing is known and nothing is opened", () => {
  function Probe() {
    const { status, connection, autoClose } = useSyncProgress("sync-1", { onClose() {} });
    return <output>{JSON.stringify([status, connection, autoClose.status])}</output>;
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
