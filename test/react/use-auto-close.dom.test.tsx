import { act, render, renderHook } from "@testing-library/react";
import * as React from "react";
import { StrictMode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SyncClient } from "../../src/client/sync-client.js";
import type { SyncStatus } from "../../src/protocol/status.js";
import { type AutoCloseControl, type UseAutoCloseOptions, useAutoClose } from "../../src/react/use-auto-close.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { aClient } from "../client/a-client.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "requestAnimationFrame", "cancelAnimationFrame"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

interface Given extends Partial<UseAutoCloseOptions> {
  readonly syncId?: string | null;
  readonly client?: SyncClient;
}

function useClosingProgress(client: SyncClient, syncId: string | null, options: UseAutoCloseOptions): AutoCloseControl {
  return useAutoClose(useSyncProgress(syncId, { client }), options);
}

/** The hook under StrictMode, in a time of its own, and syncs that end when the test says so. */
function renderCountdown(given: Given = {}) {
  const { client: first, sources } = aClient();
  const onClose = vi.fn();
  const view = renderHook(
    ({ syncId = "sync-1", client = first, ...options }: Given) =>
      useClosingProgress(client, syncId, { onClose, ...options }),
    { initialProps: given, wrapper: StrictMode },
  );
  const receive = async (syncId: string, status: SyncStatus) => {
    const source = sources.find(({ url, isClosed }) => url.includes(`/${syncId}/`) && !isClosed);
    act(() => source?.send({ syncId, status }));
    await pass(0);
  };
  return {
    ...view,
    client: first,
    onClose,
    autoClose: () => view.result.current,
    run: (syncId = "sync-1") => receive(syncId, "syncing"),
    complete: (syncId = "sync-1") => receive(syncId, "complete"),
  };
}

const pass = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

function showPage(isShown: boolean): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(isShown ? "visible" : "hidden");
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
}

