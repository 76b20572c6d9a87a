import { renderToStaticMarkup, renderToString } from "react-dom/server";
import { afterEach, expect, it, vi } from "vitest";
import { SyncClient } from "../../src/client/sync-client.js";
import { SyncAll } from "../../src/components/all/sync-all.js";
import { IntegrationCard } from "../../src/components/card/integration-card.js";
import { SyncHistory } from "../../src/components/history/sync-history.js";
import { SyncProgressModal } from "../../src/components/modal/sync-progress-modal.js";
import { SyncProgress } from "../../src/components/progress/sync-progress.js";
import { useAutoClose } from "../../src/react/use-auto-close.js";
import { useIntegrations } from "../../src/react/use-integrations.js";
import { useStartSync } from "../../src/react/use-start-sync.js";
import { useSyncFailures } from "../../src/react/use-sync-failures.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { aProgressState } from "../support/a-progress-state.js";

afterEach(() => {
  vi.restoreAllMocks();
});

it("renders the hook on a server, with no data and no connection", () => {
  function Probe() {
    const progress = useSyncProgress("sync-1");
    const autoClose = useAutoClose(progress, { onClose() {} });
    const connection = useSyncProgress("sync-1", (selected) => selected.connection);
    return <output>{JSON.stringify([progress.status, connection, autoClose.status])}</output>;
  }
  expect(renderToString(<Probe />)).toContain("[null,&quot;connecting&quot;,&quot;waiting&quot;]");
});

it("reads no clock, draws no random value and connects to nothing while rendering on a server", () => {
  function Probe() {
    const { integrations } = useIntegrations();
    const { isStarting } = useStartSync("gmail", { baseUrl: "/of-this-test" });
    const progress = useSyncProgress("sync-1", { baseUrl: "/of-this-test" });
    const { failures } = useSyncFailures("sync-1");
    useAutoClose(progress, { onClose() {} });
    useSyncProgress("sync-1", ({ status }) => status);
    return <output>{JSON.stringify([integrations, isStarting, failures])}</output>;
  }
  const forbidden = [
    // Next.js refuses to prerender a client component that calls one of these.
    vi.spyOn(Date, "now"),
    vi.spyOn(Math, "random"),
    vi.spyOn(crypto, "randomUUID"),
    vi.spyOn(crypto, "getRandomValues"),
    vi.spyOn(globalThis, "Date"),
    vi.spyOn(globalThis, "setTimeout"),
    vi.spyOn(globalThis, "setInterval"),
    vi.spyOn(globalThis, "fetch"),
    vi.spyOn(SyncClient.prototype, "subscribe"),
  ];
  expect(renderToStaticMarkup(<Probe />)).toContain("[[],false,[]]");
  for (const call of forbidden) expect(call).not.toHaveBeenCalled();
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
        <SyncAll />
        <SyncHistory />
      </li>
    </ul>,
  );
  expect(html).toContain("Syncing Gmail");
  expect(html).toContain('role="progressbar"');
  expect(html).toContain("Loading the sources...");
  expect(html).toContain("Loading the syncs...");
});
