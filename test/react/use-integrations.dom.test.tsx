import { act, renderHook } from "@testing-library/react";
import { StrictMode } from "react";
import { expect, it, vi } from "vitest";
import type { SyncClient } from "../../src/client/sync-client.js";
import { useIntegrations } from "../../src/react/use-integrations.js";
import { aClient } from "../client/a-client.js";
import { aSlowServer, type PendingRequest } from "./a-slow-server.js";

const listOf = (...types: readonly string[]) =>
  Response.json({ success: true, integrations: types.map((type) => ({ type })), connected_count: types.length });
const aFailure = () => Response.json({ success: false, error: "The disk is full." }, { status: 503 });

function renderList(client: SyncClient) {
  const view = renderHook(({ client }) => useIntegrations({ client }), { initialProps: { client } });
  return { ...view, types: () => view.result.current.integrations.map(({ type }) => type) };
}

const respondLast = (requests: readonly PendingRequest[], response: Response) =>
  act(async () => requests.at(-1)?.respond(response));

function showPage(isShown: boolean): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(isShown ? "visible" : "hidden");
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
}

it("loads the list", async () => {
  const { client, requests } = aSlowServer();
  const { result, types } = renderList(client);
  expect(result.current).toMatchObject({ integrations: [], isLoading: true, error: null });
  await respondLast(requests, listOf("gmail", "slack"));
  expect(result.current).toMatchObject({ isLoading: false, error: null });
  expect(types()).toEqual(["gmail", "slack"]);
  expect(requests.map(({ url }) => url)).toEqual(["https://api.test/integrations"]);
});

it("has an error until the list can be loaded", async () => {
  const { client, requests } = aSlowServer();
  const { result, types } = renderList(client);
  await respondLast(requests, aFailure());
  expect(result.current).toMatchObject({ integrations: [], isLoading: false, error: { message: "The disk is full." } });
  await act(async () => void result.current.reload());
  await respondLast(requests, listOf("gmail"));
  expect(result.current.error).toBeNull();
  expect(types()).toEqual(["gmail"]);
});

it("loads the list again when a sync is started", async () => {
  const { client, requests } = aSlowServer();
  const { types } = renderList(client);
  await respondLast(requests, listOf("gmail"));
  await act(async () => void client.startSync("gmail"));
  await respondLast(requests, Response.json({ success: true, sync_id: "new" }, { status: 202 }));
  expect(types()).toEqual(["gmail"]);
  await respondLast(requests, listOf("gmail", "slack"));
  expect(types()).toEqual(["gmail", "slack"]);
});

it("keeps the list while a reload is under way, and when it fails", async () => {
  const { client, requests } = aSlowServer();
  const { result, types } = renderList(client);
  await respondLast(requests, listOf("gmail"));
  await act(async () => void result.current.reload());
  expect(result.current).toMatchObject({ isLoading: false, error: null });
  expect(types()).toEqual(["gmail"]);
  await respondLast(requests, aFailure());
  expect(result.current).toMatchObject({ isLoading: false, error: { message: "The disk is full." } });
  expect(types()).toEqual(["gmail"]);
});

it("takes the response to the newest request", async () => {
  const { client, requests } = aSlowServer();
  const { result, types } = renderList(client);
  await act(async () => void result.current.reload());
  expect(requests.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  await respondLast(requests, listOf("gmail", "slack"));
  await act(async () => requests[0]?.respond(listOf("gmail")));
  expect(types()).toEqual(["gmail", "slack"]);
  expect(result.current.error).toBeNull();
});

it("loads the list again when the page is shown again", async () => {
  const { client, requests } = aSlowServer();
  const { unmount } = renderList(client);
  await respondLast(requests, listOf("gmail"));
  showPage(false);
  expect(requests).toHaveLength(1);
  showPage(true);
  expect(requests).toHaveLength(2);
  unmount();
  showPage(true);
  expect(requests).toHaveLength(2);
  vi.restoreAllMocks();
});

it("aborts its request when it is unmounted, and sends no more", async () => {
  const { client, requests } = aSlowServer();
  const { unmount } = renderList(client);
  unmount();
  expect(requests[0]?.signal?.aborted).toBe(true);
  await act(async () => void client.startSync("gmail"));
  await respondLast(requests, Response.json({ success: true, sync_id: "new" }, { status: 202 }));
  expect(requests).toHaveLength(2);
});

it("loads under StrictMode as well, where the first request is aborted", async () => {
  const { client, requests } = aSlowServer();
  const { result } = renderHook(() => useIntegrations({ client }), { wrapper: StrictMode });
  expect(requests.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  await respondLast(requests, listOf("gmail"));
  expect(result.current).toMatchObject({ integrations: [{ type: "gmail" }], isLoading: false, error: null });
});

it("shows nothing of one account under another", async () => {
  const ada = aSlowServer();
  const { result, rerender, types } = renderList(ada.client);
  await respondLast(ada.requests, listOf("mail of Ada"));
  const bob = aSlowServer();
  rerender({ client: bob.client });
  expect(result.current).toMatchObject({ integrations: [], isLoading: true, error: null });
  await respondLast(bob.requests, aFailure());
  expect(result.current).toMatchObject({ integrations: [], isLoading: false, error: { message: "The disk is full." } });
  await act(async () => void result.current.reload());
  await respondLast(bob.requests, listOf("mail of Bob"));
  expect(types()).toEqual(["mail of Bob"]);
});

it("requests the list of the current account, also by a reload that was handed out before", async () => {
  const ada = aSlowServer();
  const { result, rerender, types } = renderList(ada.client);
  const { reload } = result.current;
  const bob = aSlowServer();
  rerender({ client: bob.client });
  await act(async () => void reload());
  expect(ada.requests).toHaveLength(1);
  await respondLast(bob.requests, listOf("mail of Bob"));
  expect(types()).toEqual(["mail of Bob"]);
});

it("loads the list again when a sync ends, and not while it runs", async () => {
  const { client, last, requests } = aClient({}, () =>
    Response.json({ success: true, integrations: [{ type: "gmail" }], connected_count: 1 }),
  );
  const unsubscribe = client.subscribe("sync-1", () => {});
  const loads = () => requests.filter((request) => request === "GET /api/integrations").length;
  renderList(client);
  await act(async () => last().send({ seq: 1 }));
  await act(async () => last().send({ seq: 2, status: "paused" }));
  expect(loads()).toBe(1);
  await act(async () => last().send({ seq: 3, status: "complete" }));
  expect(loads()).toBe(2);
  unsubscribe();
  client.close();
});
