import { act, render, renderHook } from "@testing-library/react";
import * as React from "react";
import { StrictMode } from "react";
import { expect, it } from "vitest";
import type { SyncClient } from "../../src/client/sync-client.js";
import { useSyncFailures } from "../../src/react/use-sync-failures.js";
import { aSlowServer, type PendingRequest } from "./a-slow-server.js";

const pageOf = (items: readonly string[], nextCursor: string | null = null) =>
  Response.json({ failures: items.map((item) => ({ item, reason: "Too large." })), next_cursor: nextCursor });
const aFailure = () => Response.json({ success: false, error: "The disk is full." }, { status: 503 });

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

const respondLast = (requests: readonly PendingRequest[], response: Response) =>
  act(async () => requests.at(-1)?.respond(response));

it("loads page by page", async () => {
  const { client, requests } = aSlowServer();
  const { result, items } = renderFailures({ client });
  expect(result.current).toMatchObject({ failures: [], isLoading: true, hasMore: false, error: null });
  await respondLast(requests, pageOf(["a", "b"], "2"));
  expect(items()).toEqual(["a", "b"]);
  expect(result.current).toMatchObject({ isLoading: false, hasMore: true });
  act(() => result.current.loadMore());
  expect(result.current.isLoading).toBe(true);
  await respondLast(requests, pageOf(["c"]));
  expect(items()).toEqual(["a", "b", "c"]);
  expect(result.current).toMatchObject({ isLoading: false, hasMore: false, error: null });
  expect(requests.map(({ url }) => url)).toEqual([
    "https://api.test/sync-progress/sync-1/failures",
    "https://api.test/sync-progress/sync-1/failures?cursor=2",
  ]);
});

it("loads a page once, however often loadMore is called", async () => {
  const { client, requests } = aSlowServer();
  const { result, items } = renderFailures({ client });
  act(() => result.current.loadMore());
  await respondLast(requests, pageOf(["a"], "2"));
  act(() => {
    result.current.loadMore();
    result.current.loadMore();
  });
  await respondLast(requests, pageOf(["b"]));
  expect(requests).toHaveLength(2);
  expect(items()).toEqual(["a", "b"]);
});

it("requests nothing after the last page", async () => {
  const { client, requests } = aSlowServer();
  const { result, items } = renderFailures({ client });
  await respondLast(requests, pageOf(["a"]));
  act(() => result.current.loadMore());
  expect(requests).toHaveLength(1);
  expect(items()).toEqual(["a"]);
});

it("requests a failed page again", async () => {
  const { client, requests } = aSlowServer();
  const { result, items } = renderFailures({ client });
  await respondLast(requests, aFailure());
  expect(result.current).toMatchObject({ isLoading: false, hasMore: true, error: { message: "The disk is full." } });
  act(() => result.current.loadMore());
  expect(result.current).toMatchObject({ isLoading: true, error: null });
  await respondLast(requests, pageOf(["a"], "2"));
  act(() => result.current.loadMore());
  await respondLast(requests, aFailure());
  expect(items()).toEqual(["a"]);
  act(() => result.current.loadMore());
  await respondLast(requests, pageOf(["b"]));
  expect(items()).toEqual(["a", "b"]);
  expect(result.current).toMatchObject({ hasMore: false, error: null });
});

it("loads nothing without a sync, nor while it is disabled", () => {
  const { client, requests } = aSlowServer();
  const nothing = { failures: [], isLoading: false, hasMore: false, error: null };
  for (const given of [{ syncId: null }, { enabled: false }]) {
    const { result } = renderFailures({ client, ...given });
    act(() => result.current.loadMore());
    expect(result.current).toMatchObject(nothing);
  }
  expect(requests).toEqual([]);
});

it("drops its items when it is disabled, and starts over when it is enabled", async () => {
  const { client, requests } = aSlowServer();
  const { rerender, items } = renderFailures({ client });
  await respondLast(requests, pageOf(["a"], "2"));
  rerender({ client, enabled: false });
  expect(items()).toEqual([]);
  rerender({ client, enabled: true });
  expect(items()).toEqual([]);
  await respondLast(requests, pageOf(["a"], "2"));
  expect(items()).toEqual(["a"]);
});

it("aborts its request when it is unmounted", () => {
  const { client, requests } = aSlowServer();
  const { unmount } = renderFailures({ client });
  unmount();
  expect(requests.map(({ signal }) => signal?.aborted)).toEqual([true]);
});

it("loads the first page once under StrictMode", async () => {
  const { client, requests } = aSlowServer();
  const { items } = renderFailures({ client }, StrictMode);
  expect(requests.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  await respondLast(requests, pageOf(["a"]));
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
  await respondLast(ada.requests, pageOf(["mail"], "2"));
  const { loadMore } = result.current;
  act(() => loadMore());
  rerender({ client: ada.client, syncId: "sync-2" });
  expect(ada.requests.slice(1).map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  expect(result.current).toMatchObject({ failures: [], isLoading: true });
  await respondLast(ada.requests, pageOf(["letter"], "9"));
  rerender({ client: bob.client, syncId: "sync-2" });
  expect(result.current).toMatchObject({ failures: [], isLoading: true });
  await respondLast(bob.requests, pageOf(["note"], "5"));
  expect([...new Set(seen)]).toEqual([
    "mail under sync-1 of Ada",
    "letter under sync-2 of Ada",
    "note under sync-2 of Bob",
  ]);
  act(() => loadMore());
  expect(bob.requests.at(-1)?.url).toContain("/sync-2/failures?cursor=5");
  expect(ada.requests).toHaveLength(3);
});

// React 18 has no Activity.
it.skipIf(!("Activity" in React))("keeps its items while hidden, and loads them again once shown", async () => {
  const { client, requests } = aSlowServer();
  const seen: string[] = [];
  function Host() {
    const { failures } = useSyncFailures("sync-1", { client });
    seen.push(failures.map(({ item }) => item).join());
    return null;
  }
  const page = (mode: "visible" | "hidden") => (
    <React.Activity mode={mode}>
      <Host />
    </React.Activity>
  );
  const { rerender } = render(page("visible"));
  await respondLast(requests, pageOf(["a"], "2"));
  rerender(page("hidden"));
  rerender(page("visible"));
  expect(seen.at(-1)).toBe("a");
  await respondLast(requests, pageOf(["a", "b"], "3"));
  expect(seen.at(-1)).toBe("a,b");
});
