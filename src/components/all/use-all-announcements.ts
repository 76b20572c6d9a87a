import { useEffect, useRef, useState } from "react";
import type { SyncAllState } from "../../react/use-sync-all.js";
import { announcer } from "../announcer/announcer.js";
import type { Wording } from "../wording/use-wording.js";

interface Announced extends Wording {
  readonly all: SyncAllState;
  /** How all stand, in one sentence. */
  readonly text: string;
}

/** What was last looked at for something to announce. */
interface Look {
  readonly isBusy: boolean;
  readonly percent: number;
}

const MILESTONES = [75, 50, 25] as const;
const TOPIC = "all";

/** Announces all syncs as one: quarters, and how they ended. Returns a function that announces the start. */
export function useAllAnnouncements({ all, text, labels, format, lang }: Announced): (count: number) => void {
  const [display] = useState(() => ({}));
  useEffect(() => announcer.attach(display), [display]);

  const { isBusy } = all;
  const percent = all.summary.percent ?? 0;
  const before = useRef<Look | null>(null);
  // Each time that something is under way is announced, also if it comes to the same end.
  const round = useRef(0);
  const say = (about: string, words: string, isOutcome: boolean) =>
    announcer.say({
      topic: TOPIC,
      about: `${about}:${round.current}`,
      text: words,
      lang,
      isOutcome,
      displays: [display],
    });

  useEffect(() => {
    const last = before.current;
    before.current = { isBusy, percent };
    if (last === null) return;
    if (isBusy && !last.isBusy) round.current += 1;
    if (!isBusy) {
      if (last.isBusy) say("end", text, true);
      return;
    }
    const milestone = MILESTONES.find((mark) => percent >= mark && last.percent < mark);
    if (milestone !== undefined)
      say(`${milestone}%`, labels.announcePercent(labels.allSources, milestone, format), false);
  });

  return (count) => say("start", labels.announceAllStart(count, format), false);
}
