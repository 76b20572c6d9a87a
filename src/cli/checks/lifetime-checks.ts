import { decodeHeartbeat, HEARTBEAT_EVENT } from "../../protocol/events.js";
import { isTerminalStatus } from "../../protocol/status.js";
import type { Evidence, StreamEvidence } from "../evidence/evidence.js";
import { findDelay, longestSilence } from "../evidence/stream-delay.js";
import { type State, stateOfResponse, statesOf } from "../evidence/stream-states.js";
import { isRefusal } from "../http/read-json.js";
import { anyServer, PATIENT } from "./changes.js";
import { type Check, type Finding, fault, ofStates, ofStream, ok, skipped, warning } from "./check.js";
import { count, seconds, showResponse } from "./show.js";

/** What keeps a stream open, and what ends it. */
export const lifetimeChecks: readonly Check[] = [
  { id: "heartbeats", subject: "heartbeats that a page sees", step: "stream", judge: ofStream(judgeHeartbeats) },
  {
    id: "interruption",
    subject: "a stream that stays open while its sync runs, also in silence (idle timeouts of proxies)",
    step: "stream",
    judge: ofStates(judgeInterruption),
  },
  {
    id: "end",
    subject: "the terminal event, and the end of the stream after it",
    step: "stream",
    judge: ofStates(judgeEnd),
  },
  {
    id: "session",
    subject: "a sign-in that expires while the stream is read",
    step: "stream",
    judge: ofStream(judgeSession),
  },
];

/** How many heartbeats the client waits for before it takes a stream for dead. */
const HEARTBEATS_BEFORE_DEAD = 2.5;
/** Many proxies end what is silent for a minute, some sooner. */
const SLOW_HEARTBEAT_MS = 30_000;

function judgeHeartbeats(stream: StreamEvidence, { target }: Evidence): Finding {
  const { record } = stream;
  const { idleMs, lagMs, deadMs } = target.timings;
  if (findDelay(stream, lagMs)?.kind === "held-back") return skipped("Events are held back, see there.");
  const change = PATIENT.slice(0, 1);
  const beats = record.items.filter((item) => item.kind === "event" && item.name === HEARTBEAT_EVENT);
  const [beat] = beats;
  const silenceMs = longestSilence(record);
  if (beat?.kind === "event") {
    const { intervalMs: statedMs } = decodeHeartbeat(beat.data);
    const evidence = [`event: ${HEARTBEAT_EVENT}`, `data: ${beat.data}`];
    if (statedMs !== null && silenceMs > Math.max(deadMs, statedMs * HEARTBEATS_BEFORE_DEAD)) {
      const why = "The page takes the stream for dead and opens another one, again and again.";
      return fault({
        seen: `Heartbeats say that they come every ${seconds(statedMs)}, and once nothing came for ${seconds(silenceMs)}.`,
        evidence,
        why,
        change,
      });
    }
    if (Math.max(statedMs ?? 0, silenceMs) > SLOW_HEARTBEAT_MS) {
      const why = "Proxies that end what is silent for 30 or 60 s end the stream.";
      return warning({
        seen: `Heartbeats come every ${seconds(Math.max(statedMs ?? 0, silenceMs))}.`,
        evidence,
        why,
        change,
      });
    }
    return ok(statedMs === null ? `${count(beats.length, "heartbeat")}` : `every ${seconds(statedMs)}`);
  }
  const comments = record.items.filter(({ kind }) => kind === "comment");
  if (comments.length > 0) {
    return warning({
      seen: `There are no heartbeats but comments (${comments.length} in ${seconds(record.endedAtMs - record.exchange.sentAtMs)}).`,
      evidence: comments.slice(0, 1).map((item) => (item.kind === "comment" ? `: ${item.text.trim()}` : "")),
      why: "Comments keep proxies patient, but no page ever sees one: a connection that died without a word (a laptop that slept, a lost network) is found after 30 s only.",
      change,
    });
  }
  if (silenceMs < idleMs * 0.9 || isBroken(stream)) {
    return skipped(
      `There was no silence of ${seconds(idleMs)} in which one had to come (longest: ${seconds(silenceMs)}).`,
    );
  }
  return fault({
    seen: `In ${seconds(silenceMs)} of silence came no heartbeat.`,
    why: 'Proxies end what is silent: the person sees "Connection lost" again and again. And to a page a quiet sync looks like a dead connection.',
    change: PATIENT,
  });
}

