import { isObject } from "../../protocol/decoding.js";
import { decodeIntegrations } from "../../protocol/integration.js";
import type { Evidence, StreamEvidence } from "../evidence/evidence.js";
import { findDelay } from "../evidence/stream-delay.js";
import { statesOf } from "../evidence/stream-states.js";
import { isHtml, readJson } from "../http/read-json.js";
import { anyServer, UNBUFFERED } from "./changes.js";
import { type Check, type Finding, fault, hint, ofStream, ok, skipped, warning } from "./check.js";
import { cut, seconds, showResponse } from "./show.js";

/** Status lines and headers of snapshot endpoint and stream. */
export const headerChecks: readonly Check[] = [
  { id: "snapshot", subject: "the snapshot endpoint: 200 and JSON", step: "stream", judge: judgeSnapshot },
  { id: "stream", subject: "the status of the stream", step: "stream", judge: judgeStream },
  { id: "content-type", subject: "`text/event-stream`, in UTF-8", step: "stream", judge: ofStream(judgeContentType) },
  { id: "caching", subject: "Cache-Control of stream and snapshot", step: "stream", judge: ofStream(judgeCaching) },
  {
    id: "compression",
    subject: "whether a compressed stream still flows",
    step: "stream",
    judge: ofStream(judgeCompression),
  },
];

function judgeSnapshot({ stream, sync }: Evidence): Finding {
  if (stream === null || sync === null) return skipped("There is no sync to request.");
  const { before } = stream;
  if (before.head?.status === 200 && isObject(readJson(before))) {
    return before.durationMs > 2_000
      ? warning({
          seen: `The snapshot endpoint took ${seconds(before.durationMs)}.`,
          evidence: showResponse(before),
          why: "What the page requests when the stream fails comes late.",
          change: [anyServer("Keep the state of a sync where it can be read without computing it.")],
        })
      : ok(`200 in ${seconds(before.durationMs)}`);
  }
  const isMissing = before.head?.status === 404;
  return fault({
    seen: isMissing
      ? `The snapshot endpoint has no sync ${sync.syncId}.`
      : "The snapshot endpoint does not respond with 200 and JSON.",
    evidence: [...showResponse(before, "content-type"), cut(before.body)],
    why: 'Whenever the stream fails, the page requests the snapshot: then it shows "Connection lost", or that the sync no longer exists.',
    change: [
      anyServer('Respond to GET /sync-progress/{id} with 200 and {"success":true,"progress":{...}}.'),
      ...(isMissing
        ? [
            anyServer(
              "If it was there a moment ago: keep syncs where every process finds them, and for a while after their end.",
            ),
          ]
        : []),
    ],
  });
}

function judgeStream({ stream, target, address }: Evidence): Finding {
  if (stream === null) {
    const listed = decodeIntegrations(address?.found?.integrations.body ?? "");
    const types = listed.ok ? listed.value.map(({ type }) => type).join(", ") : "";
    return skipped(
      target.sync.kind === "any"
        ? `There is no sync to look at: --start TYPE${types === "" ? "" : ` (${types})`} starts one, --sync-id ID names one.`
        : "There is no sync to look at.",
    );
  }
  const { exchange } = stream.record;
  if (exchange.head?.status === 200) return ok(`200 after ${seconds(exchange.durationMs)}`);
  const isTooMany = exchange.head?.status === 429 || exchange.head?.status === 503;
  return fault({
    seen:
      exchange.head === null
        ? `The stream does not open: ${exchange.failure?.words ?? "no response"}.`
        : `The stream responds with ${exchange.head.status}.`,
    evidence: [...showResponse(exchange, "content-type"), ...(isTooMany ? showResponse(exchange, "retry-after") : [])],
    why: "A browser gives up on a stream whose status is not 200. The page polls instead: everything arrives up to two seconds late, with a request for each look.",
    change:
      exchange.failure?.kind === "timeout"
        ? UNBUFFERED
        : [
            anyServer(
              "Respond to GET /sync-progress/{id}/stream with 200, also after the sync has ended; with 404 if there is none.",
            ),
          ],
  });
}

