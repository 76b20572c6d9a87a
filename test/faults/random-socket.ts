import { createParser } from "eventsource-parser";
import type { WebSocketLike } from "../../src/client/web-socket-transport.js";

type Listener = (event: { readonly data?: unknown }) => void;

/** A socket whose messages are the events of a stream: it has all the faults of the network that brings those. */
export function createRandomSocket(url: string, request: typeof fetch): WebSocketLike {
  const listeners = new Map<string, Listener[]>();
  const emit = (type: string, event: { readonly data?: unknown } = {}) => {
    for (const listener of listeners.get(type) ?? []) listener(event);
  };
  const gone = new AbortController();

  async function run(): Promise<void> {
    const response = await request(url, { signal: gone.signal, headers: { accept: "text/event-stream" } });
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (!response.ok || !isStream || response.body === null) return void (await response.body?.cancel());
    emit("open");
    const parser = createParser({
      onEvent: ({ event, data }) => emit("message", { data: event === "heartbeat" ? "null" : data }),
    });
    const reader = response.body.getReader();
    gone.signal.addEventListener("abort", () => void reader.cancel().catch(() => {}));
    const decoder = new TextDecoder();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      parser.feed(decoder.decode(chunk.value, { stream: true }));
    }
  }

  void run()
    .catch(() => {})
    .then(() => emit("close"));
  return {
    addEventListener(type: string, listener: Listener) {
      listeners.set(type, [...(listeners.get(type) ?? []), listener]);
    },
    send() {},
    close: () => gone.abort(),
  };
}
