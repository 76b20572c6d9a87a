/** The URLs of a backend that speaks the wire contract. */
export interface Endpoints {
  integrations(): string;
  startSync(integrationType: string): string;
  snapshot(syncId: string): string;
  stream(syncId: string): string;
  action(syncId: string, action: SyncAction): string;
  failures(syncId: string, page?: { readonly cursor?: string; readonly limit?: number }): string;
}

/** What can be asked of a sync. */
export type SyncAction = "cancel" | "pause" | "resume" | "retry";

/**
 * Builds the URLs below `baseUrl`: an absolute http(s) URL or a path that starts with "/", such as `"/api"`.
 *
 * @throws TypeError when `baseUrl` is neither.
 */
export function createEndpoints(baseUrl: string): Endpoints {
  const base = checkBaseUrl(baseUrl);
  const sync = (syncId: string) => `${base}/sync-progress/${encodeURIComponent(syncId)}`;
  return {
    integrations: () => `${base}/integrations`,
    startSync: (type) => `${base}/integrations/${encodeURIComponent(type)}/sync`,
    snapshot: sync,
    stream: (syncId) => `${sync(syncId)}/stream`,
    action: (syncId, action) => `${sync(syncId)}/${action}`,
    failures: (syncId, page = {}) => {
      const query = new URLSearchParams();
      if (page.cursor !== undefined) query.set("cursor", page.cursor);
      if (page.limit !== undefined) query.set("limit", String(page.limit));
      return `${sync(syncId)}/failures${query.size > 0 ? `?${query}` : ""}`;
    },
  };
}

function checkBaseUrl(baseUrl: string): string {
  const isPath = typeof baseUrl === "string" && /^\/(?!\/)/.test(baseUrl);
  const isAbsolute = typeof baseUrl === "string" && /^https?:\/\//i.test(baseUrl) && URL.canParse(baseUrl);
  if (!isPath && !isAbsolute) {
    throw new TypeError(
      `SyncProgressError: baseUrl must be an absolute http(s) URL or start with "/", got ${JSON.stringify(baseUrl)}.`,
    );
  }
  if (/[?#]/.test(baseUrl)) {
    throw new TypeError(
      `SyncProgressError: baseUrl must have no query and no fragment, got ${JSON.stringify(baseUrl)}.`,
    );
  }
  return baseUrl.replace(/\/+$/, "");
}
