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

/** What an event source reports of its connection. */
interface ConnectionListener {
  onOpen(): void;
  /** The connection broke; the event source reconnects by itself. */
  onInterrupted(): void;
  /** The event source gave up for good and does not say why. */
  onClosed(): void;
}

/** What an event source reports. */
export interface EventSourceListener extends ConnectionListener {
  /** Every event as it comes, before anything is made of it. */
  onRaw?(name: string, data: unknown): void;
  /** A snapshot event came with this `data`. */
  onEvent(data: unknown): void;
  /** `intervalMs`: when the next follows; `null` if the backend does not say. */
  onHeartbeat(intervalMs: number | null, isStale: boolean): void;
}

const CLOSED = 2;

/** The platform's own EventSource, or `undefined` if it has none (Node). */
export function nativeEventSource(): CreateEventSource | undefined {
  if (typeof globalThis.EventSource !== "function") return undefined;
  return (url, init) => new EventSource(url, init);
}

/** Listens to all events of a source. Returns a function that closes it; the listener is not called after that. */
export function listenToEventSource(source: EventSourceLike, listener: EventSourceListener): () => void {
  // Older backends may leave the event unnamed.
  return listenToEvents(source, ["message", HEARTBEAT_EVENT, ...SNAPSHOT_EVENTS], {
    ...listener,
    onEvent(name, data) {
      if (name !== HEARTBEAT_EVENT) return listener.onEvent(data);
      const { intervalMs, isStale } = decodeHeartbeat(data);
      listener.onHeartbeat(intervalMs, isStale);
    },
  });
}

/** Listens to events of a source by name. Returns a function that closes it; the listener is not called after that. */
export function listenToEvents(
  source: EventSourceLike,
  names: readonly string[],
  listener: ConnectionListener & {
    onEvent(name: string, data: unknown): void;
    onRaw?(name: string, data: unknown): void;
  },
): () => void {
  let isListening = true;
  const on = (type: string, handle: (event: EventLike) => void) => {
    source.addEventListener(type, (event) => {
      if (isListening) handle(event);
    });
  };

  on("open", () => listener.onOpen());
  const take = (name: string, data: unknown) => {
    listener.onRaw?.(name, data);
    listener.onEvent(name, data);
  };
  for (const name of names) if (name !== "error") on(name, ({ data }) => take(name, data));
  // A server event named `error` and the browser's own connection error arrive here alike; only the first has data.
  on("error", ({ data }) => {
    if (data !== undefined) take("error", data);
    else if (source.readyState === CLOSED) listener.onClosed();
    else listener.onInterrupted();
  });

  return () => {
    isListening = false;
    source.close();
  };
}
