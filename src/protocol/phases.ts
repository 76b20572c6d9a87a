import { doneItems, type SyncSnapshot } from "./snapshot.js";

/** A named part of a sync and its share of the whole; weights are relative to their sum. */
export interface Phase {
  readonly name: string;
  readonly weight: number;
}

/** The phases of older backends, which declare none and walk through these statuses. */
export const DEFAULT_PHASES: readonly Phase[] = [
  { name: "connecting", weight: 5 },
  { name: "syncing", weight: 55 },
  { name: "parsing", weight: 20 },
  { name: "embedding", weight: 20 },
];

/** A running sync shows at most this percentage: 100 means complete and nothing else. */
export const MAX_RUNNING_PERCENT = 99;

/**
 * How far a sync is, 0-100, or `null` while that is unknown. The server's own percentage wins; else the phases
 * that the sync declares; else `fallbackPhases`, by the status of a backend that sends neither.
 */
export function percentOf(snapshot: SyncSnapshot, fallbackPhases: readonly Phase[] = DEFAULT_PHASES): number | null {
  if (snapshot.status === "complete") return 100;
  const phases = snapshot.phases.length > 0 ? snapshot.phases : fallbackPhases;
  const percent = snapshot.percentComplete ?? percentByPhase(snapshot, phases);
  return percent === null ? null : Math.min(percent, MAX_RUNNING_PERCENT);
}

/**
 * The percentage by phase weights: what comes before the current phase, and the done share of that. Without a current
 * phase it is the percentage of the counts; `null` while the total is unknown.
 */
export function percentByPhase(snapshot: SyncSnapshot, phases: readonly Phase[]): number | null {
  const total = snapshot.totalItems;
  // A bar that stands still at the phase's start would look like a sync that does.
  if (total === null || total === 0) return null;
  const share = Math.min(doneItems(snapshot) / total, 1);
  const current = phases.findIndex((phase) => phase.name === (snapshot.phase ?? snapshot.status));
  const weight = phases[current]?.weight;
  if (weight === undefined) return share * 100;
  const whole = phases.reduce((sum, phase) => sum + phase.weight, 0);
  const before = phases.slice(0, current).reduce((sum, phase) => sum + phase.weight, 0);
  return whole > 0 ? ((before + weight * share) / whole) * 100 : null;
}
