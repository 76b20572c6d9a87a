import { describe, expect, it, vi } from "vitest";
import { type EventLike, type EventSourceLike, listenToEventSource } from "../../src/client/event-source.js";

/** An event source whose events the test makes. */
function aSource() {
  const listeners = new Map<string, ((event: EventLike) => void)[]>();
  const source = {
    readyState: 1,
    isClosed: false as boolean,
    addEventListener(type: string, listener: (event: EventLike) => void) {
      listeners.set(type, [...(listeners.get(type) ?? []), listener]);
    },
    close() {
      source.isClosed = true;
    },
  } satisfies EventSourceLike & { isClosed: boolean };
  const emit = (type: string, event: EventLike = {}) => {
    for (const listener of listeners.get(type) ?? []) listener(event);
  };
  return { source, emit };
}

function listen() {
  const { source, emit } = aSource();
  const listener = {
    onOpen: vi.fn(),
    onEvent: vi.fn(),
    onHeartbeat: vi.fn(),
    onInterrupted: vi.fn(),
    onClosed: vi.fn(),
  };
  const close = listenToEventSource(source, listener);
  return { source, emit, listener, close };
}

const data = JSON.stringify({ sync_id: "sync-1", status: "error", error_message: "The mailbox is locked." });

describe("listening to an event source", () => {
  it("reads a server event named error as what it is, and not as a broken connection", () => {
    const { emit, listener } = listen();
    emit("error", { data });
    expect(listener.onEvent.mock.calls).toEqual([[data]]);
    expect(listener.onInterrupted).not.toHaveBeenCalled();
    expect(listener.onClosed).not.toHaveBeenCalled();
  });

  it("never reads a broken connection as an event", () => {
    const { source, emit, listener } = listen();
    source.readyState = 0;
    emit("error");
    expect(listener.onInterrupted).toHaveBeenCalledTimes(1);
    source.readyState = 2;
    emit("error");
    expect(listener.onClosed).toHaveBeenCalledTimes(1);
    expect(listener.onEvent).not.toHaveBeenCalled();
  });

  it.each(["message", "current_state", "started", "progress", "complete", "error", "cancelled"])(
    "passes an event on once: %s",
    (type) => {
      const { emit, listener } = listen();
      emit(type, { data });
      expect(listener.onEvent).toHaveBeenCalledTimes(1);
    },
  );

  it("leaves to others what the data means", () => {
    const { emit, listener } = listen();
    emit("progress", { data: "{" });
    emit("progress", {});
    expect(listener.onEvent.mock.calls).toEqual([["{"], [undefined]]);
  });

  it("reports the opening and heartbeats", () => {
    const { emit, listener } = listen();
    emit("open");
    emit("heartbeat", { data: '{"interval_ms":5000}' });
    emit("heartbeat", { data: '{"stale":true}' });
    expect(listener.onOpen).toHaveBeenCalledTimes(1);
    expect(listener.onHeartbeat.mock.calls).toEqual([
      [5_000, false],
      [null, true],
    ]);
  });

  it("calls nothing once it is closed", () => {
    const { source, emit, listener, close } = listen();
    close();
    emit("progress", { data });
    emit("open");
    emit("heartbeat");
    emit("error");
    expect(source.isClosed).toBe(true);
    for (const callback of Object.values(listener)) expect(callback).not.toHaveBeenCalled();
  });
});
