import type { Evidence, StreamEvidence } from "../evidence/evidence.js";
import { findBursts, findDelay, firstStateDelay } from "../evidence/stream-delay.js";
import { readState, stateOfResponse, statesOf, unreadableOf } from "../evidence/stream-states.js";
import { anyServer, CONCURRENT, UNBUFFERED } from "./changes.js";
import { type Check, type Finding, fault, ofStream, ok, skipped, warning } from "./check.js";
import { count, seconds, showResponse } from "./show.js";

/** Whether what happens reaches the page when it happens. */
export const flowChecks: readonly Check[] = [
  { id: "first-event", subject: "the state, at once, as the first event", step: "stream", judge: ofStream(judgeFirst) },
  { id: "buffering", subject: "events that arrive when they happen", step: "stream", judge: ofStream(judgeBuffering) },
  {
    id: "staleness",
    subject: "a stream that shows what the snapshot endpoint shows",
    step: "stream",
    judge: ofStream(judgeStaleness),
  },
  { id: "blocking", subject: "other requests while a stream is open", step: "stream", judge: ofStream(judgeBlocking) },
];

function judgeFirst(stream: StreamEvidence, { target }: Evidence): Finding {
  const { record } = stream;
  const [first] = statesOf(record.items);
  const { lagMs } = target.timings;
  const openedAtMs = record.exchange.sentAtMs + record.exchange.durationMs;
  const change = [
    anyServer("Send the current state as event `current_state` as soon as a stream is opened, then every change."),
  ];
  const why = 'A page that is loaded while a sync runs shows "Connecting..." and an empty bar until something changes.';
  if (first === undefined) {
    if (unreadableOf(record.items).length > 0 || record.items.some((item) => readState(item) !== null)) {
      return skipped("The stream brought no state that could be read.");
    }
    if (record.items.length === 0) return skipped("The stream brought nothing.");
    return fault({
      seen: `In ${seconds(record.endedAtMs - openedAtMs)} the stream brought no state.`,
      evidence: [count(record.items.filter(({ kind }) => kind === "comment").length, "comment")],
      why,
      change,
    });
  }
  const delayMs = firstStateDelay(record) ?? 0;
  if (findDelay(stream, lagMs)?.kind === "held-back") return skipped("Events are held back, see there.");
  if (delayMs >= lagMs) {
    return fault({
      seen: `The first state came ${seconds(delayMs)} after the stream was open.`,
      evidence: [`event: ${first.name}`],
      why,
      change,
    });
  }
  if (first.name === "current_state") return ok(`current_state after ${seconds(delayMs)}`);
  return warning({
    seen: `The first event is \`${first.name}\`, not \`current_state\`.`,
    why: `If it comes only because something has just changed: ${why}`,
    change,
  });
}

function judgeBuffering(stream: StreamEvidence, { target }: Evidence): Finding {
  const { record, polls } = stream;
  const headers = record.exchange.head?.headers ?? {};
  const delay = findDelay(stream, target.timings.lagMs);
  if (delay?.kind === "held-back") {
    if (headers["content-encoding"] !== undefined) return skipped("The compressor holds events back, see compression.");
    return fault({
      seen: `Events are held back for up to ${seconds(delay.delayMs)}. ${delay.seen}`,
      evidence: showResponse(record.exchange, "x-accel-buffering", "content-length", "server", "via"),
      why: "The bar stands still, then jumps; a short sync shows nothing before its end. The page polls after about nine seconds without a first event.",
      change: UNBUFFERED,
    });
  }
  const states = statesOf(record.items);
  const bursts = findBursts(record);
  if (bursts !== null) {
    return warning({
      seen: `Events arrive in groups: ${bursts.count} times those of up to ${seconds(bursts.longestMs)} came at once.`,
      evidence: showResponse(record.exchange, "x-accel-buffering", "content-encoding", "server", "via"),
      why: "The bar moves by jerks; and when the sync is slower, the same buffer takes longer to fill, and holds its events back for longer.",
      change: UNBUFFERED,
    });
  }
  if (states.length < 2 && polls.length === 0) return skipped("Too few events to judge by.");
  return ok(`${count(states.length, "state")} in ${count(record.chunkTimes.length, "piece")}, none late`);
}

function judgeStaleness(stream: StreamEvidence, { target }: Evidence): Finding {
  const states = statesOf(stream.record.items);
  const comparable = stream.polls.filter((poll) => stateOfResponse(poll) !== null);
  if (states.length === 0 || comparable.length === 0) return skipped("There was nothing to compare.");
  const firstAtMs = states[0]?.atMs ?? 0;
  const later = stream.polls.filter(({ sentAtMs }) => sentAtMs >= firstAtMs);
  const delay = findDelay(stream, target.timings.lagMs, later);
  if (delay?.kind !== "silent") return ok(`the same in ${count(comparable.length, "comparison")}`);
  return fault({
    seen: `The stream is open and silent while the sync moves on. ${delay.seen}`,
    evidence: [`the last of the stream: ${JSON.stringify(states.at(-1)?.json).slice(0, 160)}`],
    why: "The person sees a sync that does not move, until the page requests the snapshot after half a minute.",
    change: [
      anyServer(
        "With several processes or workers, a stream has to learn of changes that another one makes: by Redis, by the database, or by reading the state every second.",
      ),
      {
        where: "react-sync-progress/server",
        text: "createSyncService({ store: createRedisStore(...) }), or the SQLite or Postgres store",
      },
    ],
  });
}

function judgeBlocking({ polls, after }: StreamEvidence): Finding {
  if (polls.length === 0) return skipped("Nothing was requested beside the stream.");
  const stuck = polls.find(({ failure }) => failure?.kind === "timeout");
  const longest = Math.max(...polls.map(({ durationMs }) => durationMs));
  if (stuck === undefined || after.head === null) return ok(`responses within ${seconds(longest)} meanwhile`);
  return fault({
    seen: "While the stream is open, the server does not respond to other requests.",
    evidence: [
      `${showResponse(stuck)[0] ?? ""}, while the stream was open`,
      `${showResponse(after)[0] ?? ""} in ${seconds(after.durationMs)}, after it`,
    ],
    why: "One person who watches a sync locks everybody else out, and cannot cancel it.",
    change: CONCURRENT,
  });
}
