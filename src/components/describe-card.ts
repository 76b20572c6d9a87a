import type { Integration, IntegrationStatus } from "../protocol/integration.js";
import type { SyncProgressState } from "../react/use-sync-progress.js";
import type { Formatter } from "./labels/formatter.js";
import type { SyncLabels } from "./labels/sync-labels.js";

/** What the main button of a card does. */
export type CardAction = "start" | "show" | "connect" | "reconnect";

/** The state of an integration in words. */
export interface CardDescription {
  readonly status: IntegrationStatus;
  /** The line beside the main button; empty where there is nothing to tell. */
  readonly detail: string;
  /** `null` for an action that is under way. */
  readonly main: { readonly label: string; readonly action: CardAction | null };
}

/** What a card tells. */
export interface DescribedCard {
  readonly integration: Integration;
  /** The sync of the integration that the card knows of. */
  readonly state: SyncProgressState;
  readonly isStarting: boolean;
}

/** The state table of the card: for every state its words and its main action. */
export function describeCard(
  { integration, state, isStarting }: DescribedCard,
  labels: SyncLabels,
  format: Formatter,
  now: number,
): CardDescription {
  const status = isStarting ? "syncing" : statusOf(integration, state);
  const described = (detail: string, label: string, action: CardAction | null): CardDescription => ({
    status,
    detail,
    main: { label, action },
  });
  switch (status) {
    case "not_connected":
      return described("", labels.connect, "connect");
    case "connecting":
      return described("", labels.cardStatus.connecting, null);
    case "needs_reauth":
      return described(lastSync(integration, labels, format, now), labels.reconnect, "reconnect");
    case "connected":
      return described(lastSync(integration, labels, format, now), labels.syncNow, "start");
    case "error": {
      const reason = (state.isTerminal ? state.error?.message : null) || integration.errorMessage || labels.failedBody;
      return described(reason, labels.tryAgain, "start");
    }
    case "syncing": {
      const stage = state.stage || labels.stages[state.status === "queued" ? "queued" : "connecting"];
      return described(stage, labels.showProgress, "show");
    }
    case "paused": {
      const detail = labels.pausedAt(state.processedItems + state.failedItems, state.totalItems, format);
      return described(detail, labels.showProgress, "show");
    }
    default:
      status satisfies never;
      return described("", labels.showProgress, "show");
  }
}

/** What the card shows: the running sync knows better than the list that was loaded before it. */
function statusOf(integration: Integration, state: SyncProgressState): IntegrationStatus {
  if (state.syncId === null || state.error?.kind === "not-found") return withoutSync(integration);
  if (state.isTerminal) {
    if (integration.status !== "syncing" && integration.status !== "paused") return integration.status;
    return state.status === "error" ? "error" : "connected";
  }
  return state.status === "paused" ? "paused" : "syncing";
}

function withoutSync({ status, activeSyncId }: Integration): IntegrationStatus {
  return (status === "syncing" || status === "paused") && activeSyncId === null ? "connected" : status;
}

function lastSync(
  { lastSyncAt, totalItemsSynced }: Integration,
  labels: SyncLabels,
  format: Formatter,
  now: number,
): string {
  return lastSyncAt === null ? labels.neverSynced : labels.lastSynced(lastSyncAt, now, totalItemsSynced, format);
}
