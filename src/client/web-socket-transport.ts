import type { SyncCapability } from "../protocol/capabilities.js";
import { decodeSnapshotEvent } from "../protocol/decode-snapshot.js";
import { type MapSnapshot, mapMessage } from "./map-snapshot.js";
import type { StreamMessage, SyncTransport } from "./sync-transport.js";

/** What the client needs of a WebSocket: the native one and the `ws` package's both fit. */
export interface WebSocketLike {
  addEventListener(type: "open" | "close" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data?: unknown }) => void): void;
  send(data: string): void;
  close(): void;
}

/** How a WebSocket backend is reached. */
export interface WebSocketTransportOptions {
  /** Where the messages about a sync come from, `ws:` or `wss:`; called for every connection, so a token in it is fresh. */
  readonly url: string | URL | ((syncId: string) => string | URL);
  /** The subprotocols, as for `WebSocket`. */
  readonly protocols?: string | string[] | undefined;
  /** What is sent when the connection is open, as JSON: usually a subscription to the sync. Default nothing. */
  readonly subscribe?: ((syncId: string) => unknown) | undefined;
  /** Turns a message into a snapshot; `null` for messages about something else. Default: every message is a snapshot. */
  readonly mapSnapshot?: MapSnapshot | undefined;
  /** Opens the connection. Default the platform's `WebSocket`. */
  readonly createWebSocket?: ((url: string | URL, protocols?: string | string[]) => WebSocketLike) | undefined;
  /** What the backend offers, if its snapshots do not say. Default none. */
  readonly capabilities?: readonly SyncCapability[] | undefined;
}

/**
 * Snapshots as WebSocket messages, one connection a sync. When it closes, the client reconnects with backoff. With the
 * requests of another transport beside it, the client can also find out why:
 *
 * @example
 * const client = new SyncClient({
 *   transport: { ...httpTransport({ baseUrl: "/api" }), ...webSocketTransport({ url: (id) => `wss://example.com/jobs/${id}` }) },
 * });
 *
 * @throws TypeError when `url` is missing.
 */
export function webSocketTransport(options: WebSocketTransportOptions): SyncTransport {
  const { url, protocols, subscribe, mapSnapshot, capabilities } = options;
  if (typeof url !== "function" && typeof url !== "string" && !(url instanceof URL)) {
    throw new TypeError(`SyncProgressError: url must be a string, a URL or a function, got ${typeof url}.`);
  }
  const create =
    options.createWebSocket ??
    ((target: string | URL, wanted?: string | string[]): WebSocketLike => {
      if (typeof globalThis.WebSocket !== "function") throw new TypeError("There is no WebSocket on this platform.");
      return new WebSocket(target, wanted);
    });
  const toMessage = (data: string, syncId: string): StreamMessage | null =>
    mapSnapshot === undefined
      ? { isUrgent: false, decode: () => decodeSnapshotEvent(data) }
      : mapMessage(data, syncId, mapSnapshot);

  return {
    // Browsers allow hundreds of WebSockets to a host, so no limit like that of HTTP/1.1 applies.
    maxStreams: Number.POSITIVE_INFINITY,
    ...(capabilities === undefined ? {} : { capabilities }),

    openStream(syncId, sink) {
      let isOpen = true;
      const socket = create(typeof url === "function" ? url(syncId) : url, protocols);
      const end = () => {
        if (!isOpen) return;
        isOpen = false;
        sink.onClosed();
      };
      socket.addEventListener("open", () => {
        if (!isOpen) return;
        try {
          if (subscribe !== undefined) socket.send(JSON.stringify(subscribe(syncId)));
          sink.onOpen();
        } catch {
          // Without the subscription nothing would come: another attempt may do better.
          socket.close();
          end();
        }
      });
      socket.addEventListener("message", ({ data }) => {
        if (isOpen) sink.onRaw?.("message", data);
        // Binary messages are none of ours, but prove that the connection is alive.
        const message = isOpen && typeof data === "string" ? toMessage(data, syncId) : null;
        if (message !== null) sink.onSnapshot(message);
        else if (isOpen) sink.onHeartbeat();
      });
      // An error is always followed by a close.
      socket.addEventListener("close", end);
      return () => {
        isOpen = false;
        socket.close();
      };
    },
  };
}
