import type { FaultCase, Seen } from "./fault-case.js";
import {
  type Chunk,
  ENDED,
  event,
  HEARTBEAT,
  RETRY,
  SNAPSHOT_ENDED,
  SNAPSHOT_RUNNING,
  STARTED,
  SYNC_ID,
  snapshotOf,
  streamOf,
  type Treatment,
  WELL,
  wire,
} from "./fault-script.js";
import { RESENT, transportCases } from "./transport-cases.js";

const COMPLETE: Partial<Seen> = { status: "complete", connection: "closed", percent: 100, processedItems: 100 };
const LIVE: Partial<Seen> = { connection: "live", status: "syncing" };
/** Time for the screen to show what came before: it is drawn once a frame. */
const REST: Chunk = { afterMs: 150 };

const RECONNECTING_WORDS = "Connection lost. Reconnecting... The sync continues.";

/** A case whose stream is odd, but says all it has to: it must end as complete over its one connection. */
function framed(name: string, chunks: readonly Chunk[]): FaultCase {
  return { name, script: { stream: [streamOf(chunks)], snapshot: [SNAPSHOT_ENDED] }, seen: [COMPLETE], maxRequests: 1 };
}

const dataLines = (given: Readonly<Record<string, unknown>>) =>
  JSON.stringify(wire(given), null, 1)
    .split("\n")
    .map((line) => `data: ${line}\n`)
    .join("");
const bytes = (text: string) => [...new TextEncoder().encode(text)];
const split = (text: string, at: number): Chunk[] => [
  { bytes: bytes(text).slice(0, at) },
  { bytes: bytes(text).slice(at) },
];
const UMLAUTS = event("progress", { stage: "Grüße aus 日本", seq: 2 });

const framing: FaultCase[] = [
  framed("UTF-8 split within a character", [
    { text: STARTED },
    ...split(UMLAUTS, bytes(UMLAUTS).indexOf(0xc3) + 1),
    { text: ENDED },
  ]),
  framed("lines ended by CR", [{ text: (STARTED + ENDED).replaceAll("\n", "\r") }]),
  framed("lines ended by CRLF, split between the two", [
    ...split((STARTED + ENDED).replaceAll("\n", "\r\n"), (STARTED + ENDED).indexOf("\n") + 1),
  ]),
  framed("mixed line endings", [{ text: STARTED.replaceAll("\n", "\r\n") + ENDED.replaceAll("\n", "\r") + ENDED }]),
  framed("a byte order mark", [{ bytes: [0xef, 0xbb, 0xbf] }, { text: STARTED + ENDED }]),
  framed(
    "one byte a chunk",
    bytes(STARTED + ENDED).map((byte) => ({ bytes: [byte] })),
  ),
  framed("data over several lines", [
    { text: STARTED },
    { text: `event: complete\n${dataLines({ status: "complete", processed_items: 100, seq: 9 })}\n` },
  ]),
  {
    // Some readers make an event of `data` without a colon, some do not: for the first, what it might have said is requested.
    ...framed("fields that are none, and comments", [
      { text: `: hello\nfoo: bar\ndata\n\n${STARTED}: ping\n\n${ENDED}` },
    ]),
    maxRequests: 2,
  },
  framed("an id with NUL, and a retry that is no number", [
    { text: "id: a\0b\nretry: 1e3\nretry: -5\n\n" },
    { text: STARTED + ENDED },
  ]),
  framed("an unknown event, and an unnamed one", [
    { text: `event: surprise\ndata: {}\n\ndata: ${JSON.stringify(wire({ processed_items: 11, seq: 2 }))}\n\n` },
    { text: ENDED },
  ]),
  {
    name: "comments only: an open stream that never says anything",
    script: {
      stream: [streamOf([{ text: ": ping\n\n" }, { text: ": ping\n\n", afterMs: 100 }], "hang")],
      snapshot: [SNAPSHOT_RUNNING, snapshotOf({ processed_items: 60, seq: 5 }), SNAPSHOT_ENDED],
    },
    seen: [{ processedItems: 10 }, { processedItems: 60 }, COMPLETE],
    maxRequests: 8,
  },
  {
    name: "no blank line after the last event: it is dropped, and requested",
    script: {
      stream: [streamOf([{ text: RETRY + STARTED }, REST, { text: ENDED.trimEnd() }]), { status: 404 }],
      snapshot: [SNAPSHOT_ENDED],
    },
    seen: [LIVE, COMPLETE],
    maxRequests: 4,
  },
  {
    name: "an event of 10 MB",
    script: {
      stream: [
        streamOf(
          [
            { text: STARTED },
            { text: "event: progress\ndata: " },
            { text: "x".repeat(1_000), times: 10_000 },
            { text: "\n\n" },
          ],
          "hang",
        ),
      ],
      snapshot: [snapshotOf({ processed_items: 70, seq: 5 }), SNAPSHOT_ENDED],
    },
    seen: [LIVE, { processedItems: 70 }, COMPLETE],
    maxRequests: 12,
    not: { webkit: "it reads a long event in quadratic time: 1 MB takes 0.3 s, 4 MB takes 3 s" },
  },
  {
    name: "a retry of a day",
    script: {
      stream: [streamOf([{ text: `retry: 86400000\n\n${STARTED}` }, REST], "reset"), WELL],
      snapshot: [SNAPSHOT_RUNNING],
    },
    seen: [LIVE, { connection: "reconnecting" }, COMPLETE],
    maxRequests: 4,
    reads: [RECONNECTING_WORDS],
  },
  {
    name: "a retry of 0 from a server that ends every stream: no storm, but polling",
    script: {
      stream: [streamOf([{ text: `retry: 0\n\n${STARTED}` }])],
      snapshot: [SNAPSHOT_RUNNING, SNAPSHOT_RUNNING, SNAPSHOT_RUNNING, SNAPSHOT_ENDED],
    },
    seen: [{ connection: "polling" }, COMPLETE],
    maxRequests: 20,
  },
];

