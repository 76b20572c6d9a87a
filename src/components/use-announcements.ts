import { useEffect, useRef } from "react";
import { useLatest } from "../react/use-latest.js";
import type { SyncProgressState } from "../react/use-sync-progress.js";
import { announcer } from "./announcer.js";
import type { ProgressDescription } from "./describe-progress.js";
import type { Formatter } from "./labels/formatter.js";
import type { SyncLabels } from "./labels/sync-labels.js";

/** A connection that is back sooner is not worth a word. */
const RECONNECTING_AFTER_MS = 5_000;

const MILESTONES = [75, 50, 25] as const;

interface Announced {
  readonly state: SyncProgressState;
  readonly description: ProgressDescription;
  readonly name: string;
  readonly labels: SyncLabels;
  readonly format: Formatter;
  readonly isEnabled: boolean;
}

/**
 * Tells screen readers the turns of a sync: start, phases, 25/50/75 %, pauses, a lost and a regained connection, the
 * end. Never the numbers in between and never the current item.
 */
export function useAnnouncements({ state, description, name, labels, format, isEnabled }: Announced): void {
  const { syncId, status, phase, percent } = state;
  const { kind, headline, body } = description;
  const before = useRef<{ syncId: string | null; status: string | null; percent: number; wasLost: boolean } | null>(
    null,
  );

  useEffect(() => (isEnabled ? announcer.attach() : undefined), [isEnabled]);

  useEffect(() => {
    if (!isEnabled || syncId === null) return;
    const known = before.current?.syncId === syncId ? before.current : null;
    before.current = { syncId, status, percent: percent ?? 0, wasLost: known?.wasLost ?? false };
    const say = (what: string, text: string) => announcer.say({ key: `${syncId}:${what}`, text });

    if (kind === "failed" || kind === "unauthorized" || kind === "not-found") {
      announcer.alert({ key: `${syncId}:${kind}`, text: `${headline}. ${body}` });
    } else if (kind === "complete" || kind === "partial" || kind === "cancelled") {
      say("end", `${headline}. ${body}`);
    } else if (status !== null && known === null) {
      say("start", kind === "running" ? labels.announceStart(name) : `${headline}. ${body}`);
    } else if (status === "paused" && known?.status !== "paused") {
      say("paused", `${headline}. ${body}`);
    } else if (known?.status === "paused" && status !== "paused" && status !== null) {
      say("resumed", labels.announceResumed(name));
    } else {
      const milestone = MILESTONES.find((mark) => percent !== null && percent >= mark);
      if (milestone !== undefined && (known?.percent ?? 0) < milestone) {
        say(`${milestone}%`, labels.announcePercent(name, milestone, format));
      }
    }
  }, [isEnabled, syncId, status, percent, kind, headline, body, name, labels, format]);

  // A phase is told by its stage as that stands when the phase begins.
  const latestBody = useLatest(body);
  const lastPhase = useRef<string | null>(null);
  useEffect(() => {
    const isNext = lastPhase.current !== null && phase !== null && phase !== lastPhase.current;
    lastPhase.current = phase;
    if (isEnabled && isNext && kind === "running")
      announcer.say({ key: `${syncId}:phase:${phase}`, text: latestBody.current });
  }, [isEnabled, syncId, phase, kind, latestBody]);

  const lostSince = description.notice?.kind === "reconnecting" || state.isOffline ? state.disconnectedAt : null;
  const noticeText = description.notice?.kind === "stalled" ? undefined : description.notice?.text;
  useEffect(() => {
    if (!isEnabled || syncId === null) return;
    if (lostSince === null) {
      if (before.current?.wasLost) {
        before.current = { ...before.current, wasLost: false };
        if (!state.isTerminal)
          announcer.say({ key: `${syncId}:recovered:${Date.now()}`, text: labels.announceRecovered });
      }
      return;
    }
    const timer = setTimeout(
      () => {
        if (noticeText === undefined) return;
        if (before.current !== null) before.current = { ...before.current, wasLost: true };
        announcer.say({ key: `${syncId}:lost:${lostSince}`, text: noticeText });
      },
      Math.max(0, lostSince + RECONNECTING_AFTER_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [isEnabled, syncId, lostSince, noticeText, labels, state.isTerminal]);
}
