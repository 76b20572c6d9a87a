import { act, cleanup, render, renderHook } from "@testing-library/react";
import { Profiler, StrictMode, useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SyncProgressModal } from "../../src/components/modal/sync-progress-modal.js";
import { SyncProvider } from "../../src/react/sync-provider.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { setUpMockBackends } from "./mock-backend.js";

const backends = setUpMockBackends();
afterEach(cleanup);

describe("one connection", () => {
  it("is made for a modal and two hooks under StrictMode", async () => {
    const { backend, client, streams } = backends.start();
    const syncId = await backend.startSync();
    function Another() {
      return <output>{useSyncProgress(syncId).status}</output>;
    }
    const view = render(
      <StrictMode>
        <SyncProvider client={client}>
          <SyncProgressModal syncId={syncId} open onOpenChange={() => {}} />
          <SyncProgressModal syncId={syncId} open={false} onOpenChange={() => {}} />
          <Another />
          <Another />
        </SyncProvider>
      </StrictMode>,
    );
    await vi.waitFor(() => expect(view.baseElement.textContent).toContain("queued"));
    expect(backend.service.stats().subscribers).toBe(1);
    expect(streams()).toBe(1);
  });

  it("is shared without a provider by components that name the same server", async () => {
    const { backend, streams } = backends.start();
    const syncId = await backend.startSync();
    function Another() {
      return <output>{useSyncProgress(syncId, { baseUrl: "/api" }).status}</output>;
    }
    const view = render(
      <>
        <Another />
        <Another />
      </>,
    );
    await vi.waitFor(() => expect(view.container.textContent).toBe("queuedqueued"));
    expect(streams()).toBe(1);
  });

  it("stays when every callback changes with every render", async () => {
    const { backend, client, streams } = backends.start();
    const syncId = await backend.startSync();
    const { result, rerender } = renderHook(() =>
      useSyncProgress(syncId, {
        client,
        onComplete: () => {},
        onError: () => {},
        onCancelled: () => {},
        onSettled: () => {},
      }),
    );
    await vi.waitFor(() => expect(result.current.connection).toBe("live"));
    for (let count = 0; count < 20; count += 1) rerender();
    expect(streams()).toBe(1);
    expect(result.current.connection).toBe("live");
  });

  it("outlives a change of route", async () => {
    const { backend, client, streams } = backends.start({}, { keepAliveMs: 500 });
    const syncId = await backend.startSync();
    const first = renderHook(() => useSyncProgress(syncId, { client }));
    await vi.waitFor(() => expect(first.result.current.connection).toBe("live"));
    first.unmount();
    const second = renderHook(() => useSyncProgress(syncId, { client }));
    expect(second.result.current.status).toBe("queued");
    expect(streams()).toBe(1);
  });

  it.each(["at once", "while connecting", "while live", "when complete"])(
    "is gone after unmounting %s",
    async (moment) => {
      const { backend, client } = backends.start();
      const syncId = await backend.startSync();
      const listen = vi.spyOn(document, "addEventListener");
      const unlisten = vi.spyOn(document, "removeEventListener");
      const { result, unmount } = renderHook(() => useSyncProgress(syncId, { client }));
      if (moment === "while connecting") await Promise.resolve();
      if (moment === "while live") await vi.waitFor(() => expect(result.current.connection).toBe("live"));
      if (moment === "when complete") {
        backend.driver.finish();
        await vi.waitFor(() => expect(result.current.status).toBe("complete"));
      }
      unmount();
      await vi.waitFor(() => expect(backend.service.stats().subscribers).toBe(0));
      await vi.waitFor(() => expect(client.getView(syncId)).toBeUndefined());
      const listeners = listen.mock.calls.filter(([type]) => /^(visibilitychange|freeze|resume)$/.test(type));
      expect(listeners.length).toBeGreaterThan(0);
      for (const [type, listener] of listeners) expect(unlisten).toHaveBeenCalledWith(type, listener);
      listen.mockRestore();
      unlisten.mockRestore();
    },
  );
});