/** A stream refused with a status, beside a healthy snapshot endpoint. */
function refusedStream(name: string, treatment: Treatment, not?: FaultCase["not"]): FaultCase {
  return {
    name,
    script: {
      stream: [treatment],
      snapshot: [
        SNAPSHOT_RUNNING,
        SNAPSHOT_RUNNING,
        SNAPSHOT_RUNNING,
        snapshotOf({ processed_items: 80, seq: 5 }),
        SNAPSHOT_ENDED,
      ],
    },
    seen: [{ processedItems: 10 }, { connection: "polling" }, { processedItems: 80 }, COMPLETE],
    maxRequests: 12,
    ...(not && { not }),
  };
}

/** A server that refuses everything with a status for a while, and then is well. */
function refusedServer(status: number, headers: Readonly<Record<string, string>> = {}): FaultCase {
  const refusal = { status, headers };
  return {
    name: `${status}${headers["retry-after"] === undefined ? "" : ` with Retry-After ${headers["retry-after"]}`}, then well`,
    script: { stream: [refusal, refusal, WELL], snapshot: [refusal, refusal, SNAPSHOT_RUNNING] },
    seen: [{ connection: "connecting", errorKind: "unreachable" }, COMPLETE],
    maxRequests: 8,
    reads: ["Progress cannot be shown right now"],
  };
}

const HTML = {
  headers: { "content-type": "text/html" },
  chunks: [{ text: "<!doctype html><title>Sign in to the WLAN</title>" }],
};

