import { READY_EVENT } from "../../protocol/feed.js";
import { isTerminalStatus } from "../../protocol/status.js";
import { decodeSyncPage, type SyncPage } from "../../protocol/sync-page.js";
import type { Evidence, StreamEvidence } from "../evidence/evidence.js";
import { findDelay } from "../evidence/stream-delay.js";
import { stateOfResponse, statesOf } from "../evidence/stream-states.js";
import type { Exchange } from "../http/exchange.js";
import { isHtml } from "../http/read-json.js";
import { anyServer } from "./changes.js";
import { type Check, type Finding, fault, hint, ofStream, ok, skipped } from "./check.js";
import { cut, seconds, showResponse } from "./show.js";

/** Whether list and feed, which older backends do not have, agree with the rest. */
export const listChecks: readonly Check[] = [
  { id: "list", subject: "the list of syncs, if it is offered", step: "stream", judge: ofStream(judgeList) },
  {
    id: "feed",
    subject: "the stream of all syncs, if it is offered, agrees with the list",
    step: "stream",
    judge: ofStream(judgeFeed),
  },
];

function pageOf(response: Exchange | undefined): SyncPage | null {
  const decoded = response?.head?.status === 200 ? decodeSyncPage(response.body) : null;
  return decoded?.ok ? decoded.value : null;
}

function judgeList({ lists, polls, after }: StreamEvidence, { sync }: Evidence): Finding {
  const [response] = lists;
  if (response === undefined) return skipped("The list was not requested.");
  const page = pageOf(response);
  const status = response.head?.status ?? 0;
  if (page === null) {
    const isAbsent = response.head === null || [404, 405, 501].includes(status) || isHtml(response);
    const why = "After a reload nothing shows which syncs run, and there is no history. Older backends have none.";
    const change = [anyServer("Offer GET /sync-progress?active=true, see docs/protocol.md.")];
    if (isAbsent) return hint({ seen: "There is no list of syncs.", evidence: showResponse(response), why, change });
    return fault({
      seen: "The list of syncs cannot be read.",
      evidence: [...showResponse(response, "content-type"), cut(response.body)],
      why,
      change,
    });
  }
  const isListed = page.syncs.some(({ syncId }) => syncId === sync?.syncId);
  const isRunning = [...polls, after].some((poll) => {
    const state = poll.sentAtMs > response.sentAtMs ? stateOfResponse(poll) : null;
    return state !== null && !isTerminalStatus(state.snapshot.status);
  });
  if (!isListed && isRunning && page.nextCursor === null) {
    return fault({
      seen: `The list of running syncs does not have ${sync?.syncId}, which runs.`,
      evidence: [...showResponse(response), cut(response.body)],
      why: "After a reload the person sees nothing of it, and may start it a second time.",
      change: [anyServer("List every sync of the person that has not ended, also those that another process runs.")],
    });
  }
  return ok(`${page.syncs.length} running`);
}

function judgeFeed(stream: StreamEvidence, { target }: Evidence): Finding {
  const { lists, feed } = stream;
  const page = pageOf(lists[0]);
  if (page === null || feed === null) return skipped("No feed is offered (`feed: true` in the list).");
  const change = [anyServer("See docs/http.md, The feed; or do not say `feed: true` in the list.")];
  if (feed.items.length === 0 && findDelay(stream, target.timings.lagMs)?.kind === "held-back") {
    return skipped("Events are held back, see there.");
  }
  const { head } = feed.exchange;
  if (head?.status !== 200 || !/^text\/event-stream/i.test(head.headers["content-type"] ?? "")) {
    return fault({
      seen: "The list offers a feed that does not open as an event stream.",
      evidence: showResponse(feed.exchange, "content-type"),
      why: "The page tries it before it opens a stream for each sync: everything begins late.",
      change,
    });
  }
  const states = statesOf(feed.items);
  const shown = new Set(states.map(({ snapshot }) => snapshot.syncId));
  // What has begun or ended meanwhile is in one of the lists only.
  const lasting = page.syncs.filter(({ syncId }) => pageOf(lists[1])?.syncs.some((other) => other.syncId === syncId));
  const missing = lasting.find(({ syncId }) => !shown.has(syncId));
  if (missing !== undefined) {
    return fault({
      seen: `The feed does not bring ${missing.syncId}, which the list has.`,
      evidence: [`the list: ${lasting.length} running`, `the feed: ${shown.size}`],
      why: "The page opens a stream of its own for it, one of the six that a browser has.",
      change,
    });
  }
  if (!feed.items.some((item) => item.kind === "event" && item.name === READY_EVENT)) {
    return fault({
      seen: `The feed sent no \`${READY_EVENT}\` in ${seconds(target.timings.firstEventMs)}.`,
      why: "The page shows nothing of a feed before that: it has to know whose syncs these are, and that they are all.",
      change: [
        anyServer(
          'Send `event: ready` with {"reset":true,"omitted":0,"viewer":"..."} after the states at the beginning.',
        ),
      ],
    });
  }
  return ok(`${shown.size} in the feed, ${lasting.length} in the list`);
}
