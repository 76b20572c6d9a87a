import { decodeIntegrations } from "../../protocol/integration.js";
import { decodeErrorMessage, decodeStartResponse } from "../../protocol/responses.js";
import type { Evidence } from "../evidence/evidence.js";
import { statesOf } from "../evidence/stream-states.js";
import type { Exchange } from "../http/exchange.js";
import { isHtml } from "../http/read-json.js";
import { isCrossOrigin } from "../target.js";
import { anyServer, corsChanges, PASS_HOST, theClient, thisCommand } from "./changes.js";
import { type Check, type Finding, fault, ok, skipped, warning } from "./check.js";
import { cut, seconds, showResponse } from "./show.js";

/** What the server makes of a start, and of an id that is not there. */
export const requestChecks: readonly Check[] = [
  {
    id: "unknown-sync",
    subject: "404 for an id that does not exist, from the snapshot endpoint and the stream",
    step: "requests",
    judge: judgeUnknown,
  },
  { id: "start", subject: "the response to a start: 202 with `sync_id`, or 409", step: "start", judge: judgeStart },
];

const GONE = "This sync no longer exists";

function judgeUnknown({ address, unknownStream, target }: Evidence): readonly Finding[] | Finding {
  const found = address?.found ?? null;
  if (found === null || unknownStream === null) return skipped("No API was found.");
  const findings = [...judgeUnknownSnapshot(found.unknown), ...judgeUnknownStream()];
  return findings.length > 0 ? findings : ok("404");

  function judgeUnknownStream(): readonly Finding[] {
    const { exchange, items } = unknownStream ?? { exchange: found?.unknown, items: [] };
    const status = exchange?.head?.status;
    if (exchange === undefined || status === 404 || status === 410) return [];
    const isOpen = status === 200 && !isHtml(exchange);
    const states = statesOf(items);
    const seen = !isOpen
      ? "The stream of an id that does not exist is not refused with 404."
      : states.length > 0
        ? "The stream of an id that does not exist opens and brings a state."
        : `The stream of an id that does not exist opens, and brought no state in ${seconds(target.timings.firstEventMs)}.`;
    return [
      fault({
        seen,
        evidence: showResponse(exchange, "content-type"),
        why: `A page that comes back to a sync that was removed shows "Connecting..." or "Connection lost" before, if at all, it finds out: it has to show "${GONE}".`,
        change: [anyServer("Look the sync up before the stream is opened, and respond with 404.")],
      }),
    ];
  }
}

function judgeUnknownSnapshot(response: Exchange): readonly Finding[] {
  const status = response.head?.status;
  if (status === 404 || status === 410) return [];
  const effect =
    status === 401 || status === 403
      ? 'The page shows "You have been signed out"'
      : 'The page shows "Connection lost. Reconnecting..." and tries for ever';
  return [
    fault({
      seen: "The snapshot of an id that does not exist is not refused with 404.",
      evidence: [...showResponse(response, "content-type"), cut(response.body)],
      why: `${effect}; it has to show "${GONE}".`,
      change: [anyServer("Respond with 404 and JSON, also if the sync is there and belongs to somebody else.")],
    }),
  ];
}

function judgeStart({ start, sync, address, target }: Evidence): Finding {
  if (target.sync.kind !== "start" || start === null) return skipped("No start was requested: --start TYPE.");
  const { type } = target.sync;
  const status = start.head?.status;
  const evidence = [...showResponse(start, "content-type"), cut(start.body)];
  const lost = start.redirects.find(({ losesBody }) => losesBody);
  const why = 'The person presses "Sync now", and it fails.';
  if (lost !== undefined) {
    return fault({
      seen: `The start is redirected with ${lost.status}, which makes a GET of the POST.`,
      evidence: [`${lost.status} ${lost.from} -> ${lost.to}`],
      why,
      change: [
        theClient(`Give it the address ${new URL(lost.to).origin} as baseUrl.`),
        anyServer("Or redirect with 307 or 308."),
      ],
    });
  }
  if (sync !== null) {
    if (status === 409) return ok(`409: ${sync.syncId} runs already, and was joined`);
    return start.durationMs > 3_000
      ? warning({
          seen: `The response to the start took ${seconds(start.durationMs)}.`,
          evidence,
          why: 'The person waits at "Connecting..." and sees nothing of what is done meanwhile.',
          change: [anyServer("Create the sync, respond with 202 and its id, and do the work afterwards.")],
        })
      : ok(`${status ?? ""}, sync_id ${sync.syncId}`);
  }
  if (start.head === null) {
    return fault({
      seen: `There was no response to the start: ${start.failure?.words ?? "nothing came"}. A sync may have been started.`,
      evidence,
      why,
      change: [anyServer("Create the sync, respond with 202 and its id, and do the work afterwards.")],
    });
  }
  if (status === 404) {
    const listed = decodeIntegrations(address?.found?.integrations.body ?? "");
    const types = listed.ok ? listed.value.map((integration) => integration.type).join(", ") : "";
    return fault({
      seen: `There is no integration "${type}".${types === "" ? "" : ` Those that are listed: ${types}.`}`,
      evidence,
      why,
      change: [thisCommand("Give --start the type of an integration.")],
    });
  }
  if (status === 403) {
    return fault({
      seen: `The start is refused with 403: ${decodeErrorMessage(start.body) ?? "no reason is given"}`,
      evidence: [...evidence, `sent: origin: ${target.pageOrigin}`],
      why,
      change: isCrossOrigin(target) ? corsChanges(target.pageOrigin) : PASS_HOST,
    });
  }
  const hasId = decodeStartResponse(start.body).ok;
  return fault({
    seen:
      hasId || (status ?? 0) >= 300
        ? `The start is refused with ${status}.`
        : "The response to the start has no `sync_id`.",
    evidence,
    why,
    change: [
      anyServer('Respond with 202 and {"success":true,"sync_id":"..."}, or 409 with the id of the sync that runs.'),
    ],
  });
}
