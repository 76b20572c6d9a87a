import { accept, type Decoded, decodeJson, isObject, readText, refuse } from "./decoding.js";

/** Reads the `sync_id` out of the response to a start or a retry (202, or 409 when one already runs). */
export function decodeStartResponse(text: unknown): Decoded<string> {
  const json = decodeJson(text);
  if (!json.ok) return json;
  const syncId = isObject(json.value) ? readText(json.value.sync_id, 200) : "";
  return syncId === "" ? refuse("missing-field", "the response must have a sync_id") : accept(syncId);
}

/** The sentence of an error response `{success: false, error}`; `null` if it has none. */
export function decodeErrorMessage(text: unknown): string | null {
  const json = decodeJson(text);
  if (!json.ok || !isObject(json.value)) return null;
  return readText(json.value.error, 500) || readText(json.value.message, 500) || null;
}
