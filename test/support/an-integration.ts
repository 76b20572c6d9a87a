import type { Integration } from "../../src/protocol/integration.js";

/** An integration that is connected and has never synced; name what matters to the test. */
export function anIntegration(given: Partial<Integration> = {}): Integration {
  return {
    type: "gmail",
    name: "Gmail",
    description: "Emails and threads",
    icon: null,
    status: "connected",
    lastSyncAt: null,
    totalItemsSynced: 0,
    errorMessage: null,
    activeSyncId: null,
    ...given,
  };
}
