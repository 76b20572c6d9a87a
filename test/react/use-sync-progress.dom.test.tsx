import { act, render, renderHook } from "@testing-library/react";
import { Profiler, StrictMode, useEffect, useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SyncClient } from "../../src/client/sync-client.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import type { SyncProgressState } from "../../src/react/sync-progress-state.js";
import { SyncProvider } from "../../src/react/sync-provider.js";
import { useAutoClose } from "../../src/react/use-auto-close.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { aClient } from "../client/a-client.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it("renders nothing while only heartbeats arrive", async () => {
  const { client, last } = aClient();
  let commits = 0;
  function Probe() {
    const { connection } = useSyncProgress("sync-1", { client });
    return <output>{connection}</output>;
  }
  const { container } = render(
    <Profiler id="probe" onRender={() => (commits += 1)}>
      <Probe />
    </Profiler>,
  );
  last().send({ seq: 1, status: "paused" });
  await pass(200);
  expect(container.textContent).toBe("live");
  commits = 0;
  for (let beat = 0; beat < 4; beat += 1) {
    last().emit("heartbeat", { data: "{}" });
    await pass(15_000);
  }
  expect(commits).toBe(0);
});

it("returns the same object until something in it changes", async () => {
  const { client, last } = aClient();
  // A host that creates its options in every render, as hosts do.
  const { result, rerender } = renderHook(() => useSyncProgress("sync-1", { client, onSettled: () => {} }));
  last().send({ seq: 1 });
  await pass(200);
  const before = result.current;
  rerender();
  expect(result.current).toBe(before);
  last().send({ seq: 2, processedItems: 1 });
  await pass(200);
  expect(result.current).not.toBe(before);
  expect(result.current.processedItems).toBe(1);
});

it("runs an effect of the host's on the state once for each change", async () => {
  const { client, last } = aClient();
  const seen: (number | null)[] = [];
  let tick = () => {};
  function Host() {
    const [ticks, setTicks] = useState(0);
    const state = useSyncProgress("sync-1", { client });
    tick = () => setTicks((count) => count + 1);
    useEffect(() => {
      if (state.status !== null) seen.push(state.processedItems);
    }, [state]);
    return <output>{ticks}</output>;
  }
  const { container } = render(<Host />);
  last().send({ seq: 1, processedItems: 1 });
  await pass(200);
  for (let count = 0; count < 5; count += 1) act(() => tick());
  expect(container.textContent).toBe("5");
  expect(seen).toEqual([1]);
});

it("is running from the first render on, until it is known to have ended", async () => {
  const { client, last } = aClient();
  const seen: boolean[] = [];
  renderHook(() => {
    const { isRunning } = useSyncProgress("sync-1", { client });
    if (seen.at(-1) !== isRunning) seen.push(isRunning);
  });
  last().send({ seq: 1 });
  await pass(200);
  last().send({ seq: 2, status: "complete" });
  await pass(200);
  expect(seen).toEqual([true, false]);
});

it("returns the client of the sync, so that parts use the same server", () => {
  const ada = aClient().client;
  const bob = aClient().client;
  const { result, rerender } = renderHook(
    ({ client }: { client: SyncClient }) => useSyncProgress("sync-1", { client }),
    {
      initialProps: { client: ada },
    },
  );
  expect(result.current.client).toBe(ada);
  rerender({ client: bob });
  expect(result.current.client).toBe(bob);
});

describe("its cost", () => {
  it("is one subscription a hook", () => {
    const { client } = aClient();
    const subscribe = vi.spyOn(client, "subscribe");
    renderHook(() => {
      const progress = useSyncProgress("sync-1", { client, onSettled: () => {} });
      return useAutoClose(progress, { onClose: () => {} });
    });
    expect(subscribe).toHaveBeenCalledTimes(1);
  });

  it("is one render a frame, however many snapshots arrive", async () => {
    const { client, last } = aClient();
    let renders = 0;
    const { result } = renderHook(() => {
      renders += 1;
      return useSyncProgress("sync-1", { client });
    });
    last().send({ seq: 1 });
    await pass(200);
    renders = 0;
    for (let seq = 2; seq < 100; seq += 1) last().send({ seq, processedItems: seq });
    expect(renders).toBe(0);
    await pass(200);
    expect(renders).toBe(1);
    expect(result.current.processedItems).toBe(99);
  });
});

