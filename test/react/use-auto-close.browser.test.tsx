import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { type UseAutoCloseOptions, useAutoClose } from "../../src/react/use-auto-close.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { setUpMockBackends } from "./mock-backend.js";

const backends = setUpMockBackends();
afterEach(cleanup);

type Ending = "finish" | "crash" | "partial";

/** The countdown of a sync that has ended. */
async function complete(options: Partial<UseAutoCloseOptions> = {}, ending: Ending = "finish") {
  const { backend, client } = backends.start();
  const syncId = await backend.startSync();
  const onClose = vi.fn();
  const hook = renderHook(
    (changed: Partial<UseAutoCloseOptions>) => {
      const progress = useSyncProgress(syncId, { client });
      const autoClose = useAutoClose(progress, { onClose, ...options, ...changed });
      return { progress, autoClose };
    },
    { initialProps: {} },
  );
  const current = () => hook.result.current;
  await vi.waitFor(() => expect(current().progress.connection).toBe("live"));
  expect(current().autoClose.status).toBe("waiting");
  if (ending === "partial") backend.driver.fail();
  if (ending === "crash") backend.driver.crash();
  else backend.driver.finish();
  await vi.waitFor(() => expect(current().progress.isTerminal).toBe(true));
  return { autoClose: () => current().autoClose, rerender: hook.rerender, onClose };
}

it("closes once, after its time", async () => {
  const { autoClose, onClose } = await complete({ durationMs: 50 });
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
  await vi.waitFor(() => expect(autoClose()).toMatchObject({ status: "done", remainingMs: null }));
});

it("counts down from 3 seconds by default", async () => {
  const { autoClose } = await complete();
  await vi.waitFor(() => expect(autoClose()).toMatchObject({ status: "counting", remainingMs: 3_000 }));
});

it.each(["crash", "partial"] as const)("stays open when the sync did not go well: %s", async (ending) => {
  const { autoClose, onClose } = await complete({ durationMs: 1 }, ending);
  await vi.waitFor(() => expect(autoClose().status).toBe("off"));
  expect(onClose).not.toHaveBeenCalled();
});

it("can be held and released, kept open, switched off and on", async () => {
  const { autoClose, rerender, onClose } = await complete({ durationMs: 60_000 });
  await vi.waitFor(() => expect(autoClose().status).toBe("counting"));
  act(() => autoClose().hold("hover"));
  act(() => autoClose().hold("focus"));
  act(() => autoClose().release("hover"));
  expect(autoClose().status).toBe("held");
  act(() => autoClose().release("focus"));
  expect(autoClose().status).toBe("counting");
  rerender({ durationMs: false });
  expect(autoClose().status).toBe("off");
  rerender({ durationMs: 90_000 });
  expect(autoClose()).toMatchObject({ status: "counting", remainingMs: 90_000 });
  act(() => autoClose().keepOpen());
  expect(autoClose()).toMatchObject({ status: "kept-open", remainingMs: null });
  expect(onClose).not.toHaveBeenCalled();
});