const status: FaultCase[] = [
  refusedStream("stream responded to with HTML (captive portal, fallback page)", HTML),
  refusedStream("stream without a content type", { chunks: [{ text: STARTED }] }),
  refusedStream("stream responded to with 204", { status: 204 }),
  refusedStream("stream responded to with 400", { status: 400 }),
  refusedStream("stream responded to with 500", { status: 500 }),
  refusedStream("stream redirected to a server that has no streams", {
    status: 301,
    headers: { location: "/elsewhere" },
  }),
  refusedServer(500),
  refusedServer(502),
  refusedServer(503),
  refusedServer(504),
  refusedServer(503, { "retry-after": "0" }),
  refusedServer(429, { "retry-after": "Thu, 01 Jan 2026 00:00:00 GMT" }),
  {
    name: "429 with Retry-After of a second: nothing is requested before it is over",
    script: {
      stream: [{ status: 429 }, WELL],
      snapshot: [{ status: 429, headers: { "retry-after": "1" } }, SNAPSHOT_RUNNING],
    },
    seen: [{ errorKind: "unreachable" }, COMPLETE],
    maxRequests: 3,
  },
  {
    name: "every response is HTML: a wrong baseUrl",
    script: { stream: [HTML], snapshot: [HTML] },
    seen: [{ connection: "connecting", errorKind: "invalid-response", status: null }],
    maxRequests: 6,
    reads: ["Progress cannot be shown right now"],
  },
  ...[401, 403].map(
    (code): FaultCase => ({
      name: `${code}: signed out`,
      script: { stream: [{ status: code }], snapshot: [{ status: code }] },
      seen: [{ connection: "closed", errorKind: "unauthorized" }],
      maxRequests: 2,
      reads: ["You have been signed out"],
    }),
  ),
  ...[404, 410].map(
    (code): FaultCase => ({
      name: `${code}: not found`,
      script: { stream: [{ status: code }], snapshot: [{ status: code }] },
      seen: [{ connection: "closed", errorKind: "not-found" }],
      maxRequests: 2,
      reads: ["This sync no longer exists"],
    }),
  ),
  {
    name: "an unknown id on a server that streams keep-alives for it for ever",
    script: { stream: [streamOf([{ text: ": keep-alive\n\n" }], "hang")], snapshot: [{ status: 404 }] },
    seen: [{ connection: "closed", errorKind: "not-found" }],
    maxRequests: 2,
  },
];

/** A stream that breaks once in some way, and is well the next time. */
function brokenOnce(name: string, treatment: Treatment, seen: readonly Partial<Seen>[] = []): FaultCase {
  return {
    name,
    script: { stream: [treatment, WELL], snapshot: [SNAPSHOT_RUNNING] },
    seen: [...seen, COMPLETE],
    maxRequests: 4,
  };
}

