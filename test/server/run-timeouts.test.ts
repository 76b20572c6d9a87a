import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setLongTimeout } from "../../src/server/long-timeout.js";
import { RunClocks } from "../../src/server/run-timeouts.js";

const DAY_MS = 24 * 60 * 60 * 1_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a timeout of any length", () => {
  it.each([0, 1, 24 * DAY_MS, 2_147_483_647, 2_147_483_648, 100 * DAY_MS])("fires after %s ms and once", (ms) => {
    const callback = vi.fn();
    setLongTimeout(callback, ms);
    vi.advanceTimersByTime(Math.max(0, ms - 1));
    expect(callback).toHaveBeenCalledTimes(ms === 0 ? 1 : 0);
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(100 * DAY_MS);
    expect(callback).toHaveBeenCalledOnce();
  });

  it("never fires if it is Infinity, and holds no timer", () => {
    const clear = setLongTimeout(() => {}, Number.POSITIVE_INFINITY);
    expect(vi.getTimerCount()).toBe(0);
    clear();
  });

  it("can be cleared at any time", () => {
    const callback = vi.fn();
    const clear = setLongTimeout(callback, 60 * DAY_MS);
    vi.advanceTimersByTime(50 * DAY_MS);
    clear();
    vi.advanceTimersByTime(50 * DAY_MS);
    expect(callback).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the clocks of a run", () => {
  it("tell its length and its silence apart, and hold no timer once stopped", () => {
    const onTimeout = vi.fn();
    const clocks = new RunClocks({ totalMs: 31 * DAY_MS, idleMs: 30 * DAY_MS }, onTimeout);
    clocks.touch();
    expect(vi.getTimerCount()).toBe(0);
    clocks.start();
    clocks.start();
    vi.advanceTimersByTime(20 * DAY_MS);
    clocks.touch();
    vi.advanceTimersByTime(10.9 * DAY_MS);
    expect(onTimeout).not.toHaveBeenCalled();
    vi.advanceTimersByTime(0.2 * DAY_MS);
    expect(onTimeout).toHaveBeenCalledExactlyOnceWith("The sync took longer than 44640 minutes, so it was stopped.");
    clocks.stop();
    clocks.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
