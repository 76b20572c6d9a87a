import { act, renderHook } from "@testing-library/react";
import { StrictMode } from "react";
import { expect, it } from "vitest";
import type { SyncClient } from "../../src/client/sync-client.js";
import { useSyncFailures } from "../../src/react/use-sync-failures.js";
import { type AskedRequest, aSlowServer } from "./a-slow-server.js";

const pageOf = (items: readonly string[], nextCursor: string | null = null) =>
  Response.json({ failures: items.map((item) => ({ item, reason: "Too large." })), next_cursor: nextCursor });
const outOfOrder = () => Response.json({ success: false, error: "The disk is full." }, { status: 503 });

interface Given {
  readonly client: SyncClient;
  readonly syncId?: string | null;
  readonly enabled?: boolean;
}

function renderFailures(given: Given, wrapper?: typeof StrictMode) {
  const view = renderHook(
    ({ client, syncId = "sync-1", enabled }: Given) => useSyncFailures(syncId, { client, enabled }),
    { initialProps: given, ...(wrapper && { wrapper }) },
  );
  return { ...view, items: () => view.result.current.failures.map(({ item }) => item) };
}

const answerLast = (asked: readonly AskedRequest[], response: Response) =>
  act(async () => asked.at(-1)?.answer(response));

it("loads page by page", async () => {
  const { client, asked } = aSlowServer();
  const { result, items } = renderFailures({ client });
  expect(result.current).toMatchObject({ failures: [], isLoading: true, hasMore: false, error: null });
  await answerLast(asked, pageOf(["a", "b"], "2"));
  expect(items()).toEqual(["a", "b"]);
  expect(result.current).toMatchObject({ isLoading: false, hasMore: true });
  act(() => result.current.loadMore());
  expect(result.current.isLoading).toBe(true);
  await answerLast(asked, pageOf(["c"]));
  expect(items()).toEqual(["a", "b", "c"]);
  expect(result.current).toMatchObject({ isLoading: false, hasMore: false, error: null });
  expect(asked.map(({ url }) => url)).toEqual([
    "https://api.test/sync-progress/sync-1/failures",
    "https://api.test/sync-progress/sync-1/failures?cursor=2",
  ]);
});

it("loads a page once, however often it is asked for", async () => {
  const { client, asked } = aSlowServer();
  const { result, items } = renderFailures({ client });
  act(() => result.current.loadMore());
  await answerLast(asked, pageOf(["a"], "2"));
  act(() => {
    result.current.loadMore();
    result.current.loadMore();
  });
  await answerLast(asked, pageOf(["b"]));
  expect(asked).toHaveLength(2);
  expect(items()).toEqual(["a", "b"]);
});

it("asks for nothing after the last page", async () => {
  const { client, asked } = aSlowServer();
  const { result, items } = renderFailures({ client });
  await answerLast(asked, pageOf(["a"]));
  act(() => result.current.loadMore());
  expect(asked).toHaveLength(1);
  expect(items()).toEqual(["a"]);
});

it("asks for a page again that could not be loaded", async () => {
  const { client, asked } = aSlowServer();
  const { result, items } = renderFailures({ client });
  await answerLast(asked, outOfOrder());
  expect(result.current).toMatchObject({ isLoading: false, hasMore: true, error: { message: "The disk is full." } });
  act(() => result.current.loadMore());
  expect(result.current).toMatchObject({ isLoading: true, error: null });
  await answerLast(asked, pageOf(["a"], "2"));
  act(() => result.current.loadMore());
  await answerLast(asked, outOfOrder());
  expect(items()).toEqual(["a"]);
  act(() => result.current.loadMore());
  await answerLast(asked, pageOf(["b"]));
  expect(items()).toEqual(["a", "b"]);
  expect(result.current).toMatchObject({ hasMore: false, error: null });
});

it("loads nothing without a sync, nor while it is not to", () => {
  const { client, asked } = aSlowServer();
  const nothing = { failures: [], isLoading: false, hasMore: false, error: null };
  for (const given of [{ syncId: null }, { enabled: false }]) {
    const { result } = renderFailures({ client, ...given });
    act(() => result.current.loadMore());
    expect(result.current).toMatchObject(nothing);
  }
  expect(asked).toEqual([]);
});

it("forgets what it has when it is switched off, and begins anew when it is switched on", async () => {
  const { client, asked } = aSlowServer();
  const { rerender, items } = renderFailures({ client });
  await answerLast(asked, pageOf(["a"], "2"));
  rerender({ client, enabled: false });
  expect(items()).toEqual([]);
  rerender({ client, enabled: true });
  expect(items()).toEqual([]);
  await answerLast(asked, pageOf(["a"], "2"));
  expect(items()).toEqual(["a"]);
});

it("takes its question back when it is unmounted", () => {
  const { client, asked } = aSlowServer();
  const { unmount } = renderFailures({ client });
  unmount();
  expect(asked.map(({ signal }) => signal?.aborted)).toEqual([true]);
});

it("loads the first page once under StrictMode", async () => {
  const { client, asked } = aSlowServer();
  const { items } = renderFailures({ client }, StrictMode);
  expect(asked.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  await answerLast(asked, pageOf(["a"]));
  expect(items()).toEqual(["a"]);
});

it("never shows the failures of one sync or account under another", async () => {
  const ada = aSlowServer();
  const bob = aSlowServer();
  const seen: string[] = [];
  const { rerender, result } = renderHook(
    ({ client, syncId }) => {
      const state = useSyncFailures(syncId, { client });
      const whose = client === ada.client ? "Ada" : "Bob";
      for (const { item } of state.failures) seen.push(`${item} under ${syncId} of ${whose}`);
      return state;
    },
    { initialProps: { client: ada.client, syncId: "sync-1" } },
  );
  await answerLast(ada.asked, pageOf(["mail"], "2"));
  const { loadMore } = result.current;
  act(() => loadMore());
  rerender({ client: ada.client, syncId: "sync-2" });
  expect(ada.asked.slice(1).map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  expect(result.current).toMatchObject({ failures: [], isLoading: true });
  await answerLast(ada.asked, pageOf(["letter"], "9"));
  rerender({ client: bob.client, syncId: "sync-2" });
  expect(result.current).toMatchObject({ failures: [], isLoading: true });
  await answerLast(bob.asked, pageOf(["note"], "5"));
  expect([...new Set(seen)]).toEqual([
    "mail under sync-1 of Ada",
    "letter under sync-2 of Ada",
    "note under sync-2 of Bob",
  ]);
  act(() => loadMore());
  expect(bob.asked.at(-1)?.url).toContain("/sync-2/failures?cursor=5");
  expect(ada.asked).toHaveLength(3);
});