const network: FaultCase[] = [
  brokenOnce("reset before the headers", { refuse: true }),
  brokenOnce("ended cleanly before the end of the sync", streamOf([{ text: RETRY + STARTED }, REST]), [
    LIVE,
    { connection: "reconnecting" },
  ]),
  brokenOnce(
    "reset in mid-event",
    streamOf([{ text: RETRY + STARTED }, { text: ENDED.slice(0, 60), afterMs: 60 }], "reset"),
    [LIVE, { connection: "reconnecting" }],
  ),
  {
    name: "half-open for ever: the request gets no response",
    script: {
      stream: [{ ignore: true }],
      snapshot: [SNAPSHOT_RUNNING, snapshotOf({ processed_items: 30, seq: 3 }), SNAPSHOT_ENDED],
    },
    seen: [{ processedItems: 10 }, { processedItems: 30 }, COMPLETE],
    maxRequests: 8,
  },
  {
    name: "silent after heartbeats: the stream is dead, and is opened anew",
    script: { stream: [streamOf([{ text: RETRY + STARTED + HEARTBEAT }], "hang"), WELL], snapshot: [SNAPSHOT_RUNNING] },
    seen: [LIVE, COMPLETE],
    maxRequests: 3,
  },
  {
    name: "a stall, and then it goes on",
    script: {
      stream: [streamOf([{ text: RETRY + STARTED }, { text: ENDED, afterMs: 900 }], "hang")],
      snapshot: [SNAPSHOT_RUNNING],
    },
    seen: [LIVE, { isStalled: true, connection: "live" }, COMPLETE],
    maxRequests: 5,
  },
  {
    name: "heartbeats without any change: stalled, over a connection that lives",
    script: {
      stream: [
        streamOf(
          [
            { text: RETRY + STARTED },
            ...Array.from({ length: 9 }, () => ({ text: HEARTBEAT, afterMs: 80 })),
            { text: ENDED, afterMs: 80 },
          ],
          "hang",
        ),
      ],
      snapshot: [SNAPSHOT_RUNNING],
    },
    seen: [LIVE, { isStalled: true, connection: "live" }, COMPLETE],
    maxRequests: 5,
  },
  {
    name: "one byte at a time, so slowly that no event comes",
    script: {
      stream: [streamOf(bytes(STARTED + ENDED).map((byte) => ({ bytes: [byte], afterMs: 20 })))],
      snapshot: [SNAPSHOT_RUNNING, SNAPSHOT_RUNNING, SNAPSHOT_ENDED],
    },
    seen: [{ processedItems: 10 }, COMPLETE],
    maxRequests: 8,
  },
  {
    name: "the server goes away in mid-sync and comes back",
    script: {
      stream: [streamOf([{ text: RETRY + STARTED }], "hang"), WELL],
      snapshot: [SNAPSHOT_RUNNING],
      away: { fromMs: 100, toMs: 500 },
    },
    seen: [LIVE, { connection: "reconnecting" }, COMPLETE],
    connections: ["connecting", "live", "reconnecting", "live", "closed"],
    maxRequests: 6,
    reads: [RECONNECTING_WORDS],
  },
  {
    name: "the server is away from the start and comes later",
    script: {
      stream: [{ refuse: true }, WELL],
      snapshot: [{ refuse: true }, SNAPSHOT_RUNNING],
      away: { fromMs: 0, toMs: 400 },
    },
    seen: [{ errorKind: "unreachable", connection: "connecting" }, COMPLETE],
    maxRequests: 8,
    reads: ["Progress cannot be shown right now"],
  },
  {
    name: "CORS refused",
    script: {
      stream: [{ ...WELL, headers: { ...WELL.headers, "access-control-allow-origin": "https://elsewhere.test" } }],
      snapshot: [{ ...SNAPSHOT_RUNNING, headers: { "access-control-allow-origin": "https://elsewhere.test" } }],
    },
    seen: [{ errorKind: "unreachable", status: null }],
    maxRequests: 6,
    not: { node: "Node has no origin, so nothing refuses." },
  },
];

