import { isObject, type JsonObject, readTime } from "../protocol/decoding.js";
import type { PageRequest } from "./sync-store.js";

/** The request is not one that can be answered; the message says what to mend. */
export class InvalidRequestError extends Error {
  override readonly name = "InvalidRequestError";
}

const MAX_BODY_LENGTH = 10_000;
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** Reads the body of a start: `{full_sync?, since?}`, or none. */
export async function readStartBody(
  request: Request,
): Promise<{ readonly fullSync: boolean; readonly since: number | null }> {
  const { full_sync: fullSync = false, since = null } = await readBody(request);
  if (typeof fullSync !== "boolean") throw new InvalidRequestError("full_sync must be true or false.");
  if (since === null) return { fullSync, since: null };
  const time = readTime(since);
  if (time === null) throw new InvalidRequestError("since must be a time in ISO 8601.");
  return { fullSync, since: time };
}

/** Reads the body of a retry: `{only?: "failed"}`, or none. */
export async function readRetryBody(request: Request): Promise<{ readonly onlyFailed: boolean }> {
  const { only } = await readBody(request);
  if (only !== undefined && only !== "failed")
    throw new InvalidRequestError('only must be "failed" where it is given.');
  return { onlyFailed: only === "failed" };
}

/** Reads `limit` (1-200, default 50) and `cursor` of a list. */
export function readPage({ limit, cursor }: Readonly<Record<string, string>>): PageRequest {
  const count = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > MAX_LIMIT) {
    throw new InvalidRequestError(`limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return cursor === undefined ? { limit: count } : { limit: count, cursor };
}

async function readBody(request: Request): Promise<JsonObject> {
  const text = await readBounded(request);
  if (text.trim() === "") return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new InvalidRequestError("The body must be JSON.");
  }
  if (!isObject(body)) throw new InvalidRequestError("The body must be a JSON object.");
  return body;
}

/** The text of a body that is short enough; a longer one is not read to its end. */
async function readBounded(request: Request): Promise<string> {
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    text += decoder.decode(chunk.value, { stream: true });
    if (text.length > MAX_BODY_LENGTH) {
      await reader.cancel();
      throw new InvalidRequestError(`The body must be shorter than ${MAX_BODY_LENGTH} characters.`);
    }
  }
  return text;
}
