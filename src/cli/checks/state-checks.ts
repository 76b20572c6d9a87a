import { isObject } from "../../protocol/decoding.js";
import { isSyncStatus, parseStatus } from "../../protocol/status.js";
import type { Evidence, StreamEvidence } from "../evidence/evidence.js";
import { type State, statesOf, unreadableOf } from "../evidence/stream-states.js";
import { readJson } from "../http/read-json.js";
import { anyServer, theClient } from "./changes.js";
import { type Check, type Finding, fault, hint, ofStates, ofStream, ok, skipped, warning } from "./check.js";
import { count, cut } from "./show.js";

/** What is in the snapshots. */
export const stateChecks: readonly Check[] = [
  {
    id: "fields",
    subject: "whole snapshots, in snake_case, of the right sync",
    step: "stream",
    judge: ofStream(judgeFields),
  },
  { id: "statuses", subject: "statuses that pages have words for", step: "stream", judge: ofStates(judgeStatuses) },
  { id: "private-fields", subject: "fields that a page must not get", step: "stream", judge: ofStates(judgePrivate) },
];

/** Fields without which a page has nothing to show but a status. */
const COUNTS = ["total_items", "processed_items"] as const;

function judgeFields({ record, before }: StreamEvidence, { sync }: Evidence): readonly Finding[] | Finding {
  const states = statesOf(record.items);
  const unreadable = unreadableOf(record.items);
  const findings = [...judgeUnreadable(), ...judgeCamelCase(), ...judgeOtherSync(), ...judgeMissing()];
  if (findings.length > 0) return findings;
  return states.length === 0 ? skipped("The stream brought no event to read.") : ok(count(states.length, "snapshot"));

  function judgeUnreadable(): readonly Finding[] {
    const [first] = unreadable;
    if (first === undefined || camelCaseOf(readData(first.data)).length > 0) return [];
    const isJson = first.problem.kind !== "not-json";
    return [
      fault({
        seen: `${count(unreadable.length, "event")} of ${unreadable.length + states.length} cannot be read: ${isJson ? first.problem.message : "the data is not JSON"}.`,
        evidence: [`event: ${first.name}`, `data: ${cut(first.data)}`],
        why: "The page keeps what it had, and requests the snapshot instead: late, and with a request for each look.",
        change: [
          anyServer(
            'Send a whole snapshot as JSON with every event: {"sync_id":"...","status":"syncing","total_items":30,"processed_items":12,...}',
          ),
          theClient("Or read another shape with `mapSnapshot`, see docs/connection.md."),
        ],
      }),
    ];
  }

  function judgeCamelCase(): readonly Finding[] {
    const body = readJson(before);
    const objects = [
      ...record.items.flatMap((item) => (item.kind === "event" ? [readData(item.data)] : [])),
      isObject(body) && "progress" in body ? body.progress : body,
    ];
    const names = [...new Set(objects.flatMap(camelCaseOf))];
    if (names.length === 0) return [];
    return [
      fault({
        seen: `Fields are in camelCase: ${names.join(", ")}.`,
        evidence: [cut(JSON.stringify(objects.find((json) => camelCaseOf(json).length > 0)))],
        why: "The page does not find them: it has no numbers, or nothing at all.",
        change: [
          anyServer("Name the fields in snake_case: sync_id, total_items, processed_items, ..."),
          theClient("Or turn them round with `mapSnapshot`, see docs/connection.md."),
        ],
      }),
    ];
  }

  function judgeOtherSync(): readonly Finding[] {
    const other = states.find(({ snapshot }) => snapshot.syncId !== sync?.syncId);
    if (other === undefined) return [];
    return [
      fault({
        seen: `The stream of ${sync?.syncId} brings another sync: ${other.snapshot.syncId}.`,
        evidence: [`data: ${cut(JSON.stringify(other.json))}`],
        why: "The person sees the progress of something else, perhaps of somebody else.",
        change: [anyServer("Filter what a stream sends by the id in its path, and by who is signed in.")],
      }),
    ];
  }

  function judgeMissing(): readonly Finding[] {
    const [first] = states;
    const missing = COUNTS.filter((name) => states.every(({ json }) => !(name in json)));
    if (first === undefined || missing.length === 0 || camelCaseOf(first.json).length > 0) return [];
    return [
      warning({
        seen: `No snapshot has ${missing.join(" or ")}.`,
        evidence: [`data: ${cut(JSON.stringify(first.json))}`],
        why: "The bar has no length, and the person reads no numbers.",
        change: [anyServer("Send both in every snapshot; `total_items: null` while it is unknown.")],
      }),
    ];
  }
}

/** Fields of the contract that are spelt in camelCase. */
function camelCaseOf(json: unknown): readonly string[] {
  if (!isObject(json)) return [];
  const names = [
    "syncId",
    "totalItems",
    "processedItems",
    "failedItems",
    "currentItem",
    "percentComplete",
    "errorMessage",
  ];
  return names.filter((name) => name in json);
}

function readData(data: string): unknown {
  return readJson({ body: data });
}

function judgeStatuses(states: readonly State[]): Finding {
  const words = [...new Set(states.map(({ json }) => String(json.status)))];
  const other = words.filter((word) => parseStatus(word) === "running");
  if (other.length > 0) {
    return hint({
      seen: `Statuses that pages have no words for: ${other.join(", ")}.`,
      why: "Each is shown as running, with its own word if there is no `stage`. One that means an end would never end.",
      change: [anyServer("Use queued, connecting, syncing, parsing, embedding, paused, complete, error, cancelled.")],
    });
  }
  const aliases = words.filter((word) => !isSyncStatus(word));
  return ok(words.join(", ") + (aliases.length > 0 ? " (older words are read as well)" : ""));
}

const PRIVATE = ["tenant_id", "user_id", "email", "user_email", "access_token", "token", "password"] as const;

function judgePrivate(states: readonly State[]): Finding {
  const found = PRIVATE.filter((name) => states.some(({ json }) => name in json));
  if (found.length === 0) return ok("none");
  return warning({
    seen: `Snapshots carry ${found.join(", ")}.`,
    why: "Every script of the page can read it, and it lands in logs and recordings. No page needs it.",
    change: [anyServer("Send only the fields of the contract.")],
  });
}
