import type { Evidence, Preflight } from "../evidence/evidence.js";
import type { Exchange } from "../http/exchange.js";
import { isCrossOrigin, type Target, usesCredentials } from "../target.js";
import { anyServer, corsChanges } from "./changes.js";
import { type Check, type Finding, fault, ok, skipped } from "./check.js";
import { showResponse } from "./show.js";

/** What a browser lets a page of another origin read. */
export const corsChecks: readonly Check[] = [
  { id: "preflight", subject: "the preflights of a page of `--origin`", step: "requests", judge: judgePreflights },
  { id: "cors", subject: "CORS headers for a page of `--origin`, with credentials", step: "stream", judge: judgeCors },
];

const SAME_ORIGIN = "The pages are taken to be of the same origin; if not: --origin https://app.example.com";
const WHY = "The browser refuses the response before the page sees it: nothing works from that origin.";

function judgePreflights({ target, address, preflights }: Evidence): readonly Finding[] | Finding {
  if (!isCrossOrigin(target)) return skipped(SAME_ORIGIN);
  const found = address?.found ?? null;
  if (found === null || preflights === null) return skipped("No API was found.");
  if (originProblem(target, found.integrations) !== null)
    return skipped("Other responses do not allow the origin either, see cors.");
  const findings = preflights.flatMap((preflight) => judgePreflight(target, preflight) ?? []);
  return findings.length > 0 ? findings : ok(preflights.map(({ purpose }) => purpose).join(", "));
}

function judgePreflight(target: Target, { purpose, headers, exchange }: Preflight): Finding | null {
  const { status = 0, headers: sent = {} } = exchange.head ?? {};
  const allowed = split(sent["access-control-allow-headers"]);
  const missing = headers.filter(
    (name) =>
      !allowed.includes(name) && (usesCredentials(target) || name === "authorization" || !allowed.includes("*")),
  );
  const problem =
    status < 200 || status > 299
      ? `The preflight ${purpose} is refused: browsers send it without cookies.`
      : (originProblem(target, exchange) ??
        (missing.length > 0 ? `The preflight ${purpose} does not allow the header ${missing.join(", ")}.` : null));
  if (problem === null) return null;
  return fault({
    seen: problem,
    evidence: [
      `sent: origin: ${target.pageOrigin}, access-control-request-headers: ${headers.join(", ")}`,
      ...showResponse(
        exchange,
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-allow-headers",
      ),
    ],
    why: WHY,
    change: [
      anyServer(
        `Respond to OPTIONS with 204, before the sign-in, and with Access-Control-Allow-Headers: ${headers.join(", ")}`,
      ),
      ...corsChanges(target.pageOrigin).slice(1),
    ],
  });
}

function judgeCors({ target, address, stream }: Evidence): Finding {
  if (!isCrossOrigin(target)) return skipped(SAME_ORIGIN);
  const found = address?.found ?? null;
  if (found === null) return skipped("No API was found.");
  // Also what is refused: else the page cannot see why.
  const responses = [found.integrations, found.list, found.unknown];
  const opened = stream === null ? responses : [stream.record.exchange, stream.before, ...responses];
  const [first] = opened.flatMap((exchange) => {
    const problem = exchange.head === null ? null : originProblem(target, exchange);
    return problem === null ? [] : [{ exchange, problem }];
  });
  if (first === undefined) return ok(`${target.pageOrigin} may read`);
  return fault({
    seen: first.problem,
    evidence: [
      `sent: origin: ${target.pageOrigin}`,
      ...showResponse(first.exchange, "access-control-allow-origin", "access-control-allow-credentials"),
    ],
    why: WHY,
    change: corsChanges(target.pageOrigin),
  });
}

function originProblem(target: Target, { head }: Exchange): string | null {
  const allowed = head?.headers["access-control-allow-origin"];
  const needsCredentials = usesCredentials(target);
  if (allowed === undefined) return `The response does not say that pages of ${target.pageOrigin} may read it.`;
  if (allowed === "*" && needsCredentials)
    return "The response allows every origin (`*`), which browsers refuse for requests with cookies.";
  if (allowed !== "*" && allowed !== target.pageOrigin)
    return `The response allows ${allowed}, not ${target.pageOrigin}.`;
  if (needsCredentials && head?.headers["access-control-allow-credentials"] !== "true") {
    return "The response does not allow cookies (`Access-Control-Allow-Credentials: true`).";
  }
  return null;
}

function split(header: string | undefined): readonly string[] {
  return (header ?? "")
    .toLowerCase()
    .split(",")
    .map((part) => part.trim());
}
