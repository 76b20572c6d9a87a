import type { SyncPhase } from "../../src/protocol/sync-phase.js";

/** The phases of a sync that declares several. */
export const PHASES: readonly SyncPhase[] = [
  { name: "connect", label: "Connect", weight: 1 },
  { name: "fetch", label: "Fetch", weight: 6 },
  { name: "index", label: "Index", weight: 3 },
];
