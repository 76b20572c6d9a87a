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
  const seen: string[] = [];
  const unsubscribe = timer.subscribe(() => {
    const { status, remainingMs, heldBy } = timer.view;
    seen.push([status, remainingMs, ...heldBy].join(" ").trim());
  });
  return { timer, onClose, seen, unsubscribe };
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
    expect(seen).toEqual(["counting 2500", "counting 2000", "counting 1000", "done"]);
    vi.advanceTimersByTime(10_000);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it("has no reasons while it counts", () => {
    const { timer } = aTimer();
    timer.start(2_000);
    vi.advanceTimersByTime(1_000);
    expect(timer.view).toEqual({ status: "counting", remainingMs: 1_000, heldBy: [] });
  });

  it("notifies nobody who has unsubscribed", () => {
    const { timer, seen, unsubscribe } = aTimer();
    unsubscribe();
    timer.start(3_000);
    expect(seen).toEqual([]);
  });

  it("starts once", () => {
    const { timer } = aTimer();
    timer.start(3_000);
    vi.advanceTimersByTime(1_000);
    timer.start(9_000);
    expect(timer.view.remainingMs).toBe(2_000);
  });

  it("stands still until every reason to hold it is released", () => {
    const { timer, onClose, seen } = aTimer();
    timer.start(3_000);
    vi.advanceTimersByTime(1_000);
    timer.hold("hover");
    vi.advanceTimersByTime(500);
    timer.hold("focus");
    timer.hold("focus");
    vi.advanceTimersByTime(60_000);
    expect(timer.view).toEqual({ status: "held", remainingMs: 2_000, heldBy: ["hover", "focus"] });
    timer.release("hover");
    expect(timer.view.status).toBe("held");
    timer.release("focus");
    expect(timer.view).toEqual({ status: "counting", remainingMs: 2_000, heldBy: [] });
    expect(seen.slice(2)).toEqual(["held 2000 hover", "held 2000 hover focus", "held 2000 focus", "counting 2000"]);
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
    expect(seen).toEqual(["counting 3000"]);
  });

  it("is kept open for good, before or after it starts", () => {
    const early = aTimer();
    early.timer.keepOpen();
    early.timer.start(1_000);
    vi.advanceTimersByTime(5_000);
    expect(early.timer.view).toEqual({ status: "kept-open", remainingMs: null, heldBy: [] });
    early.timer.keepOpen();
    early.timer.hold("hover");
    expect(early.seen).toEqual(["kept-open"]);
    const late = aTimer();
    late.timer.start(1_000);
    late.timer.keepOpen();
    expect(vi.getTimerCount()).toBe(0);
    expect(late.seen).toEqual(["counting 1000", "kept-open"]);
    vi.advanceTimersByTime(5_000);
    expect(early.onClose).not.toHaveBeenCalled();
    expect(late.onClose).not.toHaveBeenCalled();
  });

  it("is not kept open, held or started once it is done", () => {
    const { timer, onClose, seen } = aTimer();
    timer.start(1_000);
    vi.advanceTimersByTime(1_000);
    timer.keepOpen();
    timer.hold("hover");
    timer.release("hover");
    timer.start(1_000);
    vi.advanceTimersByTime(5_000);
    expect(seen).toEqual(["counting 1000", "done"]);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it("can be started again after a reset", () => {
    const { timer, onClose, seen } = aTimer();
    timer.reset();
    expect(seen).toEqual([]);
    timer.start(1_000);
    vi.advanceTimersByTime(600);
    timer.reset();
    expect(vi.getTimerCount()).toBe(0);
    expect(timer.view).toEqual({ status: "idle", remainingMs: null, heldBy: [] });
    expect(seen).toEqual(["counting 1000", "idle"]);
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