describe("the end of a sync", () => {
  it("waits for no frame, neither for the callbacks nor on the screen", async () => {
    const { client, last } = aClient();
    const onComplete = vi.fn();
    const { result } = renderHook(() => useSyncProgress("sync-1", { client, onComplete }));
    last().send({ seq: 1 });
    await pass(200);
    last().send({ seq: 2, processedItems: 1 });
    act(() => last().send({ seq: 3, status: "complete" }));
    expect(onComplete).toHaveBeenCalledTimes(1);
    expect(result.current.status).toBe("complete");
    const complete = result.current;
    await pass(1_000);
    expect(result.current).toBe(complete);
  });

  it("is reported once for each client, though the sync has the same id", async () => {
    const ada = aClient();
    const bob = aClient();
    const onSettled = vi.fn();
    const { rerender } = renderHook(({ client }) => useSyncProgress("sync-1", { client, onSettled }), {
      initialProps: { client: ada.client },
      wrapper: StrictMode,
    });
    const end = ({ sources }: typeof ada) =>
      act(() => {
        for (const source of sources) if (!source.isClosed) source.send({ status: "complete" });
      });
    end(ada);
    expect(onSettled).toHaveBeenCalledTimes(1);
    rerender({ client: bob.client });
    end(bob);
    expect(onSettled).toHaveBeenCalledTimes(2);
    expect(onSettled).toHaveBeenLastCalledWith({ syncId: "sync-1", status: "complete", initial: true });
  });
});

describe("a selection", () => {
  /** A host of a selection, and the snapshots that it sees; `seen` has one entry a render. */
  function renderSelection<Selection>(
    select: (progress: SyncProgressState) => Selection,
    isEqual?: (before: Selection, after: Selection) => boolean,
  ) {
    const { client, last } = aClient();
    const seen: Selection[] = [];
    let seq = 0;
    const view = renderHook(
      ({ select, isEqual }) => {
        const selection = useSyncProgress("sync-1", select, isEqual);
        seen.push(selection);
        return selection;
      },
      {
        initialProps: { select, isEqual },
        wrapper: ({ children }) => <SyncProvider client={client}>{children}</SyncProvider>,
      },
    );
    const receive = async (given: Partial<SyncSnapshot>) => {
      seq += 1;
      last().send({ seq, ...given });
      await pass(200);
    };
    return { ...view, seen, receive };
  }

  it("renders only when it changes", async () => {
    const { seen, receive } = renderSelection(({ status }) => status);
    expect(seen).toEqual([null]);
    for (let processedItems = 0; processedItems < 10; processedItems += 1)
      await receive({ status: "syncing", processedItems });
    expect(seen).toEqual([null, "syncing"]);
    await receive({ status: "complete" });
    expect(seen).toEqual([null, "syncing", "complete"]);
  });

  it("is compared by isEqual, and stays the same object while it is equal", async () => {
    const { seen, receive, rerender } = renderSelection(
      ({ status, failedItems }) => ({ status, hasFailures: failedItems > 0 }),
      (before, after) => before.status === after.status && before.hasFailures === after.hasFailures,
    );
    await receive({ status: "syncing" });
    for (let processedItems = 1; processedItems < 5; processedItems += 1) await receive({ processedItems });
    expect(seen).toEqual([
      { status: null, hasFailures: false },
      { status: "syncing", hasFailures: false },
    ]);
    const before = seen.at(-1);
    // As a host does that writes both functions inline.
    rerender({
      select: ({ status, failedItems }) => ({ status, hasFailures: failedItems > 0 }),
      isEqual: (a, b) => a.status === b.status && a.hasFailures === b.hasFailures,
    });
    expect(seen).toHaveLength(3);
    expect(seen.at(-1)).toBe(before);
    await receive({ failedItems: 1 });
    expect(seen.at(-1)).toEqual({ status: "syncing", hasFailures: true });
  });

  it("of a new object renders with each change of the state, and no more", async () => {
    const { seen, receive, rerender } = renderSelection(({ processedItems }) => ({ processedItems }));
    await receive({ processedItems: 1 });
    seen.length = 0;
    await receive({ processedItems: 2 });
    expect(seen).toEqual([{ processedItems: 2 }]);
    rerender({ select: ({ processedItems }) => ({ processedItems }), isEqual: undefined });
    expect(seen).toHaveLength(2);
  });

  it("is that of the latest function", async () => {
    const { seen, receive, rerender } = renderSelection<number | null>(({ processedItems }) => processedItems);
    await receive({ processedItems: 7, totalItems: 100 });
    await receive({ processedItems: 8, totalItems: 200 });
    rerender({ select: ({ totalItems }) => totalItems, isEqual: undefined });
    expect(seen.at(-1)).toBe(200);
  });
});
