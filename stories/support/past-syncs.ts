import type { SyncSnapshot } from "react-sync-progress";

const TYPES = ["gmail", "slack", "notion", "github"];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A day that no test is run on. */
const NOON = Date.UTC(2026, 0, 15, 12);

/** A sync that has ended, the `index`th back in time; its course follows from the index. */
function pastSync(index: number): Readonly<Record<string, unknown>> {
  const startedAt = NOON - index * 7 * HOUR;
  const course = index % 7;
  const status: SyncSnapshot["status"] = course === 3 ? "error" : course === 5 ? "cancelled" : "complete";
  const total = 40 + ((index * 379) % 1_900);
  const failed = course === 1 ? 3 : 0;
  const done = status === "complete" ? total - failed : Math.floor(total / 3);
  return {
    sync_id: `past-${index}`,
    connector_type: TYPES[index % TYPES.length],
    status,
    stage: "",
    total_items: total,
    processed_items: done,
    failed_items: failed,
    error_message: status === "error" ? "The source refuses more requests today." : null,
    capabilities: ["retry", "retry_failed", "failures", "log"],
    started_by: index % 3 === 0 ? "Grace Hopper" : "Ada Lovelace",
    started_at: new Date(startedAt).toISOString(),
    completed_at: new Date(startedAt + ((index * 83) % 900) * 1_000 + 4_000).toISOString(),
  };
}

/** One page of a history of `length` syncs, as the server sends it. */
export function pastSyncsPage(url: string, length: number): Readonly<Record<string, unknown>> {
  const { searchParams } = new URL(url);
  const limit = Number(searchParams.get("limit") ?? 50);
  const from = Number(searchParams.get("cursor") ?? 0);
  if (searchParams.get("active") === "true") return { success: true, syncs: [], next_cursor: null };
  const count = Math.max(0, Math.min(limit, length - from));
  const syncs = Array.from({ length: count }, (_, at) => pastSync(from + at));
  return { success: true, syncs, next_cursor: from + limit < length ? String(from + limit) : null };
}
