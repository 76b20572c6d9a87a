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
import { TEXT_LIMITS } from "./limits.js";
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
  return accept({
    failures: json.value.failures.map(decodeFailure).filter((failure) => failure.item !== ""),
    nextCursor: readOptionalText(json.value.next_cursor, 1_000),
  });
}

/** Reads one failed item; its item is empty if there is none. */
export function decodeFailure(value: unknown): SyncFailure {
  const entry = isObject(value) ? value : {};
  return {
    item: readText(entry.item, TEXT_LIMITS.item),
    reason: readText(entry.reason, TEXT_LIMITS.sentence),
    at: readTime(entry.at),
  };
}
