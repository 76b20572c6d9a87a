import { decodeSnapshot } from "./decode-snapshot.js";
import { accept, type Decoded, decodeJson, isObject, readOptionalText, refuse } from "./decoding.js";
import { encodeSnapshot, type SyncSnapshot } from "./snapshot.js";

/** One page of the list of syncs, newest first. */
export interface SyncPage {
  readonly syncs: readonly SyncSnapshot[];
  /** Requests the next page; `null` on the last one. */
  readonly nextCursor: string | null;
}

/** The response of the list endpoint on the wire. */
export function encodeSyncPage(page: SyncPage) {
  return { success: true, syncs: page.syncs.map(encodeSnapshot), next_cursor: page.nextCursor };
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
  });
}
