import {
  accept,
  type Decoded,
  decodeJson,
  isObject,
  readOptionalText,
  readText,
  readTime,
  refuse,
} from "./decoding.js";
import { encodeTime } from "./snapshot.js";

/** One item that could not be synced. */
export interface SyncFailure {
  /** What failed: a file name, a subject line. Foreign text. */
  readonly item: string;
  /** Why, in a sentence safe to show. */
  readonly reason: string;
  /** Server clock, ms since the epoch. */
  readonly at: number | null;
}

/** One page of failed items, oldest first. */
export interface FailurePage {
  readonly failures: readonly SyncFailure[];
  /** Asks for the next page; `null` on the last one. */
  readonly nextCursor: string | null;
}

/** The response of the failures endpoint on the wire. */
export function encodeFailurePage(page: FailurePage) {
  return {
    success: true,
    failures: page.failures.map(({ item, reason, at }) => ({ item, reason, at: encodeTime(at) })),
    next_cursor: page.nextCursor,
  };
}

/** Reads the response of the failures endpoint; entries without an item are left out. */
export function decodeFailurePage(text: unknown): Decoded<FailurePage> {
  const json = decodeJson(text);
  if (!json.ok) return json;
  if (!isObject(json.value) || !Array.isArray(json.value.failures)) {
    return refuse("missing-field", "the response must be an object with an array `failures`");
  }
  const failures = json.value.failures.filter(isObject).map((entry) => ({
    item: readText(entry.item, 1_000),
    reason: readText(entry.reason, 500),
    at: readTime(entry.at),
  }));
  return accept({
    failures: failures.filter((failure) => failure.item !== ""),
    nextCursor: readOptionalText(json.value.next_cursor, 1_000),
  });
}
