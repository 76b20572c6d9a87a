import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { SyncTransport } from "./sync-transport.js";

/** Every sync of the person signed in that runs. */
export interface ActiveList {
  readonly snapshots: readonly SyncSnapshot[];
  readonly hasFeed: boolean;
  /** Whose syncs they are; `null` if the backend does not say. */
  readonly viewer: string | null;
}

/** The most that a page may have. */
const PAGE_LIMIT = 200;
/** More syncs than anybody has running; ends the requests to a server whose cursors go round. */
const MAX_PAGES = 50;

/** Requests all pages of the list of running syncs. @throws what `listSyncs` rejects with, TypeError for too many pages. */
export async function requestActiveList(
  listSyncs: NonNullable<SyncTransport["listSyncs"]>,
  signal: AbortSignal,
): Promise<ActiveList> {
  const snapshots: SyncSnapshot[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const query = { active: true, limit: PAGE_LIMIT, ...(cursor === null ? {} : { cursor }) };
    const page = await listSyncs(query, signal);
    snapshots.push(...page.syncs);
    cursor = page.nextCursor;
    if (cursor === null) return { snapshots, hasFeed: page.hasFeed, viewer: page.viewer };
  }
  throw new TypeError(`The list of running syncs has more than ${MAX_PAGES} pages.`);
}
