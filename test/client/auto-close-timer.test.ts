import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AutoCloseTimer } from "../../src/client/auto-close-timer.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
  vi.useRealTimers();
});

function aTimer() {
  const onClose = vi.fn();
  const timer = new AutoCloseTimer(onClose);
  const seen: (number | null)[] = [];
  timer.subscribe(() => seen.push(timer.view.remainingMs));
  return { timer, onClose, seen };
}

describe("the auto-close countdown", () => {
  it("notifies every second and closes once", () => {
    const { timer, onClose, seen } = aTimer();
    timer.start(2_500);
    expect(timer.view).toEqual({ status: "counting", remainingMs: 2_500, heldBy: [] });
    vi.advanceTimersByTime(500);
    expect(timer.view.remainingMs).toBe(2_000);
    vi.advanceTimersByTime(1_999);
    expect(onClose).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(timer.view).toEqual({ status: "done", remainingMs: null, heldBy: [] });
    expect(seen).toEqual([2_500, 2_000, 1_000, null]);
    vi.advanceTimersByTime(10_000);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it("starts once", () => {
    const { timer } = aTimer();
    timer.start(3_000);
    vi.advanceTimersByTime(1_000);
    timer.start(9_000);
    expect(timer.view.remainingMs).toBe(2_000);
  });

  it("stands still until every reason to hold it is released", () => {
    const { timer, onClose } = aTimer();
    timer.start(3_000);
    vi.advanceTimersByTime(1_000);
    timer.hold("hover");
    timer.hold("focus");
    vi.advanceTimersByTime(60_000);
    expect(timer.view).toEqual({ status: "held", remainingMs: 2_000, heldBy: ["hover", "focus"] });
    timer.release("hover");
    expect(timer.view.status).toBe("held");
    timer.release("focus");
    expect(timer.view).toEqual({ status: "counting", remainingMs: 2_000, heldBy: [] });
    vi.advanceTimersByTime(2_000);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it("can be held before it starts", () => {
    const { timer, onClose } = aTimer();
    timer.hold("hidden");
    timer.start(1_000);
    vi.advanceTimersByTime(5_000);
    expect(timer.view).toEqual({ status: "held", remainingMs: 1_000, heldBy: ["hidden"] });
    timer.release("hidden");
    vi.advanceTimersByTime(1_000);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it("ignores the release of a reason that it is not held for", () => {
    const { timer, seen } = aTimer();
    timer.start(3_000);
    timer.release("hover");
    expect(seen).toEqual([3_000]);
  });

  it("is ended for good when it is to be kept open, before or after it starts", () => {
    const { timer, onClose } = aTimer();
    timer.keepOpen();
    timer.start(1_000);
    vi.advanceTimersByTime(5_000);
    expect(timer.view).toEqual({ status: "kept-open", remainingMs: null, heldBy: [] });
    expect(onClose).not.toHaveBeenCalled();
    timer.keepOpen();
    const other = aTimer();
    other.timer.start(1_000);
    other.timer.keepOpen();
    vi.advanceTimersByTime(5_000);
    expect(other.onClose).not.toHaveBeenCalled();
  });

  it("can be started again after a reset", () => {
    const { timer, onClose } = aTimer();
    timer.start(1_000);
    vi.advanceTimersByTime(600);
    timer.reset();
    expect(timer.view).toEqual({ status: "idle", remainingMs: null, heldBy: [] });
    timer.start(1_000);
    vi.advanceTimersByTime(999);
    expect(onClose).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it("is still held after a reset, until the reason is released", () => {
    const { timer } = aTimer();
    timer.hold("hidden");
    timer.start(1_000);
    timer.reset();
    timer.start(1_000);
    expect(timer.view).toEqual({ status: "held", remainingMs: 1_000, heldBy: ["hidden"] });
    timer.reset();
    timer.release("hidden");
    expect(timer.view.status).toBe("idle");
    timer.start(1_000);
    expect(timer.view.status).toBe("counting");
  });

  it("keeps no clock running while it is held", () => {
    const { timer } = aTimer();
    timer.start(3_000);
    timer.hold("hidden");
    expect(vi.getTimerCount()).toBe(0);
  });
});