const server: FaultCase[] = [
  {
    name: "restarted, and the sync is forgotten",
    script: {
      stream: [streamOf([{ text: RETRY + STARTED }, REST], "reset"), { status: 404 }],
      snapshot: [{ status: 404 }],
    },
    seen: [LIVE, { connection: "closed", errorKind: "not-found" }],
    maxRequests: 3,
    reads: ["This sync no longer exists"],
  },
  {
    name: "restarted, and its count begins anew under a later time",
    script: {
      stream: [
        streamOf(
          [{ text: RETRY + event("current_state", { seq: 500, updated_at: "2026-01-01T00:00:00Z" }) }, REST],
          "reset",
        ),
        streamOf([
          { text: event("current_state", { seq: 1, processed_items: 20, updated_at: "2026-01-01T00:00:10Z" }) },
          { text: event("complete", { status: "complete", processed_items: 100, seq: 2 }), afterMs: 50 },
        ]),
      ],
      snapshot: [SNAPSHOT_RUNNING],
    },
    seen: [LIVE, { processedItems: 20 }, COMPLETE],
    maxRequests: 3,
  },
  {
    name: "the snapshot endpoint is well while the stream is not",
    script: { stream: [{ refuse: true }], snapshot: [...Array<Treatment>(8).fill(SNAPSHOT_RUNNING), SNAPSHOT_ENDED] },
    seen: [{ processedItems: 10 }, { connection: "polling" }, COMPLETE],
    maxRequests: 30,
    not: { firefox: RESENT },
  },
  {
    name: "the stream is well while the snapshot endpoint is not",
    script: {
      stream: [
        streamOf([
          { text: RETRY + STARTED + HEARTBEAT },
          ...Array.from({ length: 6 }, () => ({ text: HEARTBEAT, afterMs: 80 })),
          { text: ENDED, afterMs: 50 },
        ]),
      ],
      snapshot: [{ status: 500 }],
    },
    seen: [LIVE, COMPLETE],
    connections: ["connecting", "live", "closed"],
    maxRequests: 5,
  },
  {
    name: "the stream is that of another sync",
    script: {
      stream: [
        streamOf(
          [
            { text: RETRY + event("current_state", { sync_id: "another", processed_items: 99 }) },
            { text: event("complete", { sync_id: "another", status: "complete" }) },
          ],
          "hang",
        ),
      ],
      snapshot: [SNAPSHOT_RUNNING, SNAPSHOT_RUNNING, snapshotOf({ processed_items: 40, seq: 4 }), SNAPSHOT_ENDED],
    },
    seen: [{ processedItems: 10 }, { processedItems: 40 }, COMPLETE],
    maxRequests: 12,
  },
  {
    name: "the terminal event is swallowed by a proxy, which goes on with heartbeats",
    script: {
      stream: [
        streamOf(
          [{ text: RETRY + STARTED }, ...Array.from({ length: 20 }, () => ({ text: HEARTBEAT, afterMs: 60 }))],
          "hang",
        ),
      ],
      snapshot: [SNAPSHOT_ENDED],
    },
    seen: [LIVE, COMPLETE],
    maxRequests: 2,
  },
  {
    name: "the terminal event is swallowed, and nothing comes any more",
    script: { stream: [streamOf([{ text: RETRY + STARTED + HEARTBEAT }], "hang")], snapshot: [SNAPSHOT_ENDED] },
    seen: [LIVE, COMPLETE],
    maxRequests: 2,
  },
  {
    name: "the terminal event comes twice, and more after it",
    script: {
      stream: [
        streamOf([
          {
            text:
              STARTED + ENDED + ENDED + event("progress", { seq: 200 }) + event("error", { status: "error", seq: 201 }),
          },
        ]),
      ],
      snapshot: [SNAPSHOT_RUNNING],
    },
    seen: [COMPLETE],
    maxRequests: 1,
  },
  {
    name: "a server event named error says why the sync failed",
    script: {
      stream: [
        streamOf([
          { text: STARTED + event("error", { status: "error", error_message: "The mailbox is locked.", seq: 7 }) },
        ]),
      ],
      snapshot: [SNAPSHOT_RUNNING],
    },
    seen: [{ status: "error", connection: "closed", errorKind: "sync-failed", errorMessage: "The mailbox is locked." }],
    maxRequests: 1,
    reads: ["Gmail could not be synced"],
  },
  {
    name: "open but silent: the stream of a worker that does not have the sync",
    script: {
      stream: [
        streamOf(
          [{ text: RETRY + STARTED }, ...Array.from({ length: 40 }, () => ({ text: HEARTBEAT, afterMs: 50 }))],
          "hang",
        ),
      ],
      snapshot: [
        snapshotOf({ processed_items: 20, seq: 2 }),
        snapshotOf({ processed_items: 40, seq: 3 }),
        snapshotOf({ processed_items: 60, seq: 4 }),
        ...Array<Treatment>(4).fill(snapshotOf({ processed_items: 80, seq: 5 })),
        SNAPSHOT_ENDED,
      ],
    },
    seen: [
      LIVE,
      { processedItems: 20 },
      { processedItems: 40 },
      { processedItems: 80, connection: "polling" },
      COMPLETE,
    ],
    maxRequests: 12,
  },
  {
    name: "two servers in turn, one of them behind",
    script: {
      stream: [
        streamOf(
          [
            {
              text: RETRY + event("current_state", { processed_items: 60, seq: 6, updated_at: "2026-01-01T00:00:06Z" }),
            },
            REST,
          ],
          "reset",
        ),
        streamOf([
          { text: event("current_state", { processed_items: 20, seq: 2, updated_at: "2026-01-01T00:00:02Z" }) },
          { text: event("progress", { processed_items: 61, seq: 7, updated_at: "2026-01-01T00:00:07Z" }), afterMs: 60 },
          // The client waits up to 200 ms for a frame before it shows mere counts.
          { text: ENDED, afterMs: 500 },
        ]),
      ],
      snapshot: [snapshotOf({ processed_items: 20, seq: 2, updated_at: "2026-01-01T00:00:02Z" })],
    },
    seen: [
      { processedItems: 60 },
      { processedItems: 60, connection: "reconnecting" },
      { processedItems: 60, connection: "live" },
      { processedItems: 61 },
      COMPLETE,
    ],
    maxRequests: 4,
  },
  {
    name: "an hour between the clocks of server and browser",
    script: {
      stream: [
        streamOf([
          { text: event("current_state", { started_at: new Date(Date.now() + 3_600_000).toISOString() }) + ENDED },
        ]),
      ],
      snapshot: [SNAPSHOT_RUNNING],
    },
    seen: [COMPLETE],
    maxRequests: 1,
  },
];

