import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { EventSource } from "eventsource";
import { getResponse } from "msw";
import { onTestFinished, vi } from "vitest";
import { SyncClient } from "../../src/client/sync-client.js";
import { createMockSyncBackend, type MockSyncBackendOptions } from "../../src/msw/mock-sync-backend.js";
import { startScreenReader } from "./virtual-screen-reader.js";
// Loaded when they are needed, which takes a time that is not the test's: they have to be there.
import "../../src/client/feed.js";
import "../../src/client/shared-feed.js";

const BASE_URL = "http://localhost/api";
const STEP_MS = 50;
/** 50 ms of the machine's own time. */
const LONGEST_WORK_NS = 50_000_000n;

/** A response of the test's own instead of the backend's; `undefined` for all that it leaves to that. */
export type Intercept = (method: string, url: string) => Response | undefined;

/**
 * A mocked backend, a client of it, and a virtual screen reader that listens, in a time of its own: minutes pass in a
 * moment, and always alike.
 */
export function openVirtualBackend(options: MockSyncBackendOptions = {}, intercept: Intercept = () => undefined) {
  vi.useFakeTimers({
    toFake: [
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "Date",
      "performance",
      "requestAnimationFrame",
      "cancelAnimationFrame",
    ],
    now: Date.UTC(2026, 0, 1),
  });
  const backend = createMockSyncBackend({ baseUrl: BASE_URL, ...options });
  let isOnline = true;
  let pending = 0;
  vi.spyOn(navigator, "onLine", "get").mockImplementation(() => isOnline);
  // No jitter.
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const ask = async (input: string | URL | Request, init?: RequestInit) => {
    if (!isOnline) throw new TypeError("fetch failed");
    const own = intercept(init?.method ?? "GET", String(input));
    pending += 1;
    try {
      const response = own ?? (await getResponse(backend.handlers, new Request(input, init)));
      if (response !== undefined) return response;
    } finally {
      pending -= 1;
    }
    throw new TypeError(`nobody answers ${String(input)}`);
  };
  const client = new SyncClient({
    baseUrl: BASE_URL,
    // Its code is loaded when it is used, which takes real time, that no clock of the test counts.
    feed: false,
    fetch: (input, init) => ask(input, init),
    createEventSource: (url) =>
      new EventSource(url, { fetch: (input, init) => ask(input, { ...init, headers: { ...init.headers } }) }),
  });
  onTestFinished(async () => {
    cleanup();
    client.close();
    await backend.close();
    // The announcer is the page's: it stays until everything is said, and must not take anything into the next test.
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      await act(async () => {
        await vi.advanceTimersByTimeAsync(STEP_MS);
        // Streams deliver in turns of the event loop that no clock counts.
        for (let turn = 0; turn < 3; turn += 1) await nextTurn();
        // Digests are made in threads, in the machine's own time; some requests wait for the test's, though.
        const since = process.hrtime.bigint();
        while (pending > 0 && process.hrtime.bigint() - since < LONGEST_WORK_NS) await nextTurn();
      });
    }
  };

  return {
    backend,
    client,
    goOffline(): void {
      isOnline = false;
      window.dispatchEvent(new Event("offline"));
      backend.driver.drop();
    },
    goOnline(): void {
      isOnline = true;
      window.dispatchEvent(new Event("online"));
    },
    /** Lets so many ms pass. */
    pass,
    /** Presses a button as by keyboard: the focus is there before. */
    async press(name: string): Promise<void> {
      screen.getByRole("button", { name }).focus();
      await pass(100);
      fireEvent.click(screen.getByRole("button", { name }));
    },
    startScreenReader,
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