describe("the state", () => {
  it("follows the sync from connecting to complete", async () => {
    const { backend, client } = backends.start();
    const syncId = await backend.startSync();
    const { driver } = backend;
    const { result } = renderHook(() => useSyncProgress(syncId, { client }));
    expect(result.current).toMatchObject({ status: null, connection: "connecting", isTerminal: false });
    await vi.waitFor(() =>
      expect(result.current).toMatchObject({ status: "queued", connection: "live", isRunning: true }),
    );
    driver.update({ status: "syncing", stage: "Fetching...", totalItems: 4 });
    driver.advance(2);
    driver.fail();
    await vi.waitFor(() =>
      expect(result.current).toMatchObject({
        status: "syncing",
        stage: "Fetching...",
        processedItems: 2,
        failedItems: 1,
        totalItems: 4,
        percent: 5 + (55 * 3) / 4,
      }),
    );
    driver.advance();
    driver.finish();
    await vi.waitFor(() =>
      expect(result.current).toMatchObject({ status: "complete", percent: 100, connection: "closed" }),
    );
    expect(result.current.durationMs).toBeGreaterThanOrEqual(0);
  });

  it("is idle without a sync", () => {
    const { client } = backends.start();
    const { result } = renderHook(() => useSyncProgress(null, { client }));
    expect(result.current).toMatchObject({ syncId: null, status: null, connection: "idle", isRunning: false });
    expect(() => result.current.reconnect()).not.toThrow();
    return expect(result.current.cancel()).rejects.toThrow("there is no sync to send a command to");
  });

  it("is that of the other sync when the id changes in mid-stream, and of the first again when it changes back", async () => {
    const { backend, client } = backends.start();
    const first = await backend.startSync("gmail");
    const second = await backend.startSync("slack");
    const seen: string[] = [];
    const { result, rerender } = renderHook(
      ({ syncId }) => {
        const state = useSyncProgress(syncId, { client });
        seen.push(`${syncId === first ? "first" : "second"} shows ${state.connectorType}`);
        return state;
      },
      { initialProps: { syncId: first } },
    );
    await vi.waitFor(() => expect(result.current.connectorType).toBe("gmail"));
    rerender({ syncId: second });
    expect(result.current.status).toBeNull();
    await vi.waitFor(() => expect(result.current.connectorType).toBe("slack"));
    rerender({ syncId: first });
    await vi.waitFor(() => expect(result.current.connectorType).toBe("gmail"));
    expect(seen).not.toContain("second shows gmail");
    expect(seen).not.toContain("first shows slack");
    await vi.waitFor(() => expect(backend.service.stats().subscribers).toBe(1));
  });

  it("renders at most once a frame in a burst, and shows the last state", async () => {
    const { backend, client } = backends.start({ scenario: "burst" });
    let renders = 0;
    let frames = 0;
    const countFrame = () => {
      frames += 1;
      frame = requestAnimationFrame(countFrame);
    };
    let frame = requestAnimationFrame(countFrame);
    const syncId = await backend.startSync();
    function Probe() {
      const { status, processedItems } = useSyncProgress(syncId, { client });
      return <output>{`${status} ${processedItems}`}</output>;
    }
    const view = render(
      <Profiler id="probe" onRender={() => (renders += 1)}>
        <Probe />
      </Profiler>,
    );
    await vi.waitFor(() => expect(view.container.textContent).toBe("complete 10000"), { timeout: 10_000 });
    cancelAnimationFrame(frame);
    expect(renders).toBeLessThanOrEqual(frames + 2);
  });
});

