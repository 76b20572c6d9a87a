import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FrameScheduler } from "../../src/client/frame-scheduler.js";

/** A page whose frames and visibility the test controls. */
function aPage() {
  let frames: (() => void)[] = [];
  const page = { visibilityState: "visible" };
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
  vi.stubGlobal("cancelAnimationFrame", () => {
    frames = [];
  });
  vi.stubGlobal("document", page);
  return {
    page,
    frame() {
      const due = frames;
      frames = [];
      for (const run of due) run();
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("scheduling for the next frame", () => {
  it("runs every task once, all in one frame, and leaves no timer", () => {
    const { frame } = aPage();
    const scheduler = new FrameScheduler();
    const first = vi.fn();
    const second = vi.fn();
    scheduler.schedule(first);
    scheduler.schedule(first);
    scheduler.schedule(second);
    expect(first).not.toHaveBeenCalled();
    frame();
    frame();
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("runs by timer when no frame comes, as in a page that is covered", () => {
    aPage();
    const task = vi.fn();
    new FrameScheduler().schedule(task);
    vi.advanceTimersByTime(99);
    expect(task).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it("takes its frame back when the timer came first", () => {
    aPage();
    const cancelFrame = vi.fn();
    vi.stubGlobal("requestAnimationFrame", () => 7);
    vi.stubGlobal("cancelAnimationFrame", cancelFrame);
    const scheduler = new FrameScheduler();
    scheduler.schedule(() => {});
    vi.advanceTimersByTime(100);
    expect(cancelFrame.mock.calls).toEqual([[7]]);
  });

  it("takes a task back", () => {
    const { frame } = aPage();
    const scheduler = new FrameScheduler();
    const task = vi.fn();
    const kept = vi.fn();
    scheduler.schedule(kept);
    scheduler.schedule(task)();
    frame();
    expect(task).not.toHaveBeenCalled();
    expect(kept).toHaveBeenCalledTimes(1);
    scheduler.schedule(task)();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("schedules again what a task schedules", () => {
    const { frame } = aPage();
    const scheduler = new FrameScheduler();
    let runs = 0;
    const task = () => {
      runs += 1;
      scheduler.schedule(task);
    };
    scheduler.schedule(task);
    frame();
    expect(runs).toBe(1);
    vi.advanceTimersByTime(100);
    frame();
    expect(runs).toBe(2);
  });

  it("rests for 100 ms after a run, and not at all when the last one was longer ago", () => {
    const { frame } = aPage();
    const scheduler = new FrameScheduler();
    const task = vi.fn();
    scheduler.schedule(task);
    frame();
    vi.advanceTimersByTime(20);
    scheduler.schedule(task);
    vi.advanceTimersByTime(79);
    frame();
    expect(task).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    frame();
    expect(task).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(100);
    scheduler.schedule(task);
    frame();
    expect(task).toHaveBeenCalledTimes(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("takes a task back while it rests", () => {
    const { frame } = aPage();
    const scheduler = new FrameScheduler();
    const task = vi.fn();
    scheduler.schedule(() => {});
    frame();
    scheduler.schedule(task)();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("runs at once in a hidden page, but not more often than every 100 ms", () => {
    const { page } = aPage();
    page.visibilityState = "hidden";
    const scheduler = new FrameScheduler();
    const task = vi.fn();
    scheduler.schedule(task);
    expect(task).toHaveBeenCalledTimes(1);
    for (let count = 0; count < 1_000; count += 1) scheduler.schedule(task);
    expect(task).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(100);
    expect(task).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(100);
    scheduler.schedule(task);
    expect(task).toHaveBeenCalledTimes(3);
  });

  it("runs at once outside a browser", () => {
    const task = vi.fn();
    const scheduler = new FrameScheduler();
    scheduler.schedule(task);
    scheduler.schedule(task);
    expect(task).toHaveBeenCalledTimes(2);
  });
});
