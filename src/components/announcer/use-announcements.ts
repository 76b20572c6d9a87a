import { useEffect, useRef, useState } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { AutoCloseControl } from "../../react/use-auto-close.js";
import { useLatest } from "../../react/use-latest.js";
import type { ProgressWording } from "../wording/use-progress-wording.js";
import { announcer } from "./announcer.js";
import { type AnnouncedMoment, chooseAnnouncement, momentOf } from "./choose-announcement.js";

/** A connection that is back sooner is not worth a word. */
const RECONNECTING_AFTER_MS = 5_000;

/** What is told: every turn of the sync; only how it ends, for one that is out of sight; nothing. */
export type AnnouncementLevel = "all" | "outcome" | "none";

/** What a display was about when it was last looked at for something to say. */
interface Look {
  readonly syncId: string | null;
  readonly topic: string;
  readonly moment: AnnouncedMoment;
  /** It was in sight while nothing was known yet: how the sync ends is news, however soon. */
  readonly sawOpening: boolean;
}

/** A connection to a sync that was lost for long enough to tell it. */
interface Loss {
  readonly syncId: string;
  readonly since: number;
  readonly text: string;
  /** Only then it is worth a word that the connection is back. */
  isTold: boolean;
}

/** Tells screen readers the turns of a sync, and of the connection to it. */
export function useAnnouncements(
  announced: ProgressWording & { readonly state: SyncProgressState; readonly autoClose: AutoCloseControl },
  level: AnnouncementLevel,
): void {
  const { state, autoClose, text, name, labels, lang } = announced;
  const { syncId } = state;
  const isSilent = level === "none";
  const [display] = useState(() => ({}));
  useEffect(() => (isSilent ? undefined : announcer.attach(display)), [isSilent, display]);

  // A start that is refused has no id; all displays of one integration tell of the same start.
  const topic = syncId ?? `start:${name}`;
  const before = useRef<Look | null>(null);
  useEffect(() => {
    if (isSilent) return;
    // A sync that was already complete is seen one commit before its countdown starts; both are one message.
    if (text.kind === "complete" && autoClose.status === "waiting") return;
    const last = before.current;
    const known = last?.topic === topic ? last.moment : null;
    const isFollowing = known !== null || last?.syncId === null;
    const isOpening = text.kind === "opening" && level === "all";
    const sawOpening = isOpening || (isFollowing && last?.sawOpening === true);
    before.current = { syncId, topic, moment: momentOf(state, autoClose, text.kind), sawOpening };
    const chosen = chooseAnnouncement(known, announced);
    if (chosen === null) return;
    // Out of sight nobody asks for what was over before it was looked at; a start that is refused never was.
    const isNews = syncId === null || sawOpening || (known !== null && known.kind !== "opening");
    if (level === "outcome" && !(chosen.isOutcome && isNews)) return;
    const announcement = { topic, about: chosen.about, text: chosen.text, lang };
    const { addition, isOutcome } = chosen;
    const polite = { ...announcement, addition, isOutcome, displays: [display] };
    if (chosen.politeness === "assertive") announcer.alert(announcement);
    else if (autoClose.status !== "counting") announcer.say(polite);
    else {
      // Nothing closes before it was said that it will.
      autoClose.hold("announcement");
      const onSettled = () => {
        // Another sync has a countdown of its own.
        if (before.current?.topic === topic) autoClose.release("announcement");
      };
      announcer.say({ ...polite, onSettled });
    }
  });

  const noticeKind = text.notice?.kind;
  const isLost = noticeKind === "reconnecting" || noticeKind === "offline";
  const lostSince = isLost ? state.disconnectedAt : null;
  const isInSight = level === "all";
  // That it ended, or cannot be seen any more, says more than that the server answers again.
  const isSeen = !state.isTerminal && state.error === null;
  const latest = useLatest({ text: text.notice?.text ?? "", lang, found: labels.announceFound(name), isSeen });
  const loss = useRef<Loss | null>(null);
  useEffect(() => {
    if (syncId === null || isSilent) return;
    const say = (about: string, text: string, onSettled?: (isTold: boolean) => void) => {
      const { lang } = latest.current;
      announcer.say({ topic: syncId, about, text, lang, isOutcome: false, displays: [display], onSettled });
    };
    if (lostSince === null) {
      const last = loss.current;
      loss.current = null;
      if (last?.syncId !== syncId) return;
      announcer.takeBack(display, last.text);
      if (last.isTold && isInSight && latest.current.isSeen) say(`found:${last.since}`, latest.current.found);
      return;
    }
    if (!isInSight) return;
    const timer = setTimeout(
      () => {
        const told: Loss = { syncId, since: lostSince, text: latest.current.text, isTold: false };
        loss.current = told;
        say(`lost:${lostSince}`, told.text, (isTold) => {
          told.isTold = isTold;
        });
      },
      Math.max(0, lostSince + RECONNECTING_AFTER_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [syncId, lostSince, isSilent, isInSight, latest, display]);
}
