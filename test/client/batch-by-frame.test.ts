import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { batchByFrame } from "../../src/client/batch-by-frame.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("telling once a frame", () => {
  it("tells with the next frame, however often it is notified", () => {
    const frames = new Map<number, () => void>();
    vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.set(frames.size + 1, run).size);
    vi.stubGlobal("cancelAnimationFrame", (id: number) => frames.delete(id));
    const listener = vi.fn();
    const { notify, cancel } = batchByFrame(listener);
    for (let count = 0; count < 100; count += 1) notify();
    expect(frames.size).toBe(1);
    expect(listener).not.toHaveBeenCalled();
    frames.get(1)?.();
    expect(listener).toHaveBeenCalledTimes(1);
    expect([frames.size, vi.getTimerCount()]).toEqual([0, 0]);
    notify();
    cancel();
    expect([frames.size, vi.getTimerCount()]).toEqual([0, 0]);
    vi.advanceTimersByTime(1_000);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("tells by timer where no frames run", () => {
    const listener = vi.fn();
    const { notify } = batchByFrame(listener);
    notify();
    vi.advanceTimersByTime(99);
    expect(listener).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(listener).toHaveBeenCalledTimes(1);
    notify();
    vi.advanceTimersByTime(100);
    expect(listener).toHaveBeenCalledTimes(2);
  });
});
