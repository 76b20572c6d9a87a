import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { abortable, pause, StoreCalls, StoreTimeoutError } from "../../src/server/store-calls.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function someCalls() {
  const onError = vi.fn();
  return { calls: new StoreCalls({ timeoutMs: 1_000, onError }), onError };
}

const never = () => new Promise<never>(() => {});
const openEnded = new AbortController().signal;

describe("one call", () => {
  it("returns the result, and leaves no timer", async () => {
    const { calls } = someCalls();
    expect(await calls.once(async () => 7)).toBe(7);
    await expect(calls.once(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is given up in time, and told so by its signal", async () => {
    const { calls } = someCalls();
    let signal: AbortSignal | undefined;
    const call = calls.once((given) => {
      signal = given;
      return never();
    });
    const refused = expect(call).rejects.toThrow(StoreTimeoutError);
    await vi.advanceTimersByTimeAsync(999);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await refused;
    expect(signal?.reason).toMatchObject({
      name: "StoreTimeoutError",
      message: "The store did not respond within 1000 ms.",
    });
  });
});

describe("several tries", () => {
  it("end with the first success, and report the errors before it", async () => {
    const { calls, onError } = someCalls();
    const call = vi.fn().mockRejectedValueOnce(new Error("first")).mockResolvedValue(7);
    expect(await calls.several(call, 3)).toBe(7);
    expect(call).toHaveBeenCalledTimes(2);
    expect(onError).toHaveBeenCalledExactlyOnceWith(new Error("first"));
  });

  it("end with the error of the last one", async () => {
    const { calls, onError } = someCalls();
    let count = 0;
    const call = vi.fn(async () => {
      count += 1;
      throw new Error(`error ${count}`);
    });
    await expect(calls.several(call, 3)).rejects.toThrow("error 3");
    expect(call).toHaveBeenCalledTimes(3);
    expect(onError).toHaveBeenCalledTimes(2);
  });
});

describe("a call that is repeated until it is done", () => {
  it("waits longer and longer, 5 seconds at most", async () => {
    const { calls, onError } = someCalls();
    const times: number[] = [];
    const call = () => {
      times.push(Date.now());
      return times.length < 10 ? Promise.reject(new Error("away")) : Promise.resolve("done");
    };
    const done = calls.untilDone(call, openEnded);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await done).toBe("done");
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
    expect(onError).toHaveBeenCalledTimes(9);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([50, 1_050])("is given up after %s ms, in a call or between two, without an error reported", async (ms) => {
    const { calls, onError } = someCalls();
    const abort = new AbortController();
    const call = vi.fn(never);
    const refused = expect(calls.untilDone(call, abort.signal)).rejects.toThrow("closed");
    await vi.advanceTimersByTimeAsync(ms);
    const reported = onError.mock.calls.length;
    abort.abort(new Error("closed"));
    await refused;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(call).toHaveBeenCalledOnce();
    expect(onError).toHaveBeenCalledTimes(reported);
  });

  it("is not made when it was given up before", async () => {
    const { calls } = someCalls();
    const call = vi.fn(async () => 7);
    await expect(calls.untilDone(call, AbortSignal.abort(new Error("closed")))).rejects.toThrow("closed");
    expect(call).not.toHaveBeenCalled();
  });
});

describe("what waits for a signal", () => {
  /** A signal that counts who listens. */
  function aCountedSignal() {
    const abort = new AbortController();
    const add = vi.spyOn(abort.signal, "addEventListener");
    const remove = vi.spyOn(abort.signal, "removeEventListener");
    return { abort, signal: abort.signal, listeners: () => add.mock.calls.length - remove.mock.calls.length };
  }

  it("listens no longer when it is over", async () => {
    const { signal, listeners } = aCountedSignal();
    await abortable(Promise.resolve(1), signal);
    await expect(abortable(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
    const paused = pause(100, signal);
    expect(listeners()).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    await paused;
    expect(listeners()).toBe(0);
  });

  it("ends at once when it aborts, or has aborted", async () => {
    const { abort, signal, listeners } = aCountedSignal();
    const call = abortable(never(), signal);
    const paused = pause(60_000, signal);
    abort.abort(new Error("over"));
    await expect(call).rejects.toThrow("over");
    await paused;
    await expect(abortable(never(), signal)).rejects.toThrow("over");
    await pause(60_000, signal);
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners()).toBeLessThanOrEqual(2);
  });
});
