import { decodeHeartbeat, HEARTBEAT_EVENT, SNAPSHOT_EVENTS } from "../protocol/events.js";

/** What the client needs of an EventSource: the native one and the `eventsource` package's both fit. */
export interface EventSourceLike {
  /** 0 connecting, 1 open, 2 closed for good. */
  readonly readyState: number;
  addEventListener(type: string, listener: (event: EventLike) => void): void;
  close(): void;
}

/** What the client reads of an event. */
export interface EventLike {
  readonly data?: unknown;
}

/** Opens an event source. `withCredentials`: send cookies to another origin. */
export type CreateEventSource = (url: string, init: { readonly withCredentials: boolean }) => EventSourceLike;

/** What an event source reports. */
export interface EventSourceListener {
  onOpen(): void;
  /** A snapshot event came with this `data`. */
  onEvent(data: unknown): void;
  /** `intervalMs`: when the next follows; `null` if the backend does not say. */
  onHeartbeat(intervalMs: number | null): void;
  /** The connection broke; the event source reconnects by itself. */
  onInterrupted(): void;
  /** The event source gave up for good and does not say why. */
  onClosed(): void;
}

const CLOSED = 2;

/** The platform's own EventSource, or `undefined` if it has none (Node). */
export function nativeEventSource(): CreateEventSource | undefined {
  if (typeof globalThis.EventSource !== "function") return undefined;
  return (url, init) => new EventSource(url, init);
}

/** Listens to all events of a source. Returns a function that closes it; the listener is not called after that. */
export function listenToEventSource(source: EventSourceLike, listener: EventSourceListener): () => void {
  let isListening = true;
  const on = (type: string, handle: (event: EventLike) => void) => {
    source.addEventListener(type, (event) => {
      if (isListening) handle(event);
    });
  };

  on("open", () => listener.onOpen());
  on(HEARTBEAT_EVENT, (event) => listener.onHeartbeat(decodeHeartbeat(event.data)));
  // Older backends may leave the event unnamed.
  for (const type of ["message", ...SNAPSHOT_EVENTS]) {
    if (type !== "error") on(type, (event) => listener.onEvent(event.data));
  }
  // A server event named `error` and the browser's own connection error arrive here alike; only the first has data.
  on("error", (event) => {
    if (event.data !== undefined) listener.onEvent(event.data);
    else if (source.readyState === CLOSED) listener.onClosed();
    else listener.onInterrupted();
  });

  return () => {
    isListening = false;
    source.close();
  };
}
