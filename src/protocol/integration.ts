import {
  accept,
  type Decoded,
  decodeJson,
  isObject,
  readCount,
  readOptionalText,
  readText,
  readTime,
  refuse,
} from "./decoding.js";
import { encodeTime } from "./snapshot.js";

const INTEGRATION_STATUSES = [
  "not_connected",
  "connecting",
  "connected",
  "syncing",
  "needs_reauth",
  "error",
  "paused",
] as const;

/** The state of a connectable source. */
export type IntegrationStatus = (typeof INTEGRATION_STATUSES)[number];

/** A connectable source (`gmail`, `slack`, ...). */
export interface Integration {
  readonly type: string;
  readonly name: string;
  readonly description: string;
  /** URL of a logo, or `null`. */
  readonly icon: string | null;
  readonly status: IntegrationStatus;
  /** Server clock, ms since the epoch; `null` when it never synced. */
  readonly lastSyncAt: number | null;
  readonly totalItemsSynced: number;
  readonly errorMessage: string | null;
  /** The sync that runs now, if one does. */
  readonly activeSyncId: string | null;
}

/** The response of `GET /api/integrations` on the wire. */
export function encodeIntegrations(integrations: readonly Integration[]) {
  return {
    success: true,
    integrations: integrations.map((integration) => ({
      type: integration.type,
      name: integration.name,
      description: integration.description,
      icon: integration.icon,
      status: integration.status,
      last_sync_at: encodeTime(integration.lastSyncAt),
      total_items_synced: integration.totalItemsSynced,
      error_message: integration.errorMessage,
      active_sync_id: integration.activeSyncId,
    })),
    connected_count: integrations.filter((integration) => integration.status !== "not_connected").length,
  };
}

/** Reads the response of `GET /api/integrations`; entries without a type are left out. */
export function decodeIntegrations(text: unknown): Decoded<readonly Integration[]> {
  const json = decodeJson(text);
  if (!json.ok) return json;
  if (!isObject(json.value) || !Array.isArray(json.value.integrations)) {
    return refuse("missing-field", "the response must be an object with an array `integrations`");
  }
  return accept(json.value.integrations.map(decodeIntegration).filter((entry) => entry !== null));
}

function decodeIntegration(value: unknown): Integration | null {
  if (!isObject(value)) return null;
  const type = readText(value.type, 100);
  if (type === "") return null;
  const word = value.status;
  return {
    type,
    name: readText(value.name, 200) || type,
    description: readText(value.description, 1_000),
    icon: readOptionalText(value.icon, 10_000),
    status: INTEGRATION_STATUSES.find((status) => status === word) ?? "connected",
    lastSyncAt: readTime(value.last_sync_at),
    totalItemsSynced: readCount(value.total_items_synced) ?? 0,
    errorMessage: readOptionalText(value.error_message, 500),
    activeSyncId: readOptionalText(value.active_sync_id, 200),
  };
}
