import { useEffect, useRef, useState } from "react";
import { followEnds, NO_BATCH, type SyncBatch, withoutNews } from "../../client/follow-ends.js";
import type { SyncView } from "../../client/sync-view.js";
import { useLatest } from "../../react/use-latest.js";
import type { ProgressText } from "../wording/describe-progress.js";
import { lostSince, type SyncsText } from "../wording/describe-syncs.js";
import type { Wording } from "../wording/use-wording.js";
import { announcer } from "./announcer.js";
import { chooseEnds, type EndsAnnouncement } from "./choose-ends.js";

/** What is announced of a list of syncs. */
export interface AnnouncedSyncs extends Wording {
  readonly syncs: readonly SyncView[];
  readonly text: SyncsText;
  /** Puts one of them into words. */
  readonly describe: (view: SyncView) => Pick<ProgressText, "kind" | "headline" | "body">;
  /** The list is open: its progress is announced as well, not only how syncs end. */
  readonly isOpen: boolean;
}

/** Ends that are this close are announced together. */
const TOGETHER_MS = 1_000;
/** Shorter losses of the connection are not announced. */
const LOST_AFTER_MS = 5_000;
const MILESTONES = [75, 50, 25] as const;
/** Of all syncs of a list together. */
const TOPIC = "syncs";

/** Announces a list of syncs to screen readers: their ends, coalesced, and while it is open the quarters of all together. */
export function useEndsAnnouncements(announced: AnnouncedSyncs): void {
  const { syncs, text, labels, lang, format, isOpen } = announced;
  const [display] = useState(() => ({}));
  useEffect(() => announcer.attach(display), [display]);
  const latest = useLatest(announced);

  const batch = useRef<SyncBatch>(NO_BATCH);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    batch.current = followEnds(batch.current, syncs);
    if (batch.current.news.size === 0 || timer.current !== null) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      announceEnds(batch.current, latest.current, display);
      batch.current = withoutNews(batch.current);
    }, TOGETHER_MS);
  }, [syncs, latest, display]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );

  const { percent, notice } = text;
  const passed = useRef(0);
  useEffect(() => {
    const before = passed.current;
    passed.current = percent ?? 0;
    const milestone = MILESTONES.find((mark) => (percent ?? 0) >= mark && before < mark);
    // One that stands alone is announced as its own displays do.
    if (!isOpen || milestone === undefined || syncs.length < 2) return;
    const words = labels.announcePercent(labels.syncs, milestone, format);
    announcer.say({ topic: TOPIC, about: `${milestone}%`, text: words, lang, isOutcome: false, displays: [display] });
  }, [percent, isOpen, syncs.length, labels, format, lang, display]);

  const lostAt = notice === null ? null : (lostSince(syncs) ?? 0);
  useEffect(() => {
    if (lostAt === null || !isOpen) return;
    const announce = () => {
      const { text, lang } = latest.current;
      if (text.notice === null) return;
      const words = { text: text.notice.text, lang };
      announcer.say({ ...words, topic: TOPIC, about: `lost:${lostAt}`, isOutcome: false, displays: [display] });
    };
    const loss = setTimeout(announce, lostAt === 0 ? LOST_AFTER_MS : Math.max(0, lostAt + LOST_AFTER_MS - Date.now()));
    return () => clearTimeout(loss);
  }, [lostAt, isOpen, latest, display]);
}

function announceEnds(
  { running, ended, news }: SyncBatch,
  { describe, labels, format, lang }: AnnouncedSyncs,
  display: object,
): void {
  const ends = [...news].flatMap((syncId) => {
    const view = ended.get(syncId);
    return view === undefined || announcer.isCovered(syncId) ? [] : [{ syncId, text: describe(view) }];
  });
  const isNews = ({ syncId, text: { kind } }: (typeof ends)[number]) =>
    !announcer.isTaken(syncId, kind === "failed" ? "failed" : "end");
  const total = running.size + ended.size;
  const chosen = chooseEnds(ends.length > 1 ? ends.filter(isNews) : ends, { done: ended.size, total }, labels, format);
  if (chosen !== null) announce(chosen, lang, display);
}

function announce(
  { syncId, about, text, addition, politeness }: EndsAnnouncement,
  lang: string | undefined,
  display: object,
) {
  const topic = syncId ?? TOPIC;
  // What another display has announced needs its addition only, which can wait.
  if (politeness === "assertive" && !announcer.isTaken(topic, about)) announcer.alert({ topic, about, text, lang });
  else announcer.say({ topic, about, text, addition, lang, isOutcome: true, displays: [display] });
}
