import type { FailurePage, SyncFailure } from "../protocol/failure.js";
import type { FailureRequest } from "./sync-store.js";

/** A page of failed items, of which `failures` are all from the position `from` on: what stores have in common. */
export function pageOfFailures(
  failures: readonly SyncFailure[],
  from: number,
  { limit, search = "" }: FailureRequest,
): FailurePage {
  const text = fold(search);
  const page: SyncFailure[] = [];
  for (const [index, failure] of failures.entries()) {
    if (!fold(failure.item).includes(text) && !fold(failure.reason).includes(text)) continue;
    if (page.length === limit) return { failures: page, nextCursor: String(from + index) };
    page.push(failure);
  }
  return { failures: page, nextCursor: null };
}

/** Names of files can have their accents as characters of their own (macOS); people do not type them so. */
function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
