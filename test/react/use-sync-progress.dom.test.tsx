import { act, render, renderHook } from "@testing-library/react";
import { Profiler, useEffect, useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SyncClient } from "../../src/client/sync-client.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { aClient } from "../client/a-client.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it("renders nothing anew while only heartbeats come", async () => {
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

it("answers the same object until something in it changes", async () => {
  const { client, last } = aClient();
  // A host that makes its options anew with every render, as hosts do.
  const { result, rerender } = renderHook(() => useSyncProgress("sync-1", { client, onClose: () => {} }));
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

it("says which client watches the sync, so that parts ask the same server", () => {
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