/** A stream with odd data in its middle, and a good end. */
function oddData(name: string, data: string, seen: readonly Partial<Seen>[] = [], restMs = 60): FaultCase {
  return {
    name,
    script: {
      stream: [streamOf([{ text: STARTED }, { text: data }, { text: ENDED, afterMs: restMs }])],
      snapshot: [SNAPSHOT_RUNNING],
    },
    seen: [...seen, COMPLETE],
    maxRequests: 3,
  };
}

const data: FaultCase[] = [
  oddData("malformed JSON", "event: progress\ndata: {oops\n\n"),
  oddData("not an object", "event: progress\ndata: [1]\n\n"),
  oddData("missing fields", 'event: progress\ndata: {"processed_items":3}\n\n'),
  oddData(
    "an unknown status runs, with its stage",
    event("progress", { status: "polishing", stage: "Polishing...", seq: 2 }),
    [{ status: "running", stage: "Polishing..." }],
  ),
  oddData(
    "negative, missing and huge counts",
    event("progress", { total_items: -1, processed_items: 1e300, failed_items: "x", seq: 2 }),
    [{ processedItems: Number.MAX_SAFE_INTEGER, status: "syncing" }],
  ),
  oddData("more processed than there is", event("progress", { processed_items: 500, seq: 2 }), [
    { processedItems: 500, percent: 60 },
  ]),
  oddData("a total that shrinks", event("progress", { total_items: 5, processed_items: 2, seq: 2 }), [
    { processedItems: 2 },
  ]),
  oddData("a total of 0", event("progress", { total_items: 0, processed_items: 0, seq: 2 }), [{ processedItems: 0 }]),
  oddData("a stage of 1 MB less a little", event("progress", { stage: "x".repeat(900_000), seq: 2 }), [
    { status: "syncing" },
  ]),
  oddData("HTML and control characters", event("progress", { stage: "<b>\u0000bold\u001b[31m</b>", seq: 2 }), [
    { stage: "<b> bold [31m</b>" },
  ]),
  oddData(
    "duplicates and disorder",
    event("progress", { processed_items: 50, seq: 5 }) +
      event("progress", { processed_items: 30, seq: 3 }) +
      event("progress", { processed_items: 50, seq: 5 }),
    [{ processedItems: 50 }],
  ),
  oddData(
    "10,000 events at once",
    Array.from({ length: 10_000 }, (_, index) =>
      event("progress", { total_items: 20_000, processed_items: index + 11, seq: index + 2 }),
    )
      .join("")
      .replaceAll('"connector_type":"gmail",', ""),
    [{ processedItems: 10_010 }],
    1_000,
  ),
  {
    name: "seqs below 99 after an end with 99: the end stays",
    script: { stream: [streamOf([{ text: ENDED + event("progress", { seq: 3 }) }])], snapshot: [SNAPSHOT_RUNNING] },
    seen: [COMPLETE],
    maxRequests: 1,
  },
];

/** All faults, by the part of the world that has them. */
export const faultCases = { framing, status, network, server, data, ...transportCases } as const;
export { SYNC_ID };
