import { isObject, type JsonObject, readTime } from "../../protocol/decoding.js";
import { isSyncResult, SYNC_RESULTS } from "../../protocol/sync-result.js";
import { setLongTimeout } from "../long-timeout.js";
import type { FailureRequest, PageRequest, SyncFilter } from "../sync-store.js";
import { Refusal } from "./refusal.js";
import type { SyncRouteLimits } from "./route-limits.js";

type BodyLimits = Required<Pick<SyncRouteLimits, "bodyBytes" | "bodyTimeoutMs">>;

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const MAX_SEARCH_LENGTH = 200;

/** Reads the body of a start: `{full_sync?, since?}`, or none. */
export async function readStartBody(
  request: Request,
  limits: BodyLimits,
): Promise<{ readonly fullSync: boolean; readonly since: number | null }> {
  const { full_sync: fullSync = false, since = null } = await readBody(request, limits);
  if (typeof fullSync !== "boolean") throw invalid("full_sync must be true or false.");
  if (since === null) return { fullSync, since: null };
  const time = readTime(since);
  if (time === null) throw invalid("since must be a time in ISO 8601.");
  return { fullSync, since: time };
}

/** Reads the body of a retry: `{only?: "failed"}`, or none. */
export async function readRetryBody(request: Request, limits: BodyLimits): Promise<{ readonly onlyFailed: boolean }> {
  const { only } = await readBody(request, limits);
  if (only !== undefined && only !== "failed") throw invalid('only must be "failed" if it is given.');
  return { onlyFailed: only === "failed" };
}

/** Reads the body of a request of notices: `{email}`. */
export async function readNotifyBody(request: Request, limits: BodyLimits): Promise<{ readonly email: boolean }> {
  const { email } = await readBody(request, limits);
  if (typeof email !== "boolean") throw invalid("email must be true or false.");
  return { email };
}

/** Reads `limit` (1-200, default 50) and `cursor` of a list. */
export function readPage({ limit, cursor }: Readonly<Record<string, string>>): PageRequest {
  const count = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > MAX_LIMIT) {
    throw invalid(`limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return cursor === undefined ? { limit: count } : { limit: count, cursor };
}

/** Reads `q` of a list of failed items, besides its `limit` and `cursor`. */
export function readFailureRequest(query: Readonly<Record<string, string>>): FailureRequest {
  const { q: search = "" } = query;
  if (search.length > MAX_SEARCH_LENGTH) throw invalid(`q must have at most ${MAX_SEARCH_LENGTH} characters.`);
  return search === "" ? readPage(query) : { ...readPage(query), search };
}

/**
 * Reads which syncs are listed: `active` (`true` for only those that have not ended, `false` or nothing for all), `type`,
 * and `result`, which may be given several times or hold several, separated by commas.
 */
export function readFilter(query: Readonly<Record<string, readonly string[]>>): SyncFilter {
  const active = query["active"]?.[0];
  if (active !== undefined && active !== "true" && active !== "false") throw invalid("active must be true or false.");
  const type = query["type"]?.[0];
  const results = (query["result"] ?? [])
    .flatMap((value) => value.split(","))
    .map((word) => {
      if (isSyncResult(word)) return word;
      throw invalid(`result must be one or more of ${SYNC_RESULTS.join(", ")}.`);
    });
  return {
    ...(active === "true" ? { active: true } : {}),
    ...(type === undefined ? {} : { connectorType: type }),
    ...(results.length === 0 ? {} : { results }),
  };
}

async function readBody(request: Request, limits: BodyLimits): Promise<JsonObject> {
  const text = await readBounded(request, limits);
  if (text.trim() === "") return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalid("The body must be JSON.");
  }
  if (!isObject(body)) throw invalid("The body must be a JSON object.");
  return body;
}

/** The text of a body that is short enough and arrives in time; any other is not read to its end. */
async function readBounded(request: Request, { bodyBytes, bodyTimeoutMs }: BodyLimits): Promise<string> {
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  let isLate = false;
  const giveUp = () => void reader.cancel().catch(() => {});
  const clearTimer = setLongTimeout(() => {
    isLate = true;
    giveUp();
  }, bodyTimeoutMs);
  try {
    let text = "";
    let bytes = 0;
    // Once it is cancelled, a read that waits is done.
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      bytes += chunk.value.byteLength;
      if (bytes > bodyBytes) {
        giveUp();
        throw new Refusal(413, "too_large", `The body must have at most ${bodyBytes} bytes.`);
      }
      text += decoder.decode(chunk.value, { stream: true });
    }
    if (isLate) throw new Refusal(408, "too_slow", `The body must arrive within ${bodyTimeoutMs} ms.`);
    return text + decoder.decode();
  } finally {
    clearTimer();
  }
}

function invalid(message: string): Refusal {
  return new Refusal(400, "bad_request", message);
}
