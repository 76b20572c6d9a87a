import { decodeSnapshot } from "./decode-snapshot.js";
import { accept, type Decoded, decodeJson, isObject, readOptionalText, refuse } from "./decoding.js";
import { readViewer } from "./feed.js";
import { encodeSnapshot, type SyncSnapshot } from "./snapshot.js";

/** One page of the list of syncs, newest first. */
export interface SyncPage {
  readonly syncs: readonly SyncSnapshot[];
  /** Requests the next page; `null` on the last one. */
  readonly nextCursor: string | null;
  /** The backend has one stream for all syncs of the person. */
  readonly hasFeed: boolean;
  /** Whose syncs these are: the same key for the same person, and no part of their name; `null` if it does not say. */
  readonly viewer: string | null;
}

/** The response of the list endpoint on the wire. */
export function encodeSyncPage(page: SyncPage) {
  return {
    success: true,
    syncs: page.syncs.map(encodeSnapshot),
    next_cursor: page.nextCursor,
    feed: page.hasFeed,
    viewer: page.viewer,
  };
}

/** Reads the response of the list endpoint; entries that are no snapshots are left out. */
export function decodeSyncPage(text: unknown): Decoded<SyncPage> {
  const json = decodeJson(text);
  if (!json.ok) return json;
  if (!isObject(json.value) || !Array.isArray(json.value.syncs)) {
    return refuse("missing-field", "the response must be an object with an array `syncs`");
  }
  const decoded = json.value.syncs.map(decodeSnapshot);
  return accept({
    syncs: decoded.flatMap((entry) => (entry.ok ? [entry.value] : [])),
    nextCursor: readOptionalText(json.value.next_cursor, 1_000),
    hasFeed: json.value.feed === true,
    viewer: readViewer(json.value.viewer),
  });
}
