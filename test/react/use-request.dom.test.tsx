import { act, renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { SyncRequestError } from "../../src/client/sync-request.js";
import { useRequest } from "../../src/react/use-request.js";

/** A request whose responses the test gives. */
function aRequest() {
  const pending: { readonly resolve: (data: string) => void; readonly reject: (reason: unknown) => void }[] = [];
  const load = vi.fn(
    (_signal: AbortSignal) => new Promise<string>((resolve, reject) => void pending.push({ resolve, reject })),
  );
  return { load, pending };
}

const renderRequest = (load: (signal: AbortSignal) => Promise<string>) =>
  renderHook(({ load }) => useRequest(load), { initialProps: { load } });

it("ignores the response to a request that was replaced, even if nothing aborts it", async () => {
  const { load, pending } = aRequest();
  const { result } = renderRequest(load);
  act(() => void result.current.reload());
  await act(async () => pending[1]?.resolve("new"));
  await act(async () => pending[0]?.resolve("old"));
  expect(result.current).toMatchObject({ data: "new", isLoading: false, error: null });
  act(() => void result.current.reload());
  act(() => void result.current.reload());
  await act(async () => pending[2]?.reject(new Error("late")));
  expect(result.current).toMatchObject({ data: "new", error: null });
});

it("renders nothing of one request under another, nor a late response to an earlier one", async () => {
  const ada = aRequest();
  const bob = aRequest();
  const seen = new Set<string>();
  const { result, rerender } = renderHook(
    ({ load }) => {
      const request = useRequest(load);
      if (request.data !== null) seen.add(`${request.data} for ${load === ada.load ? "Ada" : "Bob"}`);
      return request;
    },
    { initialProps: { load: ada.load } },
  );
  await act(async () => ada.pending[0]?.resolve("mail of Ada"));
  act(() => void result.current.reload());
  rerender({ load: bob.load });
  await act(async () => ada.pending[1]?.resolve("news of Ada"));
  expect(result.current).toMatchObject({ data: null, isLoading: true });
  await act(async () => bob.pending[0]?.resolve("mail of Bob"));
  rerender({ load: ada.load });
  expect(result.current).toMatchObject({ data: null, isLoading: true });
  expect([...seen]).toEqual(["mail of Ada for Ada", "mail of Bob for Bob"]);
});

it("sends nothing after it is unmounted", async () => {
  const { load } = aRequest();
  const { result, unmount } = renderRequest(load);
  const { reload } = result.current;
  unmount();
  await reload();
  expect(load).toHaveBeenCalledTimes(1);
  expect(load.mock.calls[0]?.[0].aborted).toBe(true);
});

it.each([
  ["an Error", new TypeError("no network"), "no network"],
  ["something else", "no network", "no network"],
])("has a SyncRequestError, whatever a transport rejects with: %s", async (_, reason, message) => {
  const { load, pending } = aRequest();
  const { result } = renderRequest(load);
  await act(async () => pending[0]?.reject(reason));
  expect(result.current.error).toBeInstanceOf(SyncRequestError);
  expect(result.current.error).toMatchObject({ message, status: null });
});