function judgeContentType({ record }: StreamEvidence): Finding {
  const type = record.exchange.head?.headers["content-type"] ?? "";
  const [media = "", ...parameters] = type
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  if (media === "text/event-stream" && (charset === undefined || /^"?utf-?8"?$/.test(charset))) return ok(type);
  const isPage = isHtml(record.exchange) && statesOf(record.items).length === 0;
  return fault({
    seen: isPage
      ? "The stream is a web page: something responds in place of the API."
      : `The stream is sent as ${type === "" ? "no type at all" : `"${type}"`}.`,
    evidence: showResponse(record.exchange, "content-type"),
    why: "A browser gives up on a stream of any other type at once, and does not try again. The page polls instead.",
    change: [
      anyServer("Content-Type: text/event-stream, without a charset or with charset=utf-8"),
      { where: "Flask", text: 'Response(events(), mimetype="text/event-stream")' },
      { where: "Express", text: 'res.set("content-type", "text/event-stream"); res.flushHeaders();' },
    ],
  });
}

function judgeCaching({ record, before, polls }: StreamEvidence): readonly Finding[] | Finding {
  const findings = [...judgeStreamCache(), ...judgeSnapshotCache()];
  return findings.length > 0 ? findings : ok(record.exchange.head?.headers["cache-control"] ?? "");

  function judgeStreamCache(): readonly Finding[] {
    const headers: Headers = record.exchange.head?.headers ?? {};
    const rules = directives(headers["cache-control"]);
    const change = [anyServer("Cache-Control: no-cache, no-transform")];
    const evidence = showResponse(record.exchange, "cache-control");
    if (isShared(rules, headers) && !rules.has("no-cache")) {
      const why = "A cache in between may give a reader the beginning of somebody else's stream, and end it there.";
      return [fault({ seen: "The stream may be kept by caches.", evidence, why, change })];
    }
    if (!rules.has("no-cache") && !rules.has("no-store")) {
      const why = "Some proxies may keep it: a page that reconnects would get an old stream.";
      return [warning({ seen: "The stream does not say that it must not be cached.", evidence, why, change })];
    }
    if (
      rules.has("no-transform") &&
      (headers["x-accel-buffering"] !== undefined || /nginx/i.test(headers["server"] ?? ""))
    ) {
      return [];
    }
    return [
      hint({
        seen: "No header says that proxies must leave the stream as it is.",
        evidence: showResponse(record.exchange, "cache-control", "x-accel-buffering"),
        why: "nginx buffers responses as it comes, and middleware compresses them: behind such a one events would arrive late. A proxy that has been passed already may have removed the second header.",
        change: UNBUFFERED.slice(0, 1),
      }),
    ];
  }

  function judgeSnapshotCache(): readonly Finding[] {
    const cached = [before, ...polls].find(({ head }) => {
      const headers = head?.headers ?? {};
      return isShared(directives(headers["cache-control"]), headers);
    });
    if (cached === undefined) return [];
    return [
      fault({
        seen: "Snapshots may be kept by caches.",
        evidence: showResponse(cached, "cache-control", "age", "x-cache"),
        why: "A page that polls sees an old state again and again, and a shared cache may give it to somebody else.",
        change: [anyServer("Cache-Control: no-store")],
      }),
    ];
  }
}

function directives(header: string | undefined): ReadonlySet<string> {
  return new Set(
    (header ?? "")
      .toLowerCase()
      .split(",")
      .map((part) => part.trim()),
  );
}

type Headers = Readonly<Record<string, string>>;

/** Whether a cache may keep a response for some time, or has kept it. */
function isShared(rules: ReadonlySet<string>, headers: Headers): boolean {
  if (Number(headers["age"] ?? 0) > 0 || /\bhit\b/i.test(headers["x-cache"] ?? "")) return true;
  if (rules.has("no-store") || rules.has("private")) return false;
  return rules.has("public") || [...rules].some((rule) => /^(s-maxage|max-age)=0*[1-9]/.test(rule));
}

function judgeCompression(stream: StreamEvidence, { target }: Evidence): Finding {
  const { exchange } = stream.record;
  const encoding = exchange.head?.headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return ok("none");
  const delay = findDelay(stream, target.timings.lagMs);
  const evidence = [...showResponse(exchange, "content-encoding"), ...(delay === null ? [] : [delay.seen])];
  if (delay?.kind !== "held-back") {
    return hint({
      seen: `The stream is compressed (${encoding}), and its events arrive in time.`,
      evidence,
      why: "It saves little, since events are small, and breaks when the compressor begins to collect.",
      change: [],
    });
  }
  return fault({
    seen: `The stream is compressed (${encoding}), and the compressor holds events back.`,
    evidence,
    why: "The bar stands still, then jumps; a short sync shows nothing before its end.",
    change: UNBUFFERED,
  });
}
