import { isObject, readText, readTime } from "../protocol/decoding.js";
import { TEXT_LIMITS } from "../protocol/limits.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";

/** One line in the log of a sync. */
export interface LogEntry {
  /** Server clock, ms since the epoch; `null` if a store lost it. */
  readonly at: number | null;
  /** `"log"` for what the job has written, `"phase"`, or the status that the sync has gone to. */
  readonly event: string;
  /** What the job wrote, the name of the phase, or the stage or error message at that moment. */
  readonly text: string;
}

/** The entry in the form in which stores keep it. */
export function encodeLogEntry(event: string, text: string): string {
  const entry: LogEntry = { at: Date.now(), event, text: readText(text, TEXT_LIMITS.item) };
  return JSON.stringify(entry);
}

/** Reads {@link encodeLogEntry}; any other text is taken for what a job has written. */
export function decodeLogEntry(line: string): LogEntry {
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) {
      const { at, event, text } = value;
      return { at: readTime(at), event: readText(event, TEXT_LIMITS.word), text: readText(text, TEXT_LIMITS.item) };
    }
  } catch {
    // A line that was written by others.
  }
  return { at: null, event: "log", text: readText(line, TEXT_LIMITS.item) };
}

/** What a change of state adds to the log: nothing unless its status or phase is another one. */
export function logLinesOf(before: SyncSnapshot, after: SyncSnapshot): readonly string[] {
  const { status, phase, phases, stage, errorMessage } = after;
  return [
    ...(status === before.status ? [] : [encodeLogEntry(status, errorMessage ?? stage)]),
    ...(phase === before.phase || phase === null
      ? []
      : [encodeLogEntry("phase", phases.find(({ name }) => name === phase)?.label ?? phase)]),
  ];
}
