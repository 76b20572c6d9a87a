import { act, renderHook } from "@testing-library/react";
import { StrictMode } from "react";
import { expect, it } from "vitest";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { encodeSyncPage } from "../../src/protocol/sync-page.js";
import { useActiveSyncs } from "../../src/react/use-active-syncs.js";
import { aClient } from "../client/a-client.js";
import { aSnapshot } from "../support/a-snapshot.js";

const listOf = (...syncIds: readonly string[]) =>
  Response.json(
    encodeSyncPage({
      syncs: syncIds.map((syncId) => aSnapshot({ syncId })),
      nextCursor: null,
      hasFeed: false,
      viewer: null,
    }),
  );

it("has what runs, in numbers too, and drops what is dismissed", async () => {
  const { client, sources, requests } = aClient({}, () => listOf("a", "b"));
  const { result, unmount } = renderHook(() => useActiveSyncs({ client }), { wrapper: StrictMode });
  expect(result.current).toMatchObject({ syncs: [], isLoading: true, aggregate: { total: 0 } });
  await act(async () => {});
  expect(result.current).toMatchObject({ isLoading: false, error: null, aggregate: { total: 2, running: 2 } });

  const send = (index: number, snapshot: Partial<SyncSnapshot>) =>
    act(async () => sources[index]?.emit("progress", { data: JSON.stringify(encodeSnapshot(aSnapshot(snapshot))) }));
  await send(0, { syncId: "a", status: "syncing" });
  await send(0, { syncId: "a", status: "error", seq: 9 });
  expect(result.current.aggregate).toMatchObject({ running: 1, failed: 1 });
  expect(result.current.syncs.map(({ syncId }) => syncId)).toEqual(["b", "a"]);

  await act(async () => result.current.dismiss("a"));
  expect(result.current.syncs.map(({ syncId }) => syncId)).toEqual(["b"]);
  expect(requests).toHaveLength(1);
  unmount();
});
