import { doneItems } from "../../protocol/snapshot.js";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { AutoCloseControl } from "../../react/use-auto-close.js";
import type { Formatter } from "../labels/formatter.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import type { ProgressText } from "../wording/describe-progress.js";
import type { ProgressKind } from "../wording/progress-kind.js";

/** What of a sync was last looked at for something to say. */
export interface AnnouncedMoment {
  readonly kind: ProgressKind;
  readonly status: SyncProgressState["status"];
  readonly phase: SyncProgressState["phase"];
  readonly percent: number;
  /** The display counts down to its close. */
  readonly isClosing: boolean;
}

/** Something to say, and whether it may wait for its turn (`polite`) or must not. */
export interface ChosenAnnouncement {
  readonly politeness: "polite" | "assertive";
  /** What it is about, within the sync; said once in a row. */
  readonly about: string;
  readonly text: string;
  /** The end of the text, if that is about the display and not the sync. */
  readonly addition?: string | undefined;
  /** It is the end of the sync, or of its being visible. */
  readonly isOutcome: boolean;
}

/** What the choice is made from. */
export interface AnnouncementSource {
  readonly state: Pick<SyncProgressState, "status" | "phase" | "percent" | "processedItems" | "failedItems">;
  readonly autoClose: Pick<AutoCloseControl, "status" | "remainingMs">;
  readonly text: Pick<ProgressText, "kind" | "headline" | "body">;
  readonly name: string;
  readonly labels: SyncLabels;
  readonly format: Formatter;
}

const MILESTONES = [75, 50, 25] as const;

/** From here on a sync that is seen for the first time has run for long, and has not "started". */
const STARTED_LONG_AGO_PERCENT = 10;

export function momentOf(
  { status, phase, percent }: AnnouncementSource["state"],
  autoClose: AnnouncementSource["autoClose"],
  kind: ProgressKind,
): AnnouncedMoment {
  return { kind, status, phase, percent: percent ?? 0, isClosing: autoClose.status === "counting" };
}

/**
 * What a screen reader announces when a sync has come from one moment (`null`: it was not seen before) to the
 * next: start, phases, 25/50/75 %, pauses, the end. Never the numbers in between and never the current item.
 */
export function chooseAnnouncement(
  before: AnnouncedMoment | null,
  progress: AnnouncementSource,
): ChosenAnnouncement | null {
  const { autoClose, text, labels, format } = progress;
  const { kind, headline, body } = text;
  const whole = labels.announceState(headline, body);
  const isNew = before?.kind !== kind;
  const polite: Polite = (about, text) => ({
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
      const { status, remainingMs } = autoClose;
      const isClosing = status === "counting" && remainingMs !== null;
      if (!isClosing) return isNew ? polite("end", whole) : null;
      // Also after it was held by a person who was at the display when the sync ended.
      if (!isNew && before.isClosing) return null;
      const addition = labels.announceClosing(remainingMs, format);
      return { ...polite("end", `${whole} ${addition}`), addition };
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
    case "running":
      return chooseRunning(before, progress, polite);
    default:
      kind satisfies never;
      return null;
  }
}

type Polite = (about: string, text: string) => ChosenAnnouncement;

/** What is announced of a sync while it runs: its start, phases and quarters. */
function chooseRunning(
  before: AnnouncedMoment | null,
  progress: AnnouncementSource,
  polite: Polite,
): ChosenAnnouncement | null {
  const { state, text, name, labels, format } = progress;
  if (before?.kind === "paused") return polite("resumed", labels.announceResumed(name));
  if (before?.kind === "queued") return polite("start", labels.announceStart(name));
  if (before === null || before.status === null) return polite(...firstWords(progress));
  if (phaseOf(state) !== phaseOf(before)) return polite(`phase:${phaseOf(state)}`, labels.about(name, text.body));
  const percent = state.percent ?? 0;
  const milestone = MILESTONES.find((mark) => percent >= mark && before.percent < mark);
  return milestone === undefined ? null : polite(`${milestone}%`, labels.announcePercent(name, milestone, format));
}

/** What the first words are about, and the words. */
function firstWords({ state, text, name, labels, format }: AnnouncementSource): readonly [about: string, text: string] {
  const { percent } = state;
  const hasBegun = percent === null ? doneItems(state) > 0 : percent >= STARTED_LONG_AGO_PERCENT;
  if (!hasBegun) return ["start", labels.announceStart(name)];
  // Like a quarter, which another display may just have announced.
  return percent === null
    ? ["middle", labels.announceState(text.headline, text.body)]
    : [`${Math.floor(percent)}%`, labels.announcePercent(name, percent, format)];
}

/** Older backends name no phase; their status is one. */
function phaseOf({ phase, status }: Pick<AnnouncedMoment, "phase" | "status">): string | null {
  return phase ?? status;
}
