import { useEffect, useRef, useState } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { AutoCloseControl } from "../../react/use-auto-close.js";
import { useLatest } from "../../react/use-latest.js";
import type { ProgressWording } from "../wording/use-progress-wording.js";
import { announcer } from "./announcer.js";
import { type AnnouncedMoment, chooseAnnouncement, momentOf } from "./choose-announcement.js";

/** Shorter losses are not announced. */
const RECONNECTING_AFTER_MS = 5_000;

/** What is announced: every change; only the end, for a display that is closed; nothing. */
export type AnnouncementLevel = "all" | "outcome" | "none";

/** What a display showed at the last check for something to announce. */
interface Look {
  readonly syncId: string | null;
  readonly topic: string;
  readonly moment: AnnouncedMoment;
  /** It was open before the first snapshot: the end is announced, however soon it comes. */
  readonly sawOpening: boolean;
}

/** A loss of the connection that was long enough to announce. */
interface Loss {
  readonly syncId: string;
  readonly since: number;
  readonly text: string;
  /** Only then its end is announced as well. */
  wasAnnounced: boolean;
}

/** Announces the changes of a sync, and of the connection to it, to screen readers. */
export function useAnnouncements(
  announced: ProgressWording & { readonly state: SyncProgressState; readonly autoClose: AutoCloseControl },
  level: AnnouncementLevel,
): void {
  const { state, autoClose, text, name, labels, lang } = announced;
  const { syncId } = state;
  const isSilent = level === "none";
  const [display] = useState(() => ({}));
  useEffect(() => (isSilent ? undefined : announcer.attach(display)), [isSilent, display]);

  // A start that fails has no id; all displays of one integration announce the same start.
  const topic = syncId ?? `start:${name}`;
  const before = useRef<Look | null>(null);
  useEffect(() => {
    if (isSilent) return;
    // A sync that was already complete is seen one commit before its countdown starts; both are one message.
    if (text.kind === "complete" && autoClose.status === "waiting") return;
    const last = before.current;
    const previous = last?.topic === topic ? last.moment : null;
    const isFollowing = previous !== null || last?.syncId === null;
    const isOpening = text.kind === "opening" && level === "all";
    const sawOpening = isOpening || (isFollowing && last?.sawOpening === true);
    before.current = { syncId, topic, moment: momentOf(state, autoClose, text.kind), sawOpening };
    const chosen = chooseAnnouncement(previous, announced);
    if (chosen === null) return;
    // A closed display does not announce a sync that had ended before; a start that fails never had.
    const isNews = syncId === null || sawOpening || (previous !== null && previous.kind !== "opening");
    if (level === "outcome" && (!(chosen.isOutcome && isNews) || announcer.isCovered(topic))) return;
    const announcement = { topic, about: chosen.about, text: chosen.text, lang };
    const { addition, isOutcome } = chosen;
    const polite = { ...announcement, addition, isOutcome, displays: [display] };
    if (chosen.politeness === "assertive") announcer.alert(announcement);
    else if (autoClose.status !== "counting") announcer.say(polite);
    else {
      // The countdown waits until it was announced.
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
  // An end, or an error, says more than that the connection is back.
  const isSeen = !state.isTerminal && state.error === null;
  const latest = useLatest({ text: text.notice?.text ?? "", lang, found: labels.announceFound(name), isSeen });
  const loss = useRef<Loss | null>(null);
  useEffect(() => {
    if (syncId === null || isSilent) return;
    const say = (about: string, text: string, onSettled?: (wasAnnounced: boolean) => void) => {
      const { lang } = latest.current;
      announcer.say({ topic: syncId, about, text, lang, isOutcome: false, displays: [display], onSettled });
    };
    if (lostSince === null) {
      const last = loss.current;
      loss.current = null;
      if (last?.syncId !== syncId) return;
      announcer.takeBack(display, last.text);
      if (last.wasAnnounced && isInSight && latest.current.isSeen) say(`found:${last.since}`, latest.current.found);
      return;
    }
    if (!isInSight) return;
    const timer = setTimeout(
      () => {
        const announcedLoss: Loss = { syncId, since: lostSince, text: latest.current.text, wasAnnounced: false };
        loss.current = announcedLoss;
        say(`lost:${lostSince}`, announcedLoss.text, (wasAnnounced) => {
          announcedLoss.wasAnnounced = wasAnnounced;
        });
      },
      Math.max(0, lostSince + RECONNECTING_AFTER_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [syncId, lostSince, isSilent, isInSight, latest, display]);
}
