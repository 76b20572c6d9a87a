import type { Evidence, StreamEvidence } from "../evidence/evidence.js";
import type { State } from "../evidence/stream-states.js";
import { statesOf } from "../evidence/stream-states.js";

/** How bad a finding is, the worst first. */
export const LEVELS = ["fault", "warning", "hint", "ok", "skipped"] as const;

/**
 * How bad a finding is. `fault`: people see something wrong, late or of somebody else. `warning`: it works, but worse than it
 * could, or not everywhere. `hint`: worth knowing. `skipped`: there was nothing to judge by.
 */
export type Level = (typeof LEVELS)[number];

/** What to change, for one kind of server. */
export interface Change {
  /** Such as `"nginx"`. */
  readonly where: string;
  readonly text: string;
}

/** What a check has found. */
export interface Finding {
  readonly level: Level;
  /** What was seen, in a sentence. */
  readonly seen: string;
  /** The lines that show it: a status line, a header, an event. */
  readonly evidence: readonly string[];
  /** What it means to the person in front of the screen; empty if nothing is wrong. */
  readonly why: string;
  readonly change: readonly Change[];
}

/** The parts of an examination, in their order. */
export const STEPS = ["address", "requests", "start", "stream", "resume"] as const;

/** A part of an examination; a check belongs to the one after which it can be judged. */
export type Step = (typeof STEPS)[number];

/** A rule, judged by what was recorded. */
export interface Check {
  /** Its name in the output; stable. */
  readonly id: string;
  /** What it looks at, for the documentation. */
  readonly subject: string;
  readonly step: Step;
  readonly judge: (evidence: Evidence) => Finding | readonly Finding[];
}

/** What a problem needs to be said. */
export interface Problem {
  readonly seen: string;
  readonly evidence?: readonly string[];
  readonly why: string;
  readonly change?: readonly Change[];
}

export const fault = (problem: Problem): Finding => toFinding("fault", problem);
export const warning = (problem: Problem): Finding => toFinding("warning", problem);
export const hint = (problem: Problem): Finding => toFinding("hint", problem);
export const ok = (seen: string): Finding => toFinding("ok", { seen, why: "" });
export const skipped = (seen: string): Finding => toFinding("skipped", { seen, why: "" });

function toFinding(level: Level, { seen, evidence = [], why, change = [] }: Problem): Finding {
  return { level, seen, evidence, why, change };
}

/** A judgement of the stream of the sync; skipped if it was not opened. */
export function ofStream(judge: (stream: StreamEvidence, evidence: Evidence) => Finding | readonly Finding[]) {
  return (evidence: Evidence) => {
    const { stream } = evidence;
    if (stream === null) return skipped("No stream was opened.");
    if (stream.record.exchange.head?.status !== 200) return skipped("The stream did not open.");
    return judge(stream, evidence);
  };
}

/** A judgement of the states in the stream of the sync; skipped if there are none. */
export function ofStates(
  judge: (states: readonly State[], stream: StreamEvidence, evidence: Evidence) => Finding | readonly Finding[],
) {
  return ofStream((stream, evidence) => {
    const states = statesOf(stream.record.items);
    return states.length === 0
      ? skipped("The stream brought no state that could be read.")
      : judge(states, stream, evidence);
  });
}
