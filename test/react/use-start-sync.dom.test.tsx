import { act, renderHook, waitFor } from "@testing-library/react";
import { StrictMode } from "react";
import { expect, it } from "vitest";
import { useStartSync } from "../../src/react/use-start-sync.js";
import { aSlowServer } from "./a-slow-server.js";

const started = (syncId: string) => Response.json({ success: true, sync_id: syncId }, { status: 202 });

/** The hook under StrictMode, and a server that responds when the test says so. */
function renderStarter() {
  const { client, requests } = aSlowServer();
  const view = renderHook(({ type, client }) => useStartSync(type, { client }), {
    initialProps: { type: "gmail", client },
    wrapper: StrictMode,
  });
  return { client, requests, ...view };
}

it("starts once, however often start is called while one is pending", async () => {
  const { requests, result } = renderStarter();
  let ids: Promise<string[]> | undefined;
  act(() => {
    ids = Promise.all([result.current.start(), result.current.start()]);
  });
  expect(result.current).toMatchObject({ isStarting: true, syncId: null, error: null });
  await act(async () => requests[0]?.respond(started("one")));
  expect(await ids).toEqual(["one", "one"]);
  expect(requests).toHaveLength(1);
  expect(result.current).toMatchObject({ isStarting: false, syncId: "one" });
});

it("has the error of a refused start until the next start", async () => {
  const { requests, result } = renderStarter();
  await act(async () => {
    const refused = expect(result.current.start()).rejects.toThrow("The disk is full.");
    requests[0]?.respond(Response.json({ success: false, error: "The disk is full." }, { status: 503 }));
    await refused;
  });
  expect(result.current.error?.message).toBe("The disk is full.");
  await act(async () => void result.current.start());
  expect(result.current).toMatchObject({ isStarting: true, error: null });
});

it("shows the start of the current integration, whatever was started before", async () => {
  const { client, requests, result, rerender } = renderStarter();
  await act(async () => void result.current.start());
  rerender({ type: "slack", client });
  expect(result.current).toMatchObject({ isStarting: false, syncId: null });
  await act(async () => void result.current.start());
  expect(requests.map(({ url }) => url)).toEqual([
    "https://api.test/integrations/gmail/sync",
    "https://api.test/integrations/slack/sync",
  ]);
  await act(async () => requests[0]?.respond(started("of gmail")));
  expect(result.current).toMatchObject({ isStarting: true, syncId: null });
  await act(async () => requests[1]?.respond(started("of slack")));
  await waitFor(() => expect(result.current).toMatchObject({ isStarting: false, syncId: "of slack" }));
});

it("shows nothing of one account under another", async () => {
  const { requests: requestsOfAda, result, rerender } = renderStarter();
  await act(async () => void result.current.start());
  await act(async () => requestsOfAda[0]?.respond(started("of Ada")));
  expect(result.current.syncId).toBe("of Ada");
  const bob = aSlowServer();
  rerender({ type: "gmail", client: bob.client });
  expect(result.current).toMatchObject({ isStarting: false, syncId: null, error: null });
});

it("starts for the current account, also while a start of another one is pending", async () => {
  const { requests: requestsOfAda, result, rerender } = renderStarter();
  await act(async () => void result.current.start());
  const bob = aSlowServer();
  rerender({ type: "gmail", client: bob.client });
  expect(result.current.isStarting).toBe(false);
  let id: Promise<string> | undefined;
  act(() => {
    id = result.current.start();
  });
  expect(bob.requests).toHaveLength(1);
  await act(async () => requestsOfAda[0]?.respond(started("of Ada")));
  expect(result.current).toMatchObject({ isStarting: true, syncId: null });
  await act(async () => bob.requests[0]?.respond(started("of Bob")));
  expect(await id).toBe("of Bob");
  expect(result.current).toMatchObject({ isStarting: false, syncId: "of Bob" });
});
