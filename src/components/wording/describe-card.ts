import type { Integration, IntegrationStatus } from "../../protocol/integration.js";
import { doneItems } from "../../protocol/snapshot.js";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { Formatter } from "../labels/formatter.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import { describePendingCommand } from "./describe-command.js";
import { currentPhaseText } from "./describe-phases.js";
import { stageWords } from "./stage-words.js";

/** What the main button of a card does. */
export type CardAction = "start" | "show" | "connect" | "reauthorize";

/** The state of an integration in words. */
export interface CardText {
  readonly status: IntegrationStatus;
  /** The line beside the main button; may be empty. */
  readonly detail: string;
  /** `null` for an action that is under way. */
  readonly main: { readonly label: string; readonly action: CardAction | null };
}

/** What the text of a card is made from. */
export interface CardTextSource {
  readonly integration: Integration;
  /** The sync of the integration that the card knows of. */
  readonly state: SyncProgressState;
  readonly isStarting: boolean;
  /** Why the last start was refused, in a sentence for the person; empty when no reason is to be shown. */
  readonly startError: string | null;
  /** The sync has ended since the integration was last loaded. */
  readonly isListOlder: boolean;
}

/** Whether two states of an integration look the same. */
export function isSameIntegration(one: Integration, other: Integration): boolean {
  const keys = ["type", "status", "lastSyncAt", "totalItemsSynced", "errorMessage", "activeSyncId"] as const;
  return keys.every((key) => one[key] === other[key]);
}

/** The state table of the card: for every state its words and its main action. Without `now` there are no ages. */
export function describeCard(
  { integration, state, isStarting, startError, isListOlder }: CardTextSource,
  labels: SyncLabels,
  format: Formatter,
  now: number | null,
): CardText {
  const hasEnded = state.isTerminal && (isListOlder || isRunningByList(integration));
  const status = isStarting ? "syncing" : startError !== null ? "error" : statusOf(integration, state, hasEnded);
  const textOf = (detail: string, label: string, action: CardAction | null): CardText => ({
    status,
    detail,
    main: { label, action },
  });
  switch (status) {
    case "not_connected":
      return textOf("", labels.connect, "connect");
    case "connecting":
      return textOf("", labels.cardStatus.connecting, null);
    case "needs_reauth":
      return textOf(lastSync(integration, labels, format, now), labels.reauthorize, "reauthorize");
    case "connected": {
      const latest = hasEnded && state.status === "complete" ? afterSync(integration, state) : integration;
      return textOf(lastSync(latest, labels, format, now), labels.syncNow, "start");
    }
    case "error": {
      const reason = startError ?? (hasEnded ? state.error?.message : integration.errorMessage);
      return textOf(reason || labels.failedBody, labels.tryAgain, "start");
    }
    case "syncing": {
      const stage =
        stageWords(state.stage, labels) || labels.stages[state.status === "queued" ? "queued" : "connecting"];
      return textOf(lost(state, labels) ?? describePendingCommand(state, labels) ?? stage, labels.showProgress, "show");
    }
    case "paused": {
      const done = doneItems(state);
      const detail = labels.pausedAt(done, state.totalItems, format, currentPhaseText(state, labels));
      return textOf(
        lost(state, labels) ?? describePendingCommand(state, labels) ?? detail,
        labels.showProgress,
        "show",
      );
    }
    default:
      status satisfies never;
      return textOf("", labels.showProgress, "show");
  }
}

/** What the card shows: the running sync knows better than the list that was loaded before it. */
function statusOf(integration: Integration, state: SyncProgressState, hasEnded: boolean): IntegrationStatus {
  if (state.syncId === null || state.error?.kind === "not-found") return withoutSync(integration);
  if (!state.isTerminal) return state.status === "paused" ? "paused" : "syncing";
  // A source that has lost its access is no better off for how its last sync ended.
  if (!hasEnded || integration.status === "not_connected" || integration.status === "needs_reauth")
    return integration.status;
  return state.status === "error" ? "error" : "connected";
}

function withoutSync(integration: Integration): IntegrationStatus {
  return isRunningByList(integration) && integration.activeSyncId === null ? "connected" : integration.status;
}

function isRunningByList({ status }: Integration): boolean {
  return status === "syncing" || status === "paused";
}

/** The integration as the list will have it when it is loaded again. */
function afterSync(integration: Integration, { completedAt, processedItems }: SyncProgressState): Integration {
  return {
    ...integration,
    lastSyncAt: completedAt ?? integration.lastSyncAt,
    totalItemsSynced: Math.max(integration.totalItemsSynced, processedItems),
  };
}

/** Why a sync that may still run cannot be seen, if it cannot. */
function lost({ error }: SyncProgressState, labels: SyncLabels): string | null {
  if (error === null) return null;
  return error.kind === "unauthorized" ? labels.signedOut : labels.unreachable;
}

/** When an integration was last synced, and how much it has; without `now` not when. */
export function lastSync(
  { lastSyncAt, totalItemsSynced }: Integration,
  labels: SyncLabels,
  format: Formatter,
  now: number | null,
): string {
  if (lastSyncAt === null) return labels.neverSynced;
  return now === null ? "" : labels.lastSynced(lastSyncAt, now, totalItemsSynced, format);
}
