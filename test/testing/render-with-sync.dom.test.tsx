import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StrictMode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IntegrationCard } from "../../src/components/card/integration-card.js";
import { SyncProgressModal } from "../../src/components/modal/sync-progress-modal.js";
import { SyncProvider } from "../../src/react/sync-provider.js";
import { useStartSync } from "../../src/react/use-start-sync.js";
import { useSyncFailures } from "../../src/react/use-sync-failures.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { renderWithSync } from "../../src/testing/render-with-sync.js";
import { createTestSync, type TestSync } from "../../src/testing/test-sync.js";
import { anIntegration } from "../support/an-integration.js";

function Progress({ syncId }: { readonly syncId: string }) {
  const state = useSyncProgress(syncId);
  const { failures } = useSyncFailures(syncId);
  return (
    <section>
      <output>{`${state.status} ${state.percent} ${state.connection} ${state.error?.kind ?? "well"}`}</output>
      <output>{state.isStalled ? "stalled" : "moving"}</output>
      <button type="button" onClick={() => void state.cancel().catch(() => {})}>
        Cancel
      </button>
      <button type="button" onClick={() => void state.retry().catch(() => {})}>
        Again
      </button>
      <p>{state.command === null ? "" : `${state.command.name} ${state.command.status}`}</p>
      {failures.map(({ item }) => (
        <li key={item}>{item}</li>
      ))}
    </section>
  );
}

const progress = (sync: TestSync) => <Progress syncId={sync.syncId} />;
const text = () => screen.getAllByRole("status")[0]?.textContent;

const errors = vi.spyOn(console, "error");
beforeEach(() => void errors.mockClear());
afterEach(() => {
  vi.useRealTimers();
  // Among them every state that React took outside of `act`.
  expect(errors.mock.calls).toEqual([]);
});

