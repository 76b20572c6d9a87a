import { useEffect, useRef } from "react";
import { useLatest } from "../react/use-latest.js";
import type { SyncProgressState } from "../react/use-sync-progress.js";
import { announcer } from "./announcer.js";
import { type AnnouncedMoment, chooseAnnouncement, momentOf } from "./choose-announcement.js";
import type { ProgressDescription } from "./describe-progress.js";
import type { ChosenWords } from "./use-wording.js";

/** A connection that is back sooner is not worth a word. */
const RECONNECTING_AFTER_MS = 5_000;

interface Announced extends ChosenWords {
  readonly state: SyncProgressState;
  readonly description: ProgressDescription;
  readonly name: string;
  readonly isEnabled: boolean;
}

/** Tells screen readers the turns of a sync, and of the connection to it. */
export function useAnnouncements(announced: Announced): void {
  const { state, description, labels, lang, isEnabled } = announced;
  const { syncId } = state;
  useEffect(() => (isEnabled ? announcer.attach() : undefined), [isEnabled]);

  const before = useRef<{ readonly syncId: string; readonly moment: AnnouncedMoment } | null>(null);
  useEffect(() => {
    if (!isEnabled || syncId === null) return;
    // A sync that was already complete is seen one commit before its countdown starts; both are one message.
    if (description.kind === "complete" && state.autoClose.status === "waiting") return;
    const known = before.current?.syncId === syncId ? before.current.moment : null;
    before.current = { syncId, moment: momentOf(state, description.kind) };
    const chosen = chooseAnnouncement(known, announced);
    if (chosen === null) return;
    const announcement = { key: `${syncId}:${chosen.about}`, text: chosen.text, lang };
    if (chosen.politeness === "assertive") announcer.alert(announcement);
    else announcer.say(announcement);
  });

  const noticeKind = description.notice?.kind;
  const isLost = noticeKind === "reconnecting" || noticeKind === "offline";
  const lostSince = isLost ? state.disconnectedAt : null;
  const latest = useLatest({ text: description.notice?.text ?? "", lang, labels, isTerminal: state.isTerminal });
  const toldLost = useRef<string | null>(null);
  useEffect(() => {
    if (!isEnabled || syncId === null) return;
    const say = (what: string, text: string) =>
      announcer.say({ key: `${syncId}:${what}`, text, lang: latest.current.lang });
    if (lostSince === null) {
      // The end of the sync says more than that it can be seen again.
      if (toldLost.current === syncId && !latest.current.isTerminal)
        say("found", latest.current.labels.announceRecovered);
      toldLost.current = null;
      return;
    }
    const timer = setTimeout(
      () => {
        toldLost.current = syncId;
        say(`lost:${lostSince}`, latest.current.text);
      },
      Math.max(0, lostSince + RECONNECTING_AFTER_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [isEnabled, syncId, lostSince, latest]);
}
