import { act, cleanup, renderHook } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { commands } from "vitest/browser";
import { SyncClient } from "../../src/client/sync-client.js";
import type { SyncClientOptions } from "../../src/client/sync-client-options.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { SYNC_ID } from "./cases.js";
import { FAST_CLIENT } from "./fault-case.js";
import {
  ENDED,
  type FaultScript,
  HEARTBEAT,
  RETRY,
  SNAPSHOT_RUNNING,
  STARTED,
  snapshotOf,
  streamOf,
  WELL,
} from "./fault-script.js";
import { readWords } from "./read-words.js";

/** Faults of the page and the platform around the client, which a server cannot make. */

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  cleanup();
  for (const undo of cleanups.splice(0).reverse()) await undo();
});

async function watch(script: FaultScript, options: SyncClientOptions = {}) {
  const url = await commands.startFaultServer(script);
  const client = new SyncClient({
    ...FAST_CLIENT,
    stallTimeoutMs: 60_000,
    heartbeatTimeoutMs: 60_000,
    ...options,
    baseUrl: url,
  });
  const { result } = renderHook(() => useSyncProgress(SYNC_ID, { client }), { wrapper: StrictMode });
  cleanups.push(
    () => commands.stopFaultServer(url),
    () => client.close(),
  );
  const stats = () => commands.faultServerStats(url);
  const sees = (state: Partial<typeof result.current>) =>
    vi.waitFor(() => expect(result.current).toMatchObject(state), 5_000);
  /** The stream has said nothing for so long that what it said last may be out of date. */
  const staysSilent = () =>
    vi.waitFor(() => {
      const { lastUpdateAt } = result.current;
      expect(Date.now() - (lastUpdateAt ?? Date.now())).toBeGreaterThan(FAST_CLIENT.openTimeoutMs);
    }, 5_000);
  return { result, stats, sees, staysSilent, client, url };
}

const OPEN = streamOf([{ text: RETRY + STARTED + HEARTBEAT }], "hang");
const dispatch = (target: EventTarget, type: string, more: object = {}) =>
  act(() => target.dispatchEvent(Object.assign(new Event(type), more)));

describe("the page around the hook", () => {
  it("says that it is offline, and requests a snapshot at once when it is back", async () => {
    const { result, sees, stats, staysSilent } = await watch({
      stream: [OPEN],
      snapshot: [snapshotOf({ processed_items: 77, seq: 7 })],
    });
    await sees({ connection: "live" });
    dispatch(window, "offline");
    await sees({ isOffline: true });
    expect(readWords(result.current)).toContain(
      "You are offline. The sync continues; this view will catch up when you are back online.",
    );
    await staysSilent();
    dispatch(window, "online");
    await sees({ isOffline: false, processedItems: 77 });
    expect((await stats()).snapshot).toBe(1);
  });

  it("requests a snapshot when it is shown again after a long time", async () => {
    const { sees, staysSilent } = await watch({
      stream: [OPEN],
      snapshot: [snapshotOf({ status: "complete", processed_items: 100, seq: 9 })],
    });
    await sees({ connection: "live" });
    await staysSilent();
    dispatch(document, "visibilitychange");
    await sees({ status: "complete", connection: "closed" });
  });

  it("holds no connection while it is frozen or in the back-forward cache", async () => {
    const { sees, stats } = await watch({ stream: [OPEN, OPEN, WELL], snapshot: [SNAPSHOT_RUNNING] });
    await sees({ connection: "live" });
    dispatch(document, "freeze");
    await vi.waitFor(async () => expect((await stats()).openSockets).toBe(0));
    dispatch(document, "resume");
    await sees({ connection: "live" });
    dispatch(window, "pagehide", { persisted: true });
    await vi.waitFor(async () => expect((await stats()).openSockets).toBe(0));
    dispatch(window, "pageshow", { persisted: true });
    await sees({ status: "complete" });
    expect((await stats()).stream).toBe(3);
  });

  it("wakes from a sleep in which the connection died", async () => {
    const { sees } = await watch({ stream: [OPEN, WELL], snapshot: [SNAPSHOT_RUNNING] }, { heartbeatTimeoutMs: 300 });
    await sees({ connection: "live" });
    // The clock jumps, as it does for a machine that slept; its timers fire late.
    const clock = vi
      .spyOn(Date, "now")
      .mockImplementation(() => performance.timeOrigin + performance.now() + 3_600_000);
    dispatch(document, "visibilitychange");
    await sees({ status: "complete" });
    clock.mockRestore();
  });
});

describe("the platform around the hook", () => {
  it("may lack EventSource: it polls", async () => {
    vi.stubGlobal("EventSource", undefined);
    cleanups.push(() => vi.unstubAllGlobals());
    const { sees } = await watch({
      stream: [],
      snapshot: [SNAPSHOT_RUNNING, SNAPSHOT_RUNNING, snapshotOf({ status: "complete", seq: 9 })],
    });
    await sees({ connection: "polling" });
    await sees({ status: "complete" });
  });

  it("may lack fetch: the stream is enough", async () => {
    const fetch = () => Promise.reject(new TypeError("fetch is not there"));
    const { sees } = await watch(
      { stream: [streamOf([{ text: STARTED }, { text: ENDED, afterMs: 50 }])], snapshot: [] },
      { fetch },
    );
    await sees({ status: "complete" });
  });

  it("may have two clients for one server: each has its own connection", async () => {
    const { sees, stats, url } = await watch({ stream: [OPEN], snapshot: [SNAPSHOT_RUNNING] });
    const other = new SyncClient({ ...FAST_CLIENT, baseUrl: url });
    cleanups.push(() => other.close());
    const { result } = renderHook(() => useSyncProgress(SYNC_ID, { client: other }));
    await sees({ connection: "live" });
    await vi.waitFor(() => expect(result.current.connection).toBe("live"));
    expect((await stats()).stream).toBe(2);
  });
});
