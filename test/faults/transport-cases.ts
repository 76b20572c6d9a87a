import type { FaultCase, Seen } from "./fault-case.js";
import {
  type Chunk,
  type FaultScript,
  SNAPSHOT_ENDED,
  SNAPSHOT_RUNNING,
  SYNC_ID,
  snapshotOf,
  type Treatment,
} from "./fault-script.js";

const COMPLETE: Partial<Seen> = { status: "complete", connection: "closed", percent: 100, processedItems: 100 };
const LIVE: Partial<Seen> = { connection: "live", status: "syncing" };
const POLLED: Partial<Seen> = { connection: "polling", status: "syncing" };
/** Time for the screen to show what came before: it is drawn once a frame. */
const REST_MS = 150;

/** A message over a socket, in the JSON of a backend that is not ours. */
const message = (given: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    job: SYNC_ID,
    state: "working",
    label: "Fetching emails...",
    version: 1,
    progress: { done: 10, total: 100 },
    ...given,
  });
const STARTED = message();
const ENDED = message({ state: "finished", version: 99, progress: { done: 100, total: 100 } });
/** What Firefox does, by its setting `network.http.request.max-attempts`. */
export const RESENT =
  "the browser itself sends a request again, up to ten times, whose connection is reset before the response";
const PING = JSON.stringify({ type: "ping" });

const socketOf = (chunks: readonly Chunk[], ending: Treatment["ending"] = "end"): Treatment => ({ chunks, ending });
const WELL_SOCKET = socketOf([{ text: STARTED }, { text: ENDED, afterMs: REST_MS }]);
const NO_HTTP: Pick<FaultScript, "stream" | "snapshot"> = { stream: [], snapshot: [] };

/** A socket that is treated once in some way, and is well the next time. */
function brokenSocket(name: string, treatment: Treatment, seen: readonly Partial<Seen>[] = []): FaultCase {
  return {
    name,
    transport: "socket",
    script: { ...NO_HTTP, socket: [treatment, WELL_SOCKET] },
    seen: [...seen, COMPLETE],
    maxRequests: 2,
  };
}

/** A socket that is odd, but says all it has to over its one connection. */
function oddSocket(name: string, chunks: readonly Chunk[], seen: readonly Partial<Seen>[] = []): FaultCase {
  // Every further connection is the same: on a busy machine an opening may take longer than the fast client waits.
  const script = { ...NO_HTTP, socket: [socketOf(chunks)] };
  return { name, transport: "socket", script, seen: [...seen, COMPLETE], maxRequests: 1 };
}

