import type { SyncProgressState } from "../react/use-sync-progress.js";
import type { ProgressDescription, ProgressKind } from "./describe-progress.js";
import type { Formatter } from "./labels/formatter.js";
import type { SyncLabels } from "./labels/sync-labels.js";

/** What of a sync was last looked at for something to say. */
export interface AnnouncedMoment {
  readonly kind: ProgressKind;
  readonly status: SyncProgressState["status"];
  readonly phase: SyncProgressState["phase"];
  readonly percent: number;
}

/** Something to say, and whether it may wait for its turn (`polite`) or must not. */
export interface ChosenAnnouncement {
  readonly politeness: "polite" | "assertive";
  /** What it is about, within the sync; said once in a row. */
  readonly about: string;
  readonly text: string;
  /** It tells how the sync ended, or that it cannot be seen any more. */
  readonly isOutcome: boolean;
}

/** What the choice is made from. */
export interface AnnouncedProgress {
  readonly state: Pick<
    SyncProgressState,
    "status" | "phase" | "percent" | "processedItems" | "failedItems" | "autoClose"
  >;
  readonly description: Pick<ProgressDescription, "kind" | "headline" | "body">;
  readonly name: string;
  readonly labels: SyncLabels;
  readonly format: Formatter;
}

const MILESTONES = [75, 50, 25] as const;

/** From here on a sync that is seen for the first time has run for long, and has not "started". */
const STARTED_LONG_AGO_PERCENT = 10;

export function momentOf({ status, phase, percent }: AnnouncedProgress["state"], kind: ProgressKind): AnnouncedMoment {
  return { kind, status, phase, percent: percent ?? 0 };
}

/**
 * What a screen reader is to be told now that a sync has come from one moment (`null`: it was not seen before) to the
 * next: start, phases, 25/50/75 %, pauses, the end. Never the numbers in between and never the current item.
 */
export function chooseAnnouncement(
  before: AnnouncedMoment | null,
  progress: AnnouncedProgress,
): ChosenAnnouncement | null {
  const { state, description, name, labels, format } = progress;
  const { kind, headline, body } = description;
  const whole = labels.announceState(headline, body);
  const isNew = before?.kind !== kind;
  const polite = (about: string, text: string): ChosenAnnouncement => ({
    politeness: "polite",
    about,
    text,
    isOutcome: about === "end",
  });

  switch (kind) {
    case "failed":
    case "unauthorized":
    case "not-found":
      return isNew ? { politeness: "assertive", about: kind, text: whole, isOutcome: true } : null;
    case "complete": {
      if (!isNew) return null;
      const { status, remainingMs } = state.autoClose;
      const isClosing = status === "counting" && remainingMs !== null;
      return polite("end", isClosing ? `${whole} ${labels.announceClosing(remainingMs, format)}` : whole);
    }
    case "partial":
    case "cancelled":
      return isNew ? polite("end", whole) : null;
    case "queued":
    case "paused":
      return isNew ? polite(kind, whole) : null;
    case "unreachable":
      // Without the line below it, which counts down to the next attempt.
      return isNew ? polite(kind, headline) : null;
    case "opening":
      return null;
    default:
  }

  if (before?.kind === "paused") return polite("resumed", labels.announceResumed(name));
  if (before?.kind === "queued") return polite("start", labels.announceStart(name));
  if (before === null || before.status === null) return polite("start", firstWords(progress, whole));
  if (phaseOf(state) !== phaseOf(before)) return polite(`phase:${phaseOf(state)}`, body);
  const percent = state.percent ?? 0;
  const milestone = MILESTONES.find((mark) => percent >= mark && before.percent < mark);
  return milestone === undefined ? null : polite(`${milestone}%`, labels.announcePercent(name, milestone, format));
}

function firstWords({ state, name, labels, format }: AnnouncedProgress, whole: string): string {
  const { percent, processedItems, failedItems } = state;
  if (percent === null) return processedItems + failedItems === 0 ? labels.announceStart(name) : whole;
  return percent < STARTED_LONG_AGO_PERCENT
    ? labels.announceStart(name)
    : labels.announcePercent(name, percent, format);
}

/** Older backends name no phase; their status tells it. */
function phaseOf({ phase, status }: Pick<AnnouncedMoment, "phase" | "status">): string | null {
  return phase ?? status;
}