describe("the callbacks", () => {
  it("run once for a sync that ended in sight", async () => {
    const { backend, client } = backends.start();
    const syncId = await backend.startSync();
    const options = { client, onComplete: vi.fn(), onError: vi.fn(), onCancelled: vi.fn(), onSettled: vi.fn() };
    const { result, rerender } = renderHook(() => useSyncProgress(syncId, options), { wrapper: StrictMode });
    await vi.waitFor(() => expect(result.current.connection).toBe("live"));
    backend.driver.update({ status: "syncing" });
    await vi.waitFor(() => expect(result.current.status).toBe("syncing"));
    backend.driver.finish();
    await vi.waitFor(() => expect(result.current.status).toBe("complete"));
    rerender();
    expect(options.onComplete.mock.calls).toEqual([[{ syncId, status: "complete", initial: false }]]);
    expect(options.onSettled).toHaveBeenCalledTimes(1);
    expect(options.onError).not.toHaveBeenCalled();
    expect(options.onCancelled).not.toHaveBeenCalled();
  });

  it("say that the sync had ended before", async () => {
    const { backend, client } = backends.start({ scenario: "nothingNew", speed: 1_000 });
    const syncId = await backend.startSync();
    await vi.waitFor(() => expect(backend.service.stats().activeSyncs).toBe(0));
    const onComplete = vi.fn();
    renderHook(() => useSyncProgress(syncId, { client, onComplete }));
    await vi.waitFor(() => expect(onComplete.mock.calls).toEqual([[{ syncId, status: "complete", initial: true }]]));
  });

  it("pass the error of a sync that failed", async () => {
    const { backend, client } = backends.start();
    const syncId = await backend.startSync();
    const onError = vi.fn();
    const { result } = renderHook(() => useSyncProgress(syncId, { client, onError }));
    await vi.waitFor(() => expect(result.current.connection).toBe("live"));
    backend.driver.crash("The mailbox is locked.", "locked");
    await vi.waitFor(() =>
      expect(onError.mock.calls).toEqual([
        [
          { kind: "sync-failed", message: "The mailbox is locked.", code: "locked" },
          { syncId, status: "error", initial: false },
        ],
      ]),
    );
  });

  it("may throw: it is reported, and changes nothing", async () => {
    const onDiagnostic = vi.fn();
    const report = vi.spyOn(globalThis, "reportError").mockImplementation(() => {});
    const { backend, client } = backends.start({}, { onDiagnostic });
    const syncId = await backend.startSync();
    const onSettled = vi.fn();
    const onComplete = () => {
      throw new Error("my toast is broken");
    };
    const { result } = renderHook(() => useSyncProgress(syncId, { client, onComplete, onSettled }));
    await vi.waitFor(() => expect(result.current.connection).toBe("live"));
    backend.driver.finish();
    await vi.waitFor(() => expect(result.current.status).toBe("complete"));
    expect(onSettled).toHaveBeenCalledTimes(1);
    expect(report).toHaveBeenCalledTimes(1);
    const failures = onDiagnostic.mock.calls.filter(([{ reason }]) => reason === "callback-failed");
    expect(failures).toMatchObject([[{ detail: "Error: my toast is broken" }]]);
    report.mockRestore();
  });
});

describe("the commands", () => {
  it("pause, resume and cancel the sync", async () => {
    const { backend, client } = backends.start();
    const syncId = await backend.startSync();
    const { result } = renderHook(() => useSyncProgress(syncId, { client }));
    await vi.waitFor(() => expect(result.current.connection).toBe("live"));
    await act(() => result.current.pause());
    await vi.waitFor(() => expect(result.current.status).toBe("paused"));
    await expect(result.current.pause()).rejects.toMatchObject({ name: "SyncRequestError", status: 409 });
    await act(() => result.current.resume());
    await act(() => result.current.cancel());
    await vi.waitFor(() => expect(result.current.status).toBe("cancelled"));
    const again = await result.current.retry();
    expect(again).not.toBe(syncId);
  });
});

it("moves to another server when baseUrl changes", async () => {
  const { backend } = backends.start({ baseUrl: "/first" });
  const other = backends.start({ baseUrl: "/second" });
  const syncId = await backend.startSync("gmail");
  function Probe() {
    const [baseUrl, setBaseUrl] = useState("/first");
    const { connectorType, error } = useSyncProgress(syncId, { baseUrl });
    return (
      <button type="button" onClick={() => setBaseUrl("/second")}>
        {error?.kind ?? connectorType}
      </button>
    );
  }
  const view = render(<Probe />);
  const button = view.getByRole("button");
  await vi.waitFor(() => expect(button.textContent).toBe("gmail"));
  act(() => button.click());
  await vi.waitFor(() => expect(button.textContent).toBe("not-found"));
  expect(other.streams()).toBe(0);
});
