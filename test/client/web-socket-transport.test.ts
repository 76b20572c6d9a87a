import { afterEach, describe, expect, it, vi } from "vitest";
import { type WebSocketTransportOptions, webSocketTransport } from "../../src/client/web-socket-transport.js";
import { encodeSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";

/** A socket whose events the test makes, and everything that is reported of it. */
function open(options: Partial<WebSocketTransportOptions> = {}) {
  const listeners = new Map<string, (event: { readonly data?: unknown }) => void>();
  const sent: string[] = [];
  const calls: unknown[] = [];
  const seen: string[] = [];
  const transport = webSocketTransport({
    url: "wss://server.test/jobs",
    createWebSocket: (...given) => {
      calls.push(given);
      return {
        addEventListener: (type: string, listener: (event: { readonly data?: unknown }) => void) =>
          listeners.set(type, listener),
        send: (data) => sent.push(data),
        close: () => seen.push("close"),
      };
    },
    ...options,
  });
  const close = transport.openStream?.("sync-1", {
    onOpen: () => seen.push("open"),
    onHeartbeat: () => seen.push("heartbeat"),
    onInterrupted: () => seen.push("interrupted"),
    onClosed: () => seen.push("closed"),
    onSnapshot: (message) => {
      const decoded = message.decode();
      seen.push(decoded.ok ? decoded.value.status : decoded.problem.kind);
    },
  });
  const emit = (type: string, event: { readonly data?: unknown } = {}) => listeners.get(type)?.(event);
  return { transport, close, emit, sent, calls, seen };
}

const wire = JSON.stringify(encodeSnapshot(aSnapshot()));

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a WebSocket", () => {
  it("reports its opening, messages and end, once", () => {
    const { emit, seen } = open();
    emit("open");
    emit("message", { data: wire });
    emit("message", { data: "{" });
    emit("message", { data: new ArrayBuffer(1) });
    emit("close");
    emit("close");
    emit("message", { data: wire });
    emit("open");
    expect(seen).toEqual(["open", "syncing", "not-json", "heartbeat", "closed"]);
  });

  it("reports nothing once it is closed from here", () => {
    const { emit, close, seen } = open();
    close?.();
    for (const type of ["open", "message", "close"]) emit(type, { data: wire });
    expect(seen).toEqual(["close"]);
  });

  it("subscribes when it is open, and is given up if that fails", () => {
    const subscribed = open({ subscribe: (syncId) => ({ subscribe: syncId }) });
    expect(subscribed.sent).toEqual([]);
    subscribed.emit("open");
    expect(subscribed.sent).toEqual(['{"subscribe":"sync-1"}']);
    const failing = open({
      subscribe: () => {
        throw new Error("no token");
      },
    });
    failing.emit("open");
    expect(failing.seen).toEqual(["close", "closed"]);
  });

  it("takes its URL anew for every connection, and its protocols", () => {
    const { calls } = open({ url: (syncId) => `wss://server.test/${syncId}`, protocols: ["v1"] });
    expect(calls).toEqual([["wss://server.test/sync-1", ["v1"]]]);
  });

  it("is the platform's own by default; without one the client polls", () => {
    const created = vi.fn();
    vi.stubGlobal(
      "WebSocket",
      class {
        constructor(...given: unknown[]) {
          created(...given);
        }
        addEventListener() {}
      },
    );
    open({ createWebSocket: undefined });
    expect(created).toHaveBeenCalledWith("wss://server.test/jobs", undefined);
    vi.stubGlobal("WebSocket", undefined);
    expect(() => open({ createWebSocket: undefined })).toThrow("There is no WebSocket on this platform.");
  });

  it("has no limit of streams, and capabilities if they are given", () => {
    expect(open().transport).toMatchObject({ maxStreams: Number.POSITIVE_INFINITY });
    expect(open().transport).not.toHaveProperty("capabilities");
    expect(open({ capabilities: ["retry"] }).transport.capabilities).toEqual(["retry"]);
    expect(() => Reflect.apply(webSocketTransport, null, [{}])).toThrow("url must be a string, a URL or a function");
  });
});
