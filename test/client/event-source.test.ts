import { describe, expect, it, vi } from "vitest";
import { type EventLike, type EventSourceLike, listenToStream } from "../../src/client/event-source.js";

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
    onSnapshot: vi.fn(),
    onHeartbeat: vi.fn(),
    onRetrying: vi.fn(),
    onClosed: vi.fn(),
  };
  const close = listenToStream(source, listener);
  return { source, emit, listener, close };
}

const data = JSON.stringify({ sync_id: "sync-1", status: "error", error_message: "The mailbox is locked." });

describe("listening to a stream", () => {
  it("reads a server event named error as what it is, and not as a broken connection", () => {
    const { emit, listener } = listen();
    emit("error", { data });
    expect(listener.onSnapshot.mock.calls).toMatchObject([
      [{ ok: true, value: { errorMessage: "The mailbox is locked." } }],
    ]);
    expect(listener.onRetrying).not.toHaveBeenCalled();
    expect(listener.onClosed).not.toHaveBeenCalled();
  });

  it("never reads a broken connection as an event", () => {
    const { source, emit, listener } = listen();
    source.readyState = 0;
    emit("error");
    expect(listener.onRetrying).toHaveBeenCalledTimes(1);
    source.readyState = 2;
    emit("error");
    expect(listener.onClosed).toHaveBeenCalledTimes(1);
    expect(listener.onSnapshot).not.toHaveBeenCalled();
  });

  it.each(["message", "current_state", "started", "progress", "complete", "error", "cancelled"])(
    "takes one snapshot from one event: %s",
    (type) => {
      const { emit, listener } = listen();
      emit(type, { data });
      expect(listener.onSnapshot).toHaveBeenCalledTimes(1);
    },
  );

  it("names what it cannot read", () => {
    const { emit, listener } = listen();
    emit("progress", { data: "{" });
    emit("progress", {});
    expect(listener.onSnapshot.mock.calls).toMatchObject([
      [{ ok: false, problem: { kind: "not-json" } }],
      [{ ok: false, problem: { kind: "wrong-type" } }],
    ]);
  });

  it("tells of the opening and of heartbeats", () => {
    const { emit, listener } = listen();
    emit("open");
    emit("heartbeat", { data: "{}" });
    expect(listener.onOpen).toHaveBeenCalledTimes(1);
    expect(listener.onHeartbeat).toHaveBeenCalledTimes(1);
  });

  it("hears nothing more once it is closed", () => {
    const { source, emit, listener, close } = listen();
    close();
    emit("progress", { data });
    emit("open");
    emit("heartbeat");
    emit("error");
    expect(source.isClosed).toBe(true);
    for (const heard of Object.values(listener)) expect(heard).not.toHaveBeenCalled();
  });
});
