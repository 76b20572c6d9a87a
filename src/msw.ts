export { createMockSyncBackend, type MockSyncBackend, type MockSyncBackendOptions } from "./msw/mock-sync-backend.js";
export { type Faults, type Scenario, type ScenarioName, type ScenarioTools, scenarios } from "./msw/scenarios.js";
export type { SyncDriver } from "./msw/sync-driver.js";