const sockets: FaultCase[] = [
  oddSocket("nothing: the sync is followed to its end", [{ text: STARTED }, { text: ENDED, afterMs: REST_MS }], [LIVE]),
  oddSocket(
    "messages about something else, and about another sync",
    [
      { text: STARTED },
      { text: PING },
      { text: message({ job: "another", state: "finished", progress: { done: 100, total: 100 } }) },
      { text: message({ version: 2, progress: { done: 20, total: 100 } }), afterMs: REST_MS },
      { text: ENDED, afterMs: REST_MS },
    ],
    [LIVE, { processedItems: 20 }],
  ),
  oddSocket("binary messages", [{ text: STARTED }, { bytes: [0x82, 0x01, 0x00] }, { text: ENDED, afterMs: REST_MS }]),
  oddSocket(
    "duplicates and disorder",
    [
      { text: message({ version: 5, progress: { done: 50, total: 100 } }) },
      { text: message({ version: 3, progress: { done: 30, total: 100 } }) },
      { text: message({ version: 5, progress: { done: 50, total: 100 } }) },
      { text: ENDED, afterMs: REST_MS },
    ],
    [{ processedItems: 50 }],
  ),
  oddSocket("the end twice, and more after it", [
    { text: STARTED },
    { text: ENDED },
    { text: ENDED },
    { text: message({ version: 200 }) },
  ]),
  oddSocket(
    "an unknown status runs, with its stage",
    [{ text: message({ state: "polishing", label: "Polishing..." }) }, { text: ENDED, afterMs: REST_MS }],
    [{ status: "running", stage: "Polishing..." }],
  ),
  oddSocket(
    "10,000 messages at once",
    [
      ...Array.from({ length: 10_000 }, (_, index) => ({
        text: message({ version: index + 1, progress: { done: index, total: 20_000 } }),
      })),
      // Time to read them all, with signs of life, so that nobody reopens the socket.
      ...Array.from({ length: 15 }, () => ({ text: PING, afterMs: 100 })),
      { text: ENDED },
    ],
    [{ processedItems: 9_999 }],
  ),
  brokenSocket("closed before the end of the sync", socketOf([{ text: STARTED }, { text: PING, afterMs: REST_MS }]), [
    LIVE,
    { connection: "reconnecting" },
  ]),
  brokenSocket(
    "reset in the middle of a message",
    // A reset throws away what was not read yet.
    socketOf([{ text: STARTED }, { bytes: [0x81, 0x7d, 0x7b], afterMs: REST_MS }], "reset"),
    [LIVE, { connection: "reconnecting" }],
  ),
  brokenSocket("malformed JSON: the socket is opened anew", socketOf([{ text: STARTED }, { text: "{oops" }], "hang"), [
    LIVE,
  ]),
  brokenSocket("messages that the mapping throws on", socketOf([{ text: STARTED }, { text: "null" }], "hang"), [LIVE]),
  brokenSocket(
    "a message of 10 MB",
    socketOf([{ text: STARTED }, { text: "x".repeat(1_000), times: 10_000 }], "hang"),
    [LIVE],
  ),
  brokenSocket("silent for ever", socketOf([{ text: STARTED }], "hang"), [LIVE]),
  {
    ...brokenSocket("the handshake gets no response", { ignore: true }),
    not: { firefox: "a socket that is closed before its handshake stays open at the server, for more than 25 s" },
  },
  brokenSocket("the handshake is refused", { status: 500 }, [{ connection: "connecting", errorKind: "unreachable" }]),
  brokenSocket("reset before the handshake", { refuse: true }, [
    { connection: "connecting", errorKind: "unreachable" },
  ]),
  {
    name: "the server goes away in mid-sync and comes back",
    transport: "socket",
    script: {
      ...NO_HTTP,
      socket: [socketOf([{ text: STARTED }], "hang"), WELL_SOCKET],
      away: { fromMs: 100, toMs: 400 },
    },
    seen: [LIVE, { connection: "reconnecting" }, COMPLETE],
    maxRequests: 3,
  },
  {
    name: "never a socket, while snapshots arrive: polled",
    transport: "socket-and-http",
    script: {
      stream: [],
      socket: [{ status: 403 }],
      snapshot: [
        ...Array<Treatment>(5).fill(SNAPSHOT_RUNNING),
        snapshotOf({ processed_items: 80, seq: 5 }),
        SNAPSHOT_ENDED,
      ],
    },
    seen: [{ processedItems: 10 }, { connection: "polling" }, { processedItems: 80 }, COMPLETE],
    maxRequests: 14,
  },
  {
    name: "signed out, as the snapshot endpoint says",
    transport: "socket-and-http",
    script: { stream: [], socket: [{ status: 401 }], snapshot: [{ status: 401 }] },
    seen: [{ connection: "closed", errorKind: "unauthorized" }],
    maxRequests: 2,
    reads: ["You have been signed out"],
  },
  {
    name: "no such sync, as the snapshot endpoint says",
    transport: "socket-and-http",
    script: { stream: [], socket: [socketOf([])], snapshot: [{ status: 404 }] },
    seen: [{ connection: "closed", errorKind: "not-found" }],
    maxRequests: 2,
  },
  {
    name: "the end is lost, and found at the snapshot endpoint",
    transport: "socket-and-http",
    script: { stream: [], socket: [socketOf([{ text: STARTED }, { text: PING }], "hang")], snapshot: [SNAPSHOT_ENDED] },
    seen: [LIVE, COMPLETE],
    maxRequests: 2,
  },
];

