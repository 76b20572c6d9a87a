import { act, renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { SyncClient } from "../../src/client/sync-client.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { type UseSyncHistoryOptions, useSyncHistory } from "../../src/react/use-sync-history.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { aSlowServer, type PendingRequest } from "./a-slow-server.js";

const ended = (syncId: string) => ({ syncId, status: "complete", completedAt: 1_000 }) as const;
const pageOf = (syncs: readonly Partial<SyncSnapshot>[], nextCursor: string | null = null) =>
  Response.json({
    success: true,
    syncs: syncs.map((sync) => encodeSnapshot(aSnapshot(sync))),
    next_cursor: nextCursor,
  });
const aFailure = (status = 503) => Response.json({ success: false, error: "The disk is full." }, { status });

function renderHistory(client: SyncClient, given: UseSyncHistoryOptions = {}) {
  const view = renderHook((options: UseSyncHistoryOptions) => useSyncHistory({ client, ...options }), {
    initialProps: given,
  });
  return { ...view, ids: () => view.result.current.syncs.map(({ syncId }) => syncId) };
}

/** The requests of the history itself; what runs is asked for beside it. */
const lists = (requests: readonly PendingRequest[]) => requests.filter(({ url }) => !url.includes("active=true"));
const respondLast = (requests: readonly PendingRequest[], response: Response) =>
  act(async () => lists(requests).at(-1)?.respond(response));

it("loads page by page", async () => {
  const { client, requests } = aSlowServer();
  const { result, ids } = renderHistory(client, { pageSize: 2 });
  expect(result.current).toMatchObject({ syncs: [], isLoading: true, isSupported: true, error: null });
  await respondLast(requests, pageOf([ended("c"), ended("b")], "2"));
  act(() => result.current.loadMore());
  await respondLast(requests, pageOf([ended("a")]));
  expect(ids()).toEqual(["c", "b", "a"]);
  expect(result.current).toMatchObject({ isLoading: false, hasMore: false });
  expect(lists(requests).map(({ url }) => url)).toEqual([
    "https://api.test/sync-progress?limit=2",
    "https://api.test/sync-progress?limit=2&cursor=2",
  ]);
});

it("loads what the filter says, and another filter from nothing", async () => {
  const { client, requests } = aSlowServer();
  const { rerender, ids } = renderHistory(client, { filter: { type: "gmail", result: ["failed", "partly_failed"] } });
  await respondLast(requests, pageOf([ended("a")]));
  rerender({ filter: { type: "gmail", result: ["failed", "partly_failed"] } });
  expect(lists(requests)).toHaveLength(1);
  rerender({ filter: { type: "slack" } });
  expect(ids()).toEqual([]);
  expect(lists(requests).map(({ url }) => decodeURIComponent(url))).toEqual([
    "https://api.test/sync-progress?type=gmail&result=partly_failed,failed",
    "https://api.test/sync-progress?type=slack",
  ]);
});

it("puts what is new before the pages that are there, when it is loaded again", async () => {
  const { client, requests } = aSlowServer();
  const { result, ids } = renderHistory(client);
  await respondLast(requests, pageOf([ended("d"), ended("c")], "2"));
  act(() => result.current.loadMore());
  await respondLast(requests, pageOf([ended("b"), ended("a")], "4"));
  act(() => void result.current.reload());
  expect(ids()).toEqual(["d", "c", "b", "a"]);
  await respondLast(requests, pageOf([{ syncId: "e" }, ended("d")], "x"));
  expect(ids()).toEqual(["e", "d", "c", "b", "a"]);
  act(() => result.current.loadMore());
  expect(lists(requests).at(-1)?.url).toMatch(/cursor=4$/);
});

it("begins anew when nothing of what is there is on the first page any more", async () => {
  const { client, requests } = aSlowServer();
  const { result, ids } = renderHistory(client);
  await respondLast(requests, pageOf([ended("b"), ended("a")], "2"));
  act(() => void result.current.reload());
  await respondLast(requests, pageOf([ended("y"), ended("x")], "3"));
  expect(ids()).toEqual(["y", "x"]);
  act(() => result.current.loadMore());
  expect(lists(requests).at(-1)?.url).toMatch(/cursor=3$/);
});

it("drops what is no longer on the only page", async () => {
  const { client, requests } = aSlowServer();
  const { result, ids } = renderHistory(client);
  await respondLast(requests, pageOf([ended("b"), ended("a")]));
  act(() => void result.current.reload());
  await respondLast(requests, pageOf([ended("b")]));
  expect(ids()).toEqual(["b"]);
  expect(result.current.hasMore).toBe(false);
});

it("keeps the list when a reload fails, and loads it again by loadMore", async () => {
  const { client, requests } = aSlowServer();
  const { result, ids } = renderHistory(client);
  await respondLast(requests, pageOf([ended("a")]));
  act(() => void result.current.reload());
  await respondLast(requests, aFailure());
  expect(ids()).toEqual(["a"]);
  expect(result.current).toMatchObject({ hasMore: true, error: { safeMessage: "The disk is full." } });
  act(() => result.current.loadMore());
  await respondLast(requests, pageOf([ended("b"), ended("a")]));
  expect(ids()).toEqual(["b", "a"]);
  expect(result.current).toMatchObject({ hasMore: false, error: null });
});

it.each([404, 405, 501])("knows a backend without a list by its %s", async (status) => {
  const { client, requests } = aSlowServer();
  const { result } = renderHistory(client);
  await respondLast(requests, aFailure(status));
  expect(result.current).toMatchObject({ isSupported: false, hasMore: false, syncs: [] });
});

it("loads again when syncs start, once for several of them", async () => {
  vi.useFakeTimers();
  const { client, requests } = aSlowServer();
  renderHistory(client);
  await respondLast(requests, pageOf([ended("a")]));
  const isStart = ({ url }: PendingRequest) => url.endsWith("/sync");
  void client.startSync("gmail");
  void client.startSync("slack");
  for (const start of requests.filter(isStart))
    await act(async () => start.respond(Response.json({ success: true, sync_id: "new" }, { status: 202 })));
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(lists(requests).filter((request) => request.url.endsWith("/sync-progress"))).toHaveLength(2);
  vi.useRealTimers();
});
