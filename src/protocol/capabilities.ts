/** What a backend can offer for a sync. */
export const SYNC_CAPABILITIES = ["cancel", "pause", "retry", "retry_failed", "failures", "log", "notify"] as const;

/** What a backend offers for a sync: `"pause"` covers resume, `"failures"` the list of failed items. */
export type SyncCapability = (typeof SYNC_CAPABILITIES)[number];

/** Reads a list of capabilities: words that are none are left out; `null` where there is no list. */
export function readCapabilities(value: unknown): readonly SyncCapability[] | null {
  return Array.isArray(value) ? SYNC_CAPABILITIES.filter((capability) => value.includes(capability)) : null;
}
