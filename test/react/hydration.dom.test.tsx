import { act } from "@testing-library/react";
import type { ReactElement } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { SyncProvider } from "../../src/react/sync-provider.js";
import { useAutoClose } from "../../src/react/use-auto-close.js";
import { useIntegrations } from "../../src/react/use-integrations.js";
import { useStartSync } from "../../src/react/use-start-sync.js";
import { useSyncFailures } from "../../src/react/use-sync-failures.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { aClient } from "../client/a-client.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

/** The host as the server sent it, brought to life in the page; `complaints` are what React has against it. */
async function hydrate(host: ReactElement) {
  const complaints: unknown[] = [];
  vi.spyOn(console, "error").mockImplementation((...words) => complaints.push(words));
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = renderToString(host);
  const sent = container.textContent;
  await act(async () => {
    const root = hydrateRoot(container, host, { onRecoverableError: (error) => complaints.push(error) });
    onTestFinished(() => {
      act(() => root.unmount());
      container.remove();
    });
  });
  return { container, sent, complaints };
}

it("takes over a host of useSyncProgress, whose sync has moved on since the server rendered it", async () => {
  const { client, last } = aClient();
  client.subscribe("sync-1", () => {});
  last().send({ seq: 1, processedItems: 7 });
  function Host() {
    const progress = useSyncProgress("sync-1", { client });
    const { status, connection, processedItems } = progress;
    const autoClose = useAutoClose(progress, { onClose: () => {} });
    return <output>{`${status} ${connection} ${processedItems} ${autoClose.status}`}</output>;
  }
  const { container, sent, complaints } = await hydrate(<Host />);
  expect(sent).toBe("null connecting 0 waiting");
  expect(container.textContent).toBe("syncing live 7 waiting");
  last().send({ status: "complete", seq: 2, processedItems: 9 });
  await pass(200);
  expect(container.textContent).toBe("complete closed 9 counting");
  expect(complaints).toEqual([]);
  client.close();
});

it("takes over a host that selects a new object every time", async () => {
  const { client, last } = aClient();
  client.subscribe("sync-1", () => {});
  last().send({ seq: 1, processedItems: 7 });
  function Host() {
    const { done } = useSyncProgress("sync-1", ({ processedItems }) => ({ done: processedItems }));
    return <output>{done}</output>;
  }
  const { container, sent, complaints } = await hydrate(
    <SyncProvider client={client}>
      <Host />
    </SyncProvider>,
  );
  expect(sent).toBe("0");
  expect(container.textContent).toBe("7");
  expect(complaints).toEqual([]);
  client.close();
});

it("takes over a host of useIntegrations, which then loads its list", async () => {
  const { client, requests } = aClient({}, () =>
    Response.json({ success: true, integrations: [{ type: "gmail" }], connected_count: 1 }),
  );
  function Host() {
    const { integrations, isLoading } = useIntegrations({ client });
    return <output>{isLoading ? "loading" : integrations.map(({ type }) => type).join()}</output>;
  }
  const { container, sent, complaints } = await hydrate(<Host />);
  expect(sent).toBe("loading");
  await pass(0);
  expect(container.textContent).toBe("gmail");
  expect(requests).toEqual(["GET /api/integrations"]);
  expect(complaints).toEqual([]);
});

it("takes over a host of the other hooks", async () => {
  const { client } = aClient({}, () =>
    Response.json({ success: true, failures: [{ item: "report.pdf", reason: "too large" }], next_cursor: null }),
  );
  function Host() {
    const { isStarting } = useStartSync("gmail", { client });
    const { failures, isLoading } = useSyncFailures("sync-1", { client });
    return <output>{`${isStarting} ${isLoading} ${failures.map(({ item }) => item).join()}`}</output>;
  }
  const { container, sent, complaints } = await hydrate(<Host />);
  expect(sent).toBe("false true ");
  await pass(0);
  expect(container.textContent).toBe("false false report.pdf");
  expect(complaints).toEqual([]);
});
