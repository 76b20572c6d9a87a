/** Bytes that go out, and what is waited for before them. */
export interface Chunk {
  /** Text, sent as UTF-8. */
  readonly text?: string;
  /** Bytes that are no text of their own, such as half a character. */
  readonly bytes?: readonly number[];
  /** `text` this many times over. */
  readonly times?: number;
  /** ms waited before it. */
  readonly afterMs?: number;
}

/** How one request is treated. Plain data, so that a browser can hand it to the server. */
export interface Treatment {
  /** Breaks the socket before any response. */
  readonly refuse?: boolean;
  /** Takes the request and never responds. */
  readonly ignore?: boolean;
  /** Default 200. */
  readonly status?: number;
  /** Header lines of the response, beside those for CORS. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunks?: readonly Chunk[];
  /** What comes after the last chunk. Default `"end"`. */
  readonly ending?: "end" | "reset" | "hang";
  /** The response waits so long. */
  readonly delayMs?: number;
}

/** How a server treats its requests: the first one by the first entry, and so on; the last entry stands for all further. */
export interface FaultScript {
  readonly stream: readonly Treatment[];
  readonly snapshot: readonly Treatment[];
  /** WebSocket connections: a handshake unless there is a `status`, then each chunk of text as a message. */
  readonly socket?: readonly Treatment[];
  /** When the whole server is away, in ms after the first request. */
  readonly away?: { readonly fromMs: number; readonly toMs: number };
}

/** What a fault server has seen. */
export interface FaultStats {
  readonly stream: number;
  readonly snapshot: number;
  readonly socket: number;
  readonly openSockets: number;
}

export const SYNC_ID = "11111111-1111-4111-8111-111111111111";

/** A snapshot on the wire. */
export function wire(given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    sync_id: SYNC_ID,
    connector_type: "gmail",
    status: "syncing",
    stage: "Fetching emails...",
    phase: "syncing",
    total_items: 100,
    processed_items: 10,
    failed_items: 0,
    seq: 1,
    ...given,
  };
}

/** One SSE event with a snapshot. */
export function event(name: string, given: Readonly<Record<string, unknown>> = {}): string {
  return `id: ${String(given["seq"] ?? 1)}\nevent: ${name}\ndata: ${JSON.stringify(wire(given))}\n\n`;
}

export const RETRY = "retry: 30\n\n";
export const HEARTBEAT = "event: heartbeat\ndata: {}\n\n";
const COMPLETE = { status: "complete", processed_items: 100, seq: 99, percent_complete: 100 };

export const STARTED = event("current_state", { seq: 1 });
export const ENDED = event("complete", COMPLETE);

/** A stream's response. */
export function streamOf(chunks: readonly Chunk[], ending: Treatment["ending"] = "end"): Treatment {
  return { headers: { "content-type": "text/event-stream" }, chunks, ending };
}

/** The snapshot endpoint's response. */
export function snapshotOf(given: Readonly<Record<string, unknown>> = {}): Treatment {
  return {
    headers: { "content-type": "application/json" },
    chunks: [{ text: JSON.stringify({ success: true, progress: wire(given) }) }],
  };
}

/** A stream that is well: the state, something new, the end. */
export const WELL = streamOf([
  { text: RETRY + STARTED },
  { text: event("progress", { processed_items: 50, seq: 2 }), afterMs: 20 },
  { text: ENDED, afterMs: 20 },
]);

/** A snapshot endpoint that is well, of a sync that has ended. */
export const SNAPSHOT_ENDED = snapshotOf(COMPLETE);
export const SNAPSHOT_RUNNING = snapshotOf({ seq: 1 });
