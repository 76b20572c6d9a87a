import type { SyncSnapshot } from "./snapshot.js";

/** A named part of a sync and its share of the whole; weights are relative to their sum. */
export interface Phase {
  readonly name: string;
  readonly weight: number;
}

/** The phases of a sync where nothing else is said. */
export const DEFAULT_PHASES: readonly Phase[] = [
  { name: "connecting", weight: 5 },
  { name: "syncing", weight: 55 },
  { name: "parsing", weight: 20 },
  { name: "embedding", weight: 20 },
];

/** A running sync shows at most this percentage: 100 means complete and nothing else. */
export const MAX_RUNNING_PERCENT = 99;

/**
 * How far a sync is, 0-100, or `null` while that cannot be known. The server's own reckoning wins; else the weights
 * of the phases before the current one and the done share of the current one.
 */
export function percentOf(snapshot: SyncSnapshot, phases: readonly Phase[] = DEFAULT_PHASES): number | null {
  if (snapshot.status === "complete") return 100;
  const percent = snapshot.percentComplete ?? percentByPhase(snapshot, phases);
  return percent === null ? null : Math.min(percent, MAX_RUNNING_PERCENT);
}

/** The percentage by phase weights, whatever the server says; `null` where the total or the phase is unknown. */
export function percentByPhase(snapshot: SyncSnapshot, phases: readonly Phase[] = DEFAULT_PHASES): number | null {
  const total = snapshot.totalItems;
  const done = snapshot.processedItems + snapshot.failedItems;
  // A bar that stands still at the phase's start would look like a sync that does.
  if (total === null || total === 0) return null;
  const share = Math.min(done / total, 1);
  const current = phases.findIndex((phase) => phase.name === (snapshot.phase ?? snapshot.status));
  const weight = phases[current]?.weight;
  if (weight === undefined) return share * 100;
  const whole = phases.reduce((sum, phase) => sum + phase.weight, 0);
  const before = phases.slice(0, current).reduce((sum, phase) => sum + phase.weight, 0);
  return whole > 0 ? ((before + weight * share) / whole) * 100 : null;
}
