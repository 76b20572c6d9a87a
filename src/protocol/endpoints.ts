import type { DownloadFormat, DownloadList } from "./download.js";
import type { SyncResult } from "./sync-result.js";

/** The paths of the wire contract below its base, with `:name` for what varies (as Hono, Express and MSW write it). */
export const PATHS = {
  integrations: "/integrations",
  startSync: "/integrations/:type/sync",
  syncs: "/sync-progress",
  /** Before those of one sync: a router takes the first that matches. */
  feed: "/sync-progress/stream",
  snapshot: "/sync-progress/:syncId",
  stream: "/sync-progress/:syncId/stream",
  cancel: "/sync-progress/:syncId/cancel",
  pause: "/sync-progress/:syncId/pause",
  resume: "/sync-progress/:syncId/resume",
  retry: "/sync-progress/:syncId/retry",
  failures: "/sync-progress/:syncId/failures",
  log: "/sync-progress/:syncId/log",
  notify: "/sync-progress/:syncId/notify",
} as const;

/** Patterns that every path of the contract matches. */
export const ALL_PATHS = [PATHS.integrations, `${PATHS.integrations}/*`, PATHS.syncs, `${PATHS.syncs}/*`] as const;

/** Where the contract's paths begin, if nothing else is configured. */
export const DEFAULT_BASE_PATH = "/api";

/** The URLs of a backend that speaks the wire contract. */
export interface Endpoints {
  integrations(): string;
  startSync(integrationType: string): string;
  syncs(query?: SyncListQuery): string;
  feed(): string;
  snapshot(syncId: string): string;
  stream(syncId: string): string;
  action(syncId: string, action: SyncAction): string;
  failures(syncId: string, query?: FailureQuery): string;
  download(syncId: string, list: DownloadList, format: DownloadFormat): string;
  notify(syncId: string): string;
}

/** Which part of a list is requested. */
export interface PageQuery {
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /** How many entries, 1-200. */
  readonly limit?: number;
}

/** Which syncs are requested. */
export interface SyncListQuery extends PageQuery {
  /** Only those that have not ended. */
  readonly active?: boolean;
  /** Only those of this integration. */
  readonly type?: string;
  /** Only those that have ended in one of these ways; all if it is empty. */
  readonly result?: readonly SyncResult[];
}

/** Which failed items are requested. */
export interface FailureQuery extends PageQuery {
  /** Only those whose item or reason contains this text, in upper or lower case. */
  readonly search?: string;
}

/** What can be done to a sync. */
export type SyncAction = "cancel" | "pause" | "resume" | "retry";

/**
 * Builds the URLs below `baseUrl`: an absolute http(s) URL or a path that starts with "/", such as `"/api"`.
 *
 * @throws TypeError when `baseUrl` is neither.
 */
export function createEndpoints(baseUrl: string): Endpoints {
  const base = checkBaseUrl(baseUrl);
  const at = (path: string, part = "") => base + path.replace(/:\w+/, encodeURIComponent(part));
  return {
    integrations: () => at(PATHS.integrations),
    startSync: (type) => at(PATHS.startSync, type),
    syncs: ({ active, type, result = [], ...page } = {}) =>
      at(PATHS.syncs) +
      query({ active: active === true ? "true" : undefined, type, result: result.join() || undefined, ...page }),
    feed: () => at(PATHS.feed),
    snapshot: (syncId) => at(PATHS.snapshot, syncId),
    stream: (syncId) => at(PATHS.stream, syncId),
    action: (syncId, action) => at(PATHS[action], syncId),
    failures: (syncId, { search, ...page } = {}) =>
      at(PATHS.failures, syncId) + query({ q: search || undefined, ...page }),
    download: (syncId, list, format) => at(PATHS[list], syncId) + query({ format }),
    notify: (syncId) => at(PATHS.notify, syncId),
  };
}

function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) search.set(name, String(value));
  return search.size > 0 ? `?${search}` : "";
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
