import { doneItems } from "../../protocol/snapshot.js";
import { isTerminalStatus } from "../../protocol/status.js";
import type { Evidence } from "../evidence/evidence.js";
import { firstStateDelay } from "../evidence/stream-delay.js";
import { type State, stateOfResponse, statesOf } from "../evidence/stream-states.js";
import { isRefusal } from "../http/read-json.js";
import { anyServer, thisCommand } from "./changes.js";
import { type Check, type Finding, fault, ok, skipped, warning } from "./check.js";
import { seconds, showResponse } from "./show.js";

/** What a page gets that comes back, and what the doctor leaves behind. */
export const resumeChecks: readonly Check[] = [
  { id: "resume", subject: "a second opening of the stream, with Last-Event-ID", step: "resume", judge: judgeResume },
  {
    id: "cleanup",
    subject: "whether a sync that the doctor has started still runs",
    step: "resume",
    judge: judgeCleanup,
  },
];

function judgeResume({ resume, stream, target }: Evidence): Finding {
  if (resume === null || stream === null) return skipped("The stream brought no state before.");
  const { exchange, items } = resume.record;
  const sent = resume.lastEventId === null ? "a second opening" : `Last-Event-ID: ${resume.lastEventId}`;
  const evidence = [`sent: ${sent}`, ...showResponse(exchange, "content-type")];
  const why = "Browsers do this after every interruption: the page stays on what it had.";
  const change = [
    anyServer(
      "Ignore Last-Event-ID on the stream of one sync, and send the current state as `current_state` to everybody who opens it.",
    ),
  ];
  if (isRefusal(exchange) && isRefusal(stream.after)) return skipped("The sign-in has expired, see session.");
  if (exchange.head?.status !== 200) {
    return fault({
      seen: "A stream that is opened again is refused.",
      evidence,
      why: "Browsers do this after every interruption, and give up for good when it is refused.",
      change,
    });
  }
  const [first] = statesOf(items);
  const latest = statesOf(stream.record.items).at(-1);
  if (first === undefined && (firstStateDelay(stream.record) ?? 0) >= target.timings.lagMs) {
    return skipped("No stream brings a state at its beginning, see first-event.");
  }
  if (first === undefined) {
    return fault({
      seen: `A stream that is opened again brought no state in ${seconds(target.timings.firstEventMs)}.`,
      evidence,
      why,
      change,
    });
  }
  if (latest !== undefined && isOlder(first, latest)) {
    return fault({
      seen: "A stream that is opened again begins with an older state than the page had.",
      evidence: [...evidence, `before: ${summary(latest)}`, `then: ${summary(first)}`],
      why: "Numbers go back, and after the end of a sync the page would show it as running.",
      change,
    });
  }
  return ok(`${first.name} again`);
}

function isOlder({ snapshot: a }: State, { snapshot: b }: State): boolean {
  if (isTerminalStatus(b.status)) return a.status !== b.status;
  if (a.seq !== null && b.seq !== null) return a.seq < b.seq;
  return a.status === b.status && a.phase === b.phase && doneItems(a) < doneItems(b);
}

function summary({ snapshot }: State): string {
  return `${snapshot.status}, seq ${snapshot.seq ?? "none"}, ${doneItems(snapshot)} of ${snapshot.totalItems ?? "?"} items`;
}

function judgeCleanup({ sync, stream, cancel }: Evidence): Finding {
  if (sync === null || !sync.isOurs) return ok("nothing was started");
  const responses =
    stream === null ? [] : [...stream.polls, stream.after].flatMap((poll) => stateOfResponse(poll) ?? []);
  const states = stream === null ? [] : [...statesOf(stream.record.items), ...responses];
  const end = states.find(({ snapshot }) => isTerminalStatus(snapshot.status));
  if (end !== undefined) return ok(`the sync that was started has ended: ${end.snapshot.status}`);
  const status = cancel?.head?.status ?? 0;
  if (status >= 200 && status < 300) return ok("the sync that was started was cancelled");
  if (status === 409) return ok("the sync that was started has ended");
  return warning({
    seen: `The sync that was started may still run: ${sync.syncId}.`,
    evidence: cancel === null ? ["cancel is not offered"] : showResponse(cancel),
    why: "Nobody waits for it.",
    change: [thisCommand("Cancel it by hand, or wait for its end.")],
  });
}