/** A status endpoint that is treated in some way, and is well the next time. */
function brokenPoll(name: string, treatments: readonly Treatment[], seen: readonly Partial<Seen>[] = []): FaultCase {
  return {
    name,
    transport: "polling",
    script: { stream: [], snapshot: [...treatments, SNAPSHOT_ENDED] },
    seen: [...seen, COMPLETE],
    maxRequests: treatments.length + 1,
  };
}

const UNREACHABLE: Partial<Seen> = { connection: "connecting", errorKind: "unreachable" };
const json = (text: string): Treatment => ({ headers: { "content-type": "application/json" }, chunks: [{ text }] });

const polls: FaultCase[] = [
  brokenPoll(
    "nothing: the sync is followed to its end, and not requested any more",
    [SNAPSHOT_RUNNING, snapshotOf({ processed_items: 60, seq: 5 })],
    [POLLED, { processedItems: 60 }],
  ),
  ...[500, 502, 503, 504].map((status) => brokenPoll(`${status}, then well`, [{ status }], [UNREACHABLE])),
  brokenPoll(
    "429 with Retry-After of a second: nothing is requested before it is over",
    [{ status: 429, headers: { "retry-after": "1" } }],
    [UNREACHABLE],
  ),
  {
    ...brokenPoll("reset before the response", [{ refuse: true }], [UNREACHABLE]),
    not: { firefox: RESENT },
  },
  brokenPoll(
    "reset in the middle of the response",
    [
      SNAPSHOT_RUNNING,
      {
        headers: { "content-type": "application/json", "content-length": "900" },
        chunks: [{ text: '{"success":' }],
        ending: "reset",
      },
    ],
    [POLLED],
  ),
  brokenPoll("no response", [{ ignore: true }], [UNREACHABLE]),
  ...["<!doctype html>", "{oops", "[1]", "", '{"progress":{"status":"syncing"}}'].map((text) =>
    brokenPoll(
      `a response that cannot be used: ${JSON.stringify(text)}`,
      [json(text)],
      [{ connection: "connecting", errorKind: "invalid-response" }],
    ),
  ),
  brokenPoll("the snapshot of another sync", [snapshotOf({ sync_id: "another" })], [{ errorKind: "invalid-response" }]),
  brokenPoll(
    "snapshots in disorder",
    [
      snapshotOf({ processed_items: 60, seq: 6 }),
      snapshotOf({ processed_items: 20, seq: 2 }),
      snapshotOf({ processed_items: 70, seq: 7 }),
    ],
    [{ processedItems: 60 }, { processedItems: 70 }],
  ),
  brokenPoll("a sync that stands still", Array<Treatment>(14).fill(SNAPSHOT_RUNNING), [
    POLLED,
    { isStalled: true, connection: "polling" },
  ]),
  {
    name: "the server goes away in mid-sync and comes back",
    transport: "polling",
    script: {
      stream: [],
      snapshot: [...Array<Treatment>(4).fill(SNAPSHOT_RUNNING), SNAPSHOT_ENDED],
      away: { fromMs: 100, toMs: 400 },
    },
    seen: [POLLED, { connection: "reconnecting" }, COMPLETE],
    maxRequests: 6,
  },
  ...[
    { status: 401, kind: "unauthorized" as const },
    { status: 403, kind: "unauthorized" as const },
    { status: 404, kind: "not-found" as const },
    { status: 410, kind: "not-found" as const },
  ].map(
    ({ status, kind }): FaultCase => ({
      name: `${status}: ${kind}`,
      transport: "polling",
      script: { stream: [], snapshot: [{ status }] },
      seen: [{ connection: "closed", errorKind: kind }],
      maxRequests: 1,
    }),
  ),
];

/** Faults of the other transports. */
export const transportCases = { sockets, polls } as const;