describe("renderWithSync", () => {
  it("shows every state that the test sets, at once", () => {
    const { sync } = renderWithSync(progress, { render, act, status: "queued" });
    expect(text()).toBe("queued null live well");
    sync.update({ status: "syncing", totalItems: 10, processedItems: 3 });
    expect(text()).toBe("syncing 30 live well");
    sync.advance();
    expect(text()).toBe("syncing 40 live well");
    sync.fail();
    expect(text()).toBe("syncing 50 live well");
    sync.finish();
    expect(text()).toBe("complete 100 closed well");
    expect(sync.snapshot).toMatchObject({ processedItems: 9, failedItems: 1, totalItems: 10 });
  });

  it("returns what the given render returns", () => {
    const { container, unmount } = renderWithSync(progress, { render, act });
    expect(container.querySelector("output")).not.toBeNull();
    unmount();
    expect(container.querySelector("output")).toBeNull();
  });

  it("shows how a sync ends with an error", () => {
    const { sync } = renderWithSync(progress, { render, act });
    sync.crash("The mailbox is full.", "mailbox_full");
    expect(text()).toBe("error null closed sync-failed");
    expect(sync.client.getView(sync.syncId)?.error).toMatchObject({
      message: "The mailbox is full.",
      code: "mailbox_full",
    });
  });

  it("loses the connection and finds it again, also with what has happened meanwhile", () => {
    const { sync } = renderWithSync(progress, { render, act, status: "syncing", totalItems: 10 });
    sync.disconnect();
    expect(text()).toBe("syncing 0 reconnecting well");
    sync.update({ processedItems: 5 });
    expect(text()).toBe("syncing 0 reconnecting well");
    sync.reconnect();
    expect(text()).toBe("syncing 50 live well");
  });

  it("stays disconnected for as long as the test wants, with fake timers, and is live at once after that", async () => {
    vi.useFakeTimers();
    const { sync } = renderWithSync(progress, { render, act, status: "syncing", totalItems: 10 });
    sync.disconnect();
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(text()).toBe("syncing 0 reconnecting well");
    sync.reconnect();
    expect(text()).toBe("syncing 0 live well");
  });

  it("can be disconnected before anything is rendered", async () => {
    vi.useFakeTimers();
    const sync = createTestSync({ act, status: "syncing" });
    sync.disconnect();
    render(<SyncProvider client={sync.client}>{progress(sync)}</SyncProvider>);
    expect(text()).toBe("null null connecting well");
    await act(() => vi.advanceTimersByTimeAsync(10_000));
    expect(text()).toBe("null null connecting unreachable");
    sync.reconnect();
    expect(text()).toBe("syncing null live well");
  });

  it("stalls with fake timers when the test changes nothing", async () => {
    vi.useFakeTimers();
    renderWithSync(progress, { render, act, status: "syncing", clientOptions: { stallTimeoutMs: 5_000 } });
    expect(screen.getByText("moving")).toBeDefined();
    await act(() => vi.advanceTimersByTimeAsync(6_000));
    expect(screen.getByText("stalled")).toBeDefined();
  });

  it("ends the session, also with fake timers, and lets the person sign in again", async () => {
    vi.useFakeTimers();
    const { sync } = renderWithSync(progress, { render, act, status: "syncing" });
    await sync.signOut();
    expect(text()).toBe("syncing null closed unauthorized");
    sync.reconnect();
    expect(text()).toBe("syncing null live well");
  });

  it("ends the session also when the connection has been lost for long", async () => {
    vi.useFakeTimers();
    const sync = createTestSync({ act, status: "syncing" });
    sync.disconnect();
    render(<SyncProvider client={sync.client}>{progress(sync)}</SyncProvider>);
    await act(() => vi.advanceTimersByTimeAsync(3_500));
    await sync.signOut();
    expect(text()).toBe("null null closed unauthorized");
  });

  it("resumes a sync as what it was before it was paused", async () => {
    const { sync } = renderWithSync(progress, { render, act, status: "parsing" });
    await act(() => sync.client.pause(sync.syncId));
    expect(text()).toBe("paused null live well");
    await act(() => sync.client.resume(sync.syncId));
    expect(text()).toBe("parsing null live well");
  });

  it("forgets a sync", async () => {
    const { sync } = renderWithSync(progress, { render, act, status: "syncing" });
    await sync.remove();
    expect(text()).toContain("not-found");
  });

  it("notes the requests of the application and obeys them", async () => {
    const user = userEvent.setup();
    const { sync } = renderWithSync(progress, { render, act, status: "syncing" });
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(text()).toBe("cancelled null closed well");
    await user.click(screen.getByRole("button", { name: "Again" }));
    expect(sync.requests).toEqual([
      { name: "cancel", syncId: "sync-1" },
      { name: "retry", syncId: "sync-1" },
    ]);
    expect(sync.syncId).toBe("sync-2");
  });

  it("refuses the next request only", async () => {
    const user = userEvent.setup();
    const { sync } = renderWithSync(progress, { render, act, status: "syncing" });
    sync.refuseNext("Not now.");
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(screen.getByText("cancel failed")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(text()).toBe("cancelled null closed well");
  });

  it("works in strict mode, and needs no act of its own if the test wraps the calls", () => {
    const { sync } = renderWithSync((sync) => <StrictMode>{progress(sync)}</StrictMode>, { render });
    act(() => sync.update({ status: "syncing", totalItems: 4, processedItems: 1 }));
    expect(text()).toBe("syncing 25 live well");
  });

  it("says what is wrong when the test changes a sync that has ended", () => {
    const { sync } = renderWithSync(progress, { render, act });
    sync.finish();
    expect(() => sync.advance()).toThrow('SyncProgressError: the sync "sync-1" has ended as complete');
  });

  it("drives the modal and the card", async () => {
    const user = userEvent.setup();
    const { sync, unmount } = renderWithSync(<SyncProgressModal open syncId="sync-1" onOpenChange={() => {}} />, {
      render,
      act,
    });
    sync.update({ status: "syncing", totalItems: 10, processedItems: 3 });
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("30");
    unmount();

    const card = renderWithSync(<IntegrationCard integration={anIntegration()} />, { render, act, isStarted: false });
    await user.click(screen.getByRole("button", { name: /sync/i }));
    expect(card.sync.requests).toEqual([{ name: "start", integrationType: "gmail", options: {} }]);
    card.sync.update({ status: "syncing", totalItems: 10, processedItems: 5 });
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("50");
  });

  it("has no sync before the application starts one", async () => {
    const user = userEvent.setup();
    const Starter = () => {
      const { start, syncId } = useStartSync("slack");
      return (
        <button type="button" onClick={() => void start({ fullSync: true })}>
          {syncId ?? "none"}
        </button>
      );
    };
    const { sync } = renderWithSync(<Starter />, { render, act, isStarted: false });
    expect(() => sync.snapshot).toThrow("there is no sync");
    await user.click(screen.getByRole("button", { name: "none" }));
    expect(screen.getByRole("button", { name: "sync-1" })).toBeDefined();
    expect(sync.snapshot).toMatchObject({ connectorType: "slack", status: "connecting" });
  });
});
