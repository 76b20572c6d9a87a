import type { SyncView } from "../../src/client/sync-view.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { isTerminalStatus } from "../../src/protocol/status.js";
import { aSnapshot } from "./a-snapshot.js";
import { aView } from "./a-view.js";

const TYPES = ["gmail", "slack", "notion", "github"] as const;

/** A sync of a list: its snapshot, and what of the view follows from it. */
export function aSyncView(
  syncId: string,
  snapshot: Partial<SyncSnapshot> = {},
  given: Partial<SyncView> = {},
): SyncView {
  const whole = aSnapshot({ syncId, processedItems: 45, startedAt: 0, ...snapshot });
  const { status, errorMessage, capabilities, processedItems } = whole;
  const failed = { kind: "sync-failed", message: errorMessage ?? "", code: null } as const;
  return aView({
    snapshot: isTerminalStatus(status) ? { ...whole, completedAt: 21_000, stage: snapshot.stage ?? "" } : whole,
    percent: status === "complete" ? 100 : status === "queued" ? null : processedItems,
    capabilities: capabilities ?? [],
    error: status === "error" ? failed : null,
    ...given,
  });
}

/** So many syncs that run, each a bit further than the one before. */
export function runningViews(count: number): SyncView[] {
  return Array.from({ length: count }, (_, index) =>
    aSyncView(`sync-${index}`, {
      connectorType: TYPES[index % TYPES.length] ?? "gmail",
      processedItems: (index * 7) % 95,
      stage: "Fetching items...",
    }),
  );
}

/** Syncs in every state. */
export function mixedViews(): SyncView[] {
  return [
    aSyncView("running", { connectorType: "gmail" }),
    aSyncView("queued", { connectorType: "github", status: "queued", processedItems: 0, totalItems: null, stage: "" }),
    aSyncView("paused", { connectorType: "slack", status: "paused", processedItems: 20 }),
    aSyncView("failed", {
      connectorType: "notion",
      status: "error",
      processedItems: 12,
      errorMessage: "Notion refuses more requests today.",
    }),
    aSyncView("partial", { connectorType: "gmail", status: "complete", processedItems: 97, failedItems: 3 }),
    aSyncView("complete", { connectorType: "slack", status: "complete", processedItems: 100 }),
    aSyncView("cancelled", { connectorType: "github", status: "cancelled" }),
  ];
}