/** Whether the stream ended before its sync. */
function isBroken({ record, after }: StreamEvidence): boolean {
  const last = statesOf(record.items).at(-1);
  const now = stateOfResponse(after);
  const isOver = [last, now].some(
    (state) => state !== undefined && state !== null && isTerminalStatus(state.snapshot.status),
  );
  return record.endedBy !== "doctor" && !isOver;
}

function judgeInterruption(_: readonly State[], stream: StreamEvidence): Finding {
  const { record, after } = stream;
  const openMs = record.endedAtMs - record.exchange.sentAtMs;
  if (!isBroken(stream)) return ok(`open for ${seconds(openMs)}`);
  if (isRefusal(after)) return skipped("The sign-in has expired, see session.");
  const lastAtMs = record.items.at(-1)?.atMs ?? record.exchange.sentAtMs;
  const silenceMs = record.endedAtMs - lastAtMs;
  const others = longestSilence({ ...record, endedAtMs: lastAtMs });
  const isIdle = silenceMs >= others && silenceMs > openMs / 10;
  return fault({
    seen: isIdle
      ? `The stream was ended after ${seconds(silenceMs)} of silence, while the sync runs.`
      : `The stream was ended after ${seconds(openMs)}, while the sync runs.`,
    evidence: [
      record.endedBy === "break" ? "the connection broke" : "the response ended",
      ...showResponse(record.exchange, "server", "via"),
    ],
    why: isIdle
      ? 'Something on the way ends what is silent. Each time the person sees "Connection lost. Reconnecting..."'
      : 'Something limits how long a response may take. Each time the person sees "Connection lost. Reconnecting..."',
    change: PATIENT,
  });
}

function judgeEnd(states: readonly State[], stream: StreamEvidence, { target, cancel }: Evidence): Finding {
  const { record, after, polls } = stream;
  const { closeMs, lagMs } = target.timings;
  const terminal = states.find(({ snapshot }) => isTerminalStatus(snapshot.status));
  const change = [
    anyServer("Send `complete`, `error` or `cancelled` with the last snapshot, flush it, and end the response."),
  ];
  if (terminal === undefined) {
    const ended = [...polls, after]
      .map(stateOfResponse)
      .find((state) => state !== null && isTerminalStatus(state.snapshot.status));
    if (ended === undefined || ended === null) return skipped("The sync did not end while it was looked at.");
    // It ended after the reading.
    if (record.endedBy === "doctor" && record.endedAtMs - ended.atMs < Math.min(lagMs, closeMs) && cancel === null) {
      return skipped("The sync ended as the reading did.");
    }
    if (findDelay(stream, lagMs)?.kind === "held-back") return skipped("Events are held back, see there.");
    return fault({
      seen: `The sync ended (${ended.snapshot.status}), and the stream did not say so.`,
      evidence: [
        `the last of the stream: status ${states.at(-1)?.snapshot.status}`,
        `the snapshot endpoint: status ${ended.snapshot.status}`,
      ],
      why: "The bar stands still at the end. The page finds out when it requests the snapshot, after half a minute.",
      change,
    });
  }
  const openMs = record.endedAtMs - terminal.atMs;
  if (record.endedBy === "doctor" && openMs >= closeMs * 0.9) {
    return warning({
      seen: `The stream stays open after the sync has ended (${terminal.snapshot.status}).`,
      evidence: [`event: ${terminal.name}`, `still open ${seconds(openMs)} later`],
      why: "Each page that was closed without a word leaves a connection behind on the server, and a browser has six.",
      change,
    });
  }
  return ok(`${terminal.name}, and the end of the stream`);
}

function judgeSession({ record, polls, after }: StreamEvidence): Finding {
  const responses = [...polls, after];
  const refused = responses.find(isRefusal);
  if (refused === undefined) return ok("it stayed valid");
  if (!responses.some(({ head }) => head?.status === 200))
    return skipped("The snapshot endpoint refuses every request.");
  const later = record.items.filter(({ atMs }) => atMs > refused.sentAtMs + refused.durationMs).length;
  return warning({
    seen: `The sign-in expired ${seconds(refused.sentAtMs - record.exchange.sentAtMs)} after the stream was opened.`,
    evidence: [...showResponse(refused), `${count(later, "event")} came on the stream after that`],
    why: 'A person who watches a long sync is signed out in the middle of it: "You have been signed out. The sync continues."',
    change: [
      anyServer("Extend the session while a stream is open, or let pages renew it: `onUnauthorized` of the client."),
      ...(later > 0 ? [anyServer("End the stream when its sign-in ends.")] : []),
    ],
  });
}
