import { keyOf, type Scope } from "../scope.js";

/**
 * A key of the person who reads: the same for the same scope, in every process, and nothing of the scope can be read from
 * it. Pages name their shared connection after it, so that nobody gets what is another's. `null` if there is no Web
 * Crypto: in a mocked backend on a page over plain HTTP.
 */
export async function viewerKeyOf(scope: Scope): Promise<string | null> {
  if (globalThis.crypto?.subtle === undefined) return null;
  const text = new TextEncoder().encode(`react-sync-progress viewer ${keyOf(scope)}`);
  const digest = await crypto.subtle.digest("SHA-256", text);
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
}
