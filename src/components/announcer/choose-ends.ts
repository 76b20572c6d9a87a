import type { Formatter } from "../labels/formatter.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import type { ProgressText } from "../wording/describe-progress.js";
import type { ChosenAnnouncement } from "./choose-announcement.js";

/** A sync that has ended, in words. */
export interface EndedSync {
  readonly syncId: string;
  readonly text: Pick<ProgressText, "kind" | "headline" | "body">;
}

/** What is announced of several ends, and of which sync; `null` for all of them together. */
export interface EndsAnnouncement extends ChosenAnnouncement {
  readonly syncId: string | null;
}

/**
 * One announcement for all syncs that have ended within a moment: a single one as its own displays announce it, several
 * in numbers; and how many are done so far, where there is more than one.
 *
 * @param total How many syncs there are in all, with those that still run.
 */
export function chooseEnds(
  ended: readonly EndedSync[],
  { done, total }: { readonly done: number; readonly total: number },
  labels: SyncLabels,
  format: Formatter,
): EndsAnnouncement | null {
  const [first] = ended;
  if (first === undefined) return null;
  const addition = total > 1 ? labels.syncsFinished(done, total, format) : undefined;
  const withAddition = (text: string) => (addition === undefined ? text : `${text} ${addition}`);
  const count = (kind: ProgressText["kind"]) => ended.filter(({ text }) => text.kind === kind).length;
  const failed = count("failed");
  const common = { politeness: failed > 0 ? "assertive" : "polite", isOutcome: true, addition } as const;
  if (ended.length === 1) {
    const { kind, headline, body } = first.text;
    const about = kind === "failed" ? "failed" : "end";
    return { ...common, syncId: first.syncId, about, text: withAddition(labels.announceState(headline, body)) };
  }
  const withProblems = count("partial");
  const finished = ended.length - failed - withProblems;
  const counts = labels.syncCounts({ running: 0, paused: 0, failed, withProblems, finished }, format);
  const about = `ends:${ended.map(({ syncId }) => syncId).join()}`;
  return { ...common, syncId: null, about, text: withAddition(`${labels.about(labels.syncs, counts)}.`) };
}
