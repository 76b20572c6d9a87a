import { isObject, readText } from "./decoding.js";
import { TEXT_LIMITS } from "./limits.js";

/** A phase of a sync as its integration declares it. */
export interface SyncPhase {
  /** Its name for programs, such as `"fetching"`. */
  readonly name: string;
  /** Its name for people, such as `"Fetch"`. */
  readonly label: string;
  /** Its share of the whole, relative to the sum of all weights. */
  readonly weight: number;
}

/** How many phases of a sync are read and may be declared. */
export const MAX_PHASES = 20;

/** Reads the declared phases of a sync: the first of each name, at most {@link MAX_PHASES}. */
export function readPhases(value: unknown): readonly SyncPhase[] {
  if (!Array.isArray(value)) return [];
  const phases = value
    .slice(0, MAX_PHASES)
    .map(readPhase)
    .filter((phase) => phase !== null);
  return phases.filter(({ name }, index) => phases.findIndex((phase) => phase.name === name) === index);
}

function readPhase(value: unknown): SyncPhase | null {
  if (!isObject(value)) return null;
  const name = readText(value.name, TEXT_LIMITS.word);
  if (name === "") return null;
  const label = readText(value.label, TEXT_LIMITS.word) || name;
  return { name, label, weight: isWeight(value.weight) ? value.weight : 1 };
}

/**
 * Checks the phases that an integration declares.
 *
 * @throws TypeError when there are more than 20, when a name is used twice, is empty or longer than 100 characters, or
 * when a weight is not a number above 0.
 */
export function checkPhases(phases: readonly SyncPhase[]): void {
  if (phases.length > MAX_PHASES) {
    throw new TypeError(`SyncProgressError: phases must be at most ${MAX_PHASES}, got ${phases.length}.`);
  }
  for (const { name, label, weight } of phases) {
    const where = `the phase ${JSON.stringify(name)}`;
    for (const text of [name, label]) {
      if (readText(text, TEXT_LIMITS.word) !== text || text === "") {
        throw new TypeError(
          `SyncProgressError: name and label of ${where} must be texts of 1 to ${TEXT_LIMITS.word} characters, got ${JSON.stringify(text)}.`,
        );
      }
    }
    if (!isWeight(weight) || weight === 0) {
      throw new TypeError(`SyncProgressError: the weight of ${where} must be a number above 0, got ${String(weight)}.`);
    }
    if (phases.filter((phase) => phase.name === name).length > 1) {
      throw new TypeError(`SyncProgressError: ${where} is declared twice.`);
    }
  }
}

function isWeight(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && Number.isFinite(value);
}