describe("the countdown", () => {
  it("closes once, after its time", async () => {
    const { complete, autoClose, onClose } = renderCountdown();
    expect(autoClose().status).toBe("waiting");
    await complete();
    expect(autoClose()).toMatchObject({ status: "counting", remainingMs: 3_000 });
    await pass(2_999);
    expect(onClose).not.toHaveBeenCalled();
    await pass(60_000);
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(autoClose().status).toBe("done");
  });

  it("counts for a sync that had ended before, mounted twice as StrictMode does", async () => {
    const { complete, client } = renderCountdown();
    await complete();
    const onClose = vi.fn();
    const late = renderHook(() => useClosingProgress(client, "sync-1", { onClose }), { wrapper: StrictMode });
    expect(late.result.current).toMatchObject({ status: "counting", remainingMs: 3_000, heldBy: [] });
    await pass(3_000);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it("ends with its sync, and closes nothing of another one", async () => {
    const { run, complete, autoClose, rerender, onClose } = renderCountdown();
    await complete();
    rerender({ syncId: "sync-2" });
    expect(autoClose().status).toBe("waiting");
    await run("sync-2");
    await pass(10_000);
    expect(onClose).not.toHaveBeenCalled();
    await complete("sync-2");
    expect(autoClose()).toMatchObject({ status: "counting", remainingMs: 3_000 });
  });

  it("does not count under another account, though the sync has the same id", async () => {
    const { complete, autoClose, rerender, onClose } = renderCountdown();
    await complete();
    rerender({ client: aClient().client });
    expect(autoClose().status).toBe("waiting");
    await pass(60_000);
    expect(onClose).not.toHaveBeenCalled();
  });

  it("starts again with another duration", async () => {
    const { complete, autoClose, rerender, onClose } = renderCountdown();
    await complete();
    await pass(2_000);
    rerender({ durationMs: 9_000 });
    expect(autoClose()).toMatchObject({ status: "counting", remainingMs: 9_000 });
    rerender({ durationMs: false });
    await pass(60_000);
    expect(autoClose().status).toBe("off");
    expect(onClose).not.toHaveBeenCalled();
  });
});

describe("a display that is not open", () => {
  it("is not closed, and stays once it is opened to see how the sync ended", async () => {
    const { complete, autoClose, rerender, onClose } = renderCountdown({ open: false });
    expect(autoClose().status).toBe("off");
    await complete();
    rerender({ open: true });
    await pass(60_000);
    expect(autoClose().status).toBe("off");
    expect(onClose).not.toHaveBeenCalled();
  });

  it.each([
    ["during the countdown", 1_000],
    ["after it", 3_000],
  ])("stays when it is closed %s and opened once more", async (_, countedMs) => {
    const { complete, autoClose, rerender, onClose } = renderCountdown();
    await complete();
    await pass(countedMs);
    const calls = onClose.mock.calls.length;
    rerender({ open: false });
    rerender({ open: true });
    await pass(60_000);
    expect(autoClose().status).toBe("off");
    expect(onClose).toHaveBeenCalledTimes(calls);
  });

  it("is closed by itself after the next sync", async () => {
    const { complete, autoClose, rerender, onClose } = renderCountdown({ open: false });
    await complete();
    rerender({ open: true, syncId: "sync-2" });
    expect(autoClose().status).toBe("waiting");
    await complete("sync-2");
    await pass(3_000);
    expect(onClose).toHaveBeenCalledTimes(1);
  });
});

describe("a host that goes", () => {
  it("is not closed after it is unmounted", async () => {
    const { complete, unmount, onClose } = renderCountdown();
    await complete();
    unmount();
    await pass(60_000);
    expect(onClose).not.toHaveBeenCalled();
  });

  it("is not closed when the last reason to hold is released after that", async () => {
    const { complete, autoClose, unmount, onClose } = renderCountdown();
    await complete();
    act(() => autoClose().hold("announcement"));
    const { release } = autoClose();
    unmount();
    release("announcement");
    await pass(60_000);
    expect(onClose).not.toHaveBeenCalled();
  });
});

// React 18 has no Activity.
const describeActivity = "Activity" in React ? describe : () => {};
describeActivity("a host that is hidden and shown again", () => {
  async function renderHidable() {
    const { client, last } = aClient();
    const onClose = vi.fn();
    const seen: AutoCloseControl[] = [];
    function Host() {
      seen.push(useClosingProgress(client, "sync-1", { onClose }));
      return null;
    }
    const page = (isShown: boolean) => (
      <StrictMode>
        <React.Activity mode={isShown ? "visible" : "hidden"}>
          <Host />
        </React.Activity>
      </StrictMode>
    );
    const view = render(page(true));
    const show = async (isShown: boolean) => {
      view.rerender(page(isShown));
      await pass(0);
    };
    act(() => last().send({ status: "complete" }));
    await pass(1_000);
    const autoClose = () => {
      const control = seen.at(-1);
      if (control === undefined) throw new Error("nothing was rendered");
      return control;
    };
    expect(autoClose()).toMatchObject({ status: "counting", remainingMs: 2_000 });
    return { show, autoClose, onClose };
  }

  it("continues where it stood", async () => {
    const { show, autoClose, onClose } = await renderHidable();
    await show(false);
    await pass(60_000);
    expect(onClose).not.toHaveBeenCalled();
    await show(true);
    expect(autoClose()).toMatchObject({ status: "counting", remainingMs: 2_000, heldBy: [] });
    await pass(2_000);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it("stays open after keepOpen", async () => {
    const { show, autoClose, onClose } = await renderHidable();
    act(() => autoClose().keepOpen());
    await show(false);
    await show(true);
    await pass(60_000);
    expect(autoClose().status).toBe("kept-open");
    expect(onClose).not.toHaveBeenCalled();
  });

  it("is not closed a second time", async () => {
    const { show, autoClose, onClose } = await renderHidable();
    await pass(2_000);
    await show(false);
    await show(true);
    await pass(60_000);
    expect(autoClose().status).toBe("done");
    expect(onClose).toHaveBeenCalledTimes(1);
  });
});

describe("what holds the countdown", () => {
  it("is a hidden page, also one that was hidden before", async () => {
    showPage(false);
    const { complete, autoClose, onClose } = renderCountdown();
    await complete();
    await pass(60_000);
    expect(autoClose()).toMatchObject({ status: "held", remainingMs: 3_000, heldBy: ["hidden"] });
    showPage(true);
    await pass(3_000);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it.each(["hidden", "hover", "focus", "touch"] as const)("holds that of the next sync as well: %s", async (reason) => {
    const { complete, autoClose, rerender, onClose } = renderCountdown();
    await complete();
    if (reason === "hidden") showPage(false);
    else act(() => autoClose().hold(reason));
    rerender({ syncId: "sync-2" });
    await complete("sync-2");
    await pass(60_000);
    expect(autoClose()).toMatchObject({ status: "held", heldBy: [reason] });
    if (reason === "hidden") showPage(true);
    else act(() => autoClose().release(reason));
    await pass(3_000);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it.each(["announcement", "user"] as const)("does not hold that of the next sync: %s", async (reason) => {
    const { complete, autoClose, rerender } = renderCountdown();
    await complete();
    act(() => autoClose().hold(reason));
    rerender({ syncId: "sync-2" });
    await complete("sync-2");
    expect(autoClose()).toMatchObject({ status: "counting", heldBy: [] });
  });

  it("can be kept open before there is a sync", async () => {
    const { complete, autoClose, rerender } = renderCountdown({ syncId: null });
    act(() => autoClose().keepOpen());
    rerender({});
    await complete();
    expect(autoClose().status).toBe("kept-open");
  });
});
