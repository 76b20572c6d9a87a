import { act, renderHook } from "@testing-library/react";
import { StrictMode } from "react";
import { expect, it, vi } from "vitest";
import type { SyncClient } from "../../src/client/sync-client.js";
import { useIntegrations } from "../../src/react/use-integrations.js";
import { type AskedRequest, aSlowServer } from "./a-slow-server.js";

const listOf = (...types: readonly string[]) =>
  Response.json({ success: true, integrations: types.map((type) => ({ type })), connected_count: types.length });
const outOfOrder = () => Response.json({ success: false, error: "The disk is full." }, { status: 503 });

function renderList(client: SyncClient) {
  const view = renderHook(({ client }) => useIntegrations({ client }), { initialProps: { client } });
  return { ...view, types: () => view.result.current.integrations.map(({ type }) => type) };
}

const answerLast = (asked: readonly AskedRequest[], response: Response) =>
  act(async () => asked.at(-1)?.answer(response));

function showPage(isShown: boolean): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(isShown ? "visible" : "hidden");
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
}

it("loads the list", async () => {
  const { client, asked } = aSlowServer();
  const { result, types } = renderList(client);
  expect(result.current).toMatchObject({ integrations: [], isLoading: true, error: null });
  await answerLast(asked, listOf("gmail", "slack"));
  expect(result.current).toMatchObject({ isLoading: false, error: null });
  expect(types()).toEqual(["gmail", "slack"]);
  expect(asked.map(({ url }) => url)).toEqual(["https://api.test/integrations"]);
});

it("says why the list cannot be loaded, until it can", async () => {
  const { client, asked } = aSlowServer();
  const { result, types } = renderList(client);
  await answerLast(asked, outOfOrder());
  expect(result.current).toMatchObject({ integrations: [], isLoading: false, error: { message: "The disk is full." } });
  await act(async () => void result.current.reload());
  await answerLast(asked, listOf("gmail"));
  expect(result.current.error).toBeNull();
  expect(types()).toEqual(["gmail"]);
});

it("loads the list anew when a sync is started", async () => {
  const { client, asked } = aSlowServer();
  const { types } = renderList(client);
  await answerLast(asked, listOf("gmail"));
  await act(async () => void client.startSync("gmail"));
  await answerLast(asked, Response.json({ success: true, sync_id: "new" }, { status: 202 }));
  expect(types()).toEqual(["gmail"]);
  await answerLast(asked, listOf("gmail", "slack"));
  expect(types()).toEqual(["gmail", "slack"]);
});

it("keeps the list while a reload is under way, and when it fails", async () => {
  const { client, asked } = aSlowServer();
  const { result, types } = renderList(client);
  await answerLast(asked, listOf("gmail"));
  await act(async () => void result.current.reload());
  expect(result.current).toMatchObject({ isLoading: false, error: null });
  expect(types()).toEqual(["gmail"]);
  await answerLast(asked, outOfOrder());
  expect(result.current).toMatchObject({ isLoading: false, error: { message: "The disk is full." } });
  expect(types()).toEqual(["gmail"]);
});

it("takes the answer to the newest question", async () => {
  const { client, asked } = aSlowServer();
  const { result, types } = renderList(client);
  await act(async () => void result.current.reload());
  expect(asked.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  await answerLast(asked, listOf("gmail", "slack"));
  await act(async () => asked[0]?.answer(listOf("gmail")));
  expect(types()).toEqual(["gmail", "slack"]);
  expect(result.current.error).toBeNull();
});

it("loads the list anew when the page is shown again", async () => {
  const { client, asked } = aSlowServer();
  const { unmount } = renderList(client);
  await answerLast(asked, listOf("gmail"));
  showPage(false);
  expect(asked).toHaveLength(1);
  showPage(true);
  expect(asked).toHaveLength(2);
  unmount();
  showPage(true);
  expect(asked).toHaveLength(2);
  vi.restoreAllMocks();
});

it("takes its question back when it is unmounted, and asks no more", async () => {
  const { client, asked } = aSlowServer();
  const { unmount } = renderList(client);
  unmount();
  expect(asked[0]?.signal?.aborted).toBe(true);
  await act(async () => void client.startSync("gmail"));
  await answerLast(asked, Response.json({ success: true, sync_id: "new" }, { status: 202 }));
  expect(asked).toHaveLength(2);
});

it("loads under StrictMode as well, where the first question is taken back", async () => {
  const { client, asked } = aSlowServer();
  const { result } = renderHook(() => useIntegrations({ client }), { wrapper: StrictMode });
  expect(asked.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  await answerLast(asked, listOf("gmail"));
  expect(result.current).toMatchObject({ integrations: [{ type: "gmail" }], isLoading: false, error: null });
});

it("answers nothing of one account under another", async () => {
  const ada = aSlowServer();
  const { result, rerender, types } = renderList(ada.client);
  await answerLast(ada.asked, listOf("mail of Ada"));
  const bob = aSlowServer();
  rerender({ client: bob.client });
  expect(result.current).toMatchObject({ integrations: [], isLoading: true, error: null });
  await answerLast(bob.asked, outOfOrder());
  expect(result.current).toMatchObject({ integrations: [], isLoading: false, error: { message: "The disk is full." } });
  await act(async () => void result.current.reload());
  await answerLast(bob.asked, listOf("mail of Bob"));
  expect(types()).toEqual(["mail of Bob"]);
});

it("asks the account signed in now, also by a reload that was handed out before", async () => {
  const ada = aSlowServer();
  const { result, rerender, types } = renderList(ada.client);
  const { reload } = result.current;
  const bob = aSlowServer();
  rerender({ client: bob.client });
  await act(async () => void reload());
  expect(ada.asked).toHaveLength(1);
  await answerLast(bob.asked, listOf("mail of Bob"));
  expect(types()).toEqual(["mail of Bob"]);
});
