import { isTerminalStatus } from "../../protocol/status.js";
import type { SyncPhase } from "../../protocol/sync-phase.js";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import { directionOfLanguage, isolate } from "./direction.js";

/** The progress of a phase; `stopped` is the one in which a sync failed or was cancelled. */
export type PhaseProgress = "done" | "current" | "stopped" | "pending";

/** A phase in words. */
export interface PhaseText {
  readonly name: string;
  /** What the integration calls it. */
  readonly label: string;
  readonly progress: PhaseProgress;
  readonly progressText: string;
}

/** What the phases of a sync are read from. */
export type PhasesSource = Pick<SyncProgressState, "phases" | "phase" | "status">;

/** The phases of a sync, in their order; none if it has one only, or declares none. */
export function describePhases(state: PhasesSource, labels: SyncLabels): readonly PhaseText[] {
  const { phases, phase, status } = state;
  if (phases.length < 2 || status === null) return [];
  const current = status === "complete" ? phases.length : phases.findIndex(({ name }) => name === phase);
  return phases.map(({ name, label }, index) => {
    const progress = progressOf(index, current, isTerminalStatus(status));
    return { name, label, progress, progressText: labels.phaseProgress[progress] };
  });
}

function progressOf(index: number, current: number, hasEnded: boolean): PhaseProgress {
  if (index < current) return "done";
  if (index > current) return "pending";
  return hasEnded ? "stopped" : "current";
}

/** The phase that the counts belong to, to be put into a sentence; `null` if a sync has one only, or declares none. */
export function currentPhaseText({ phases, phase }: PhasesSource, labels: SyncLabels): string | null {
  const current: SyncPhase | undefined = phases.length < 2 ? undefined : phases.find(({ name }) => name === phase);
  return current === undefined ? null : isolate(current.label, directionOfLanguage(labels.language));
}
