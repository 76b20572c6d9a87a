import { act, renderHook, waitFor } from "@testing-library/react";
import { StrictMode } from "react";
import { expect, it } from "vitest";
import { useStartSync } from "../../src/react/use-start-sync.js";
import { aSlowServer } from "./a-slow-server.js";

const started = (syncId: string) => Response.json({ success: true, sync_id: syncId }, { status: 202 });

/** The hook under StrictMode, and a server that answers when it is told. */
function renderStarter() {
  const { client, asked } = aSlowServer();
  const view = renderHook(({ type, client }) => useStartSync(type, { client }), {
    initialProps: { type: "gmail", client },
    wrapper: StrictMode,
  });
  return { client, asked, ...view };
}

it("starts once, however often it is asked while the start is under way", async () => {
  const { asked, result } = renderStarter();
  let ids: Promise<string[]> | undefined;
  act(() => {
    ids = Promise.all([result.current.start(), result.current.start()]);
  });
  expect(result.current).toMatchObject({ isStarting: true, syncId: null, error: null });
  await act(async () => asked[0]?.answer(started("one")));
  expect(await ids).toEqual(["one", "one"]);
  expect(asked).toHaveLength(1);
  expect(result.current).toMatchObject({ isStarting: false, syncId: "one" });
});

it("says why a start was refused, until the next one", async () => {
  const { asked, result } = renderStarter();
  await act(async () => {
    const refused = expect(result.current.start()).rejects.toThrow("The disk is full.");
    asked[0]?.answer(Response.json({ success: false, error: "The disk is full." }, { status: 503 }));
    await refused;
  });
  expect(result.current.error?.message).toBe("The disk is full.");
  await act(async () => void result.current.start());
  expect(result.current).toMatchObject({ isStarting: true, error: null });
});

it("knows of the integration that it is about now, whatever was started before", async () => {
  const { client, asked, result, rerender } = renderStarter();
  await act(async () => void result.current.start());
  rerender({ type: "slack", client });
  expect(result.current).toMatchObject({ isStarting: false, syncId: null });
  await act(async () => void result.current.start());
  expect(asked.map(({ url }) => url)).toEqual([
    "https://api.test/integrations/gmail/sync",
    "https://api.test/integrations/slack/sync",
  ]);
  await act(async () => asked[0]?.answer(started("of gmail")));
  expect(result.current).toMatchObject({ isStarting: true, syncId: null });
  await act(async () => asked[1]?.answer(started("of slack")));
  await waitFor(() => expect(result.current).toMatchObject({ isStarting: false, syncId: "of slack" }));
});

it("answers nothing of one account under another", async () => {
  const { asked: askedOfAda, result, rerender } = renderStarter();
  await act(async () => void result.current.start());
  await act(async () => askedOfAda[0]?.answer(started("of Ada")));
  expect(result.current.syncId).toBe("of Ada");
  const bob = aSlowServer();
  rerender({ type: "gmail", client: bob.client });
  expect(result.current).toMatchObject({ isStarting: false, syncId: null, error: null });
});

it("starts for the account signed in now, also while a start of another is under way", async () => {
  const { asked: askedOfAda, result, rerender } = renderStarter();
  await act(async () => void result.current.start());
  const bob = aSlowServer();
  rerender({ type: "gmail", client: bob.client });
  expect(result.current.isStarting).toBe(false);
  let id: Promise<string> | undefined;
  act(() => {
    id = result.current.start();
  });
  expect(bob.asked).toHaveLength(1);
  await act(async () => askedOfAda[0]?.answer(started("of Ada")));
  expect(result.current).toMatchObject({ isStarting: true, syncId: null });
  await act(async () => bob.asked[0]?.answer(started("of Bob")));
  expect(await id).toBe("of Bob");
  expect(result.current).toMatchObject({ isStarting: false, syncId: "of Bob" });
});
