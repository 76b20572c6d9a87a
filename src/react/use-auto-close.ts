import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { AutoCloseTimer } from "../client/auto-close-timer.js";
import type { SyncProgressState } from "./sync-progress-state.js";
import { useLatest } from "./use-latest.js";

/**
 * Why a countdown is held; it continues when every reason is released. `hover`, `focus` and `touch`: the person is at the
 * display. `hidden`: the page is. `announcement`: a screen reader has not announced the countdown yet. `user`: any other.
 */
export type AutoCloseHold = "hover" | "focus" | "touch" | "hidden" | "announcement" | "user";

/** The return value of {@link useAutoClose}: a countdown and the ways to stop it (WCAG 2.2.1). */
export interface AutoCloseControl {
  /**
   * `off`: disabled, or this outcome never closes by itself. `waiting`: the sync is not complete yet. `counting` and
   * `held`: the countdown runs or is held. `kept-open`: `keepOpen()` was called. `done`: `onClose` was called.
   */
  readonly status: "off" | "waiting" | "counting" | "held" | "kept-open" | "done";
  /** ms left, updated about once a second while counting; `null` unless counting or held. */
  readonly remainingMs: number | null;
  /** The reasons it is held for; empty unless held. */
  readonly heldBy: readonly string[];
  /** Holds the countdown for a reason, now or once it starts. Default `"user"`. */
  hold(reason?: AutoCloseHold): void;
  /** Releases a reason. Default `"user"`. */
  release(reason?: AutoCloseHold): void;
  /** Ends the countdown for this sync: it stays open. */
  keepOpen(): void;
}

/** Options of {@link useAutoClose}. */
export interface UseAutoCloseOptions {
  /**
   * Whether the display is open. Default true. A sync that has ended while it is not never closes it: whoever opens it to
   * see how the sync ended, or once more, is not sent away.
   */
  readonly open?: boolean | undefined;
  /** ms from `complete` until `onClose` is called, or `false` for never. Default 3,000. */
  readonly durationMs?: number | false | undefined;
  /** The countdown has ended: close the display. May change with every render. */
  readonly onClose: () => void;
}

const DEFAULT_DURATION_MS = 3_000;

/** The control of a display that never closes by itself. */
export const AUTO_CLOSE_OFF: AutoCloseControl = {
  status: "off",
  remainingMs: null,
  heldBy: [],
  hold() {},
  release() {},
  keepOpen() {},
};

/** Reasons about one sync. All others are about the person and the page, and stay when the sync changes. */
const HOLDS_OF_ONE_SYNC: readonly AutoCloseHold[] = ["announcement", "user"];

/** Holds the countdown of an unmounted host: it then calls nothing, and continues if the host is mounted again. */
const UNMOUNTED = "unmounted";

/** What a countdown belongs to: a change of any of it starts another one. */
interface CountdownSubject extends Pick<SyncProgressState, "client" | "syncId"> {
  readonly durationMs: number | false;
}

/**
 * Counts down to a close once a sync is complete without failed items. Never after an error, a cancel or a failed item,
 * and not while the page is hidden.
 *
 * @param progress The return value of `useSyncProgress`.
 *
 * @example
 * const progress = useSyncProgress(syncId);
 * const autoClose = useAutoClose(progress, { onClose: () => setOpen(false) });
 * return <SyncProgress.Root state={progress} autoClose={autoClose}>...</SyncProgress.Root>;
 */
export function useAutoClose(
  progress: Pick<SyncProgressState, "client" | "syncId" | "status" | "failedItems" | "isTerminal">,
  { open = true, durationMs: givenMs = DEFAULT_DURATION_MS, onClose }: UseAutoCloseOptions,
): AutoCloseControl {
  const { client, syncId, status, failedItems, isTerminal } = progress;
  const latestOnClose = useLatest(onClose);
  const [timer] = useState(() => new AutoCloseTimer(() => latestOnClose.current()));
  const countdown = useSyncExternalStore(
    useCallback((listener) => timer.subscribe(listener), [timer]),
    () => timer.view,
    () => timer.view,
  );

  useEffect(() => {
    const followPage = () => (document.visibilityState === "hidden" ? timer.hold("hidden") : timer.release("hidden"));
    followPage();
    timer.release(UNMOUNTED);
    document.addEventListener("visibilitychange", followPage);
    return () => {
      document.removeEventListener("visibilitychange", followPage);
      timer.hold(UNMOUNTED);
    };
  }, [timer]);

  const [endedClosed, setEndedClosed] = useState<string | null>(null);
  useEffect(() => {
    if (!open && isTerminal) setEndedClosed(syncId);
  }, [open, isTerminal, syncId]);
  const durationMs = open && (syncId === null || endedClosed !== syncId) ? givenMs : false;

  const closesByItself = status === "complete" && failedItems === 0;
  const subject = useRef<CountdownSubject>({ client, syncId, durationMs });
  useEffect(() => {
    // Compared, because StrictMode and Activity run effects again without a change.
    const before = subject.current;
    subject.current = { client, syncId, durationMs };
    const isSame = before.client === client && before.syncId === syncId && before.durationMs === durationMs;
    if (!isSame && before.syncId !== null && before.durationMs !== false) {
      timer.reset();
      for (const reason of HOLDS_OF_ONE_SYNC) timer.release(reason);
    }
    if (closesByItself && durationMs !== false) timer.start(durationMs);
  }, [timer, client, syncId, durationMs, closesByItself]);

  const isOff = durationMs === false || (isTerminal && !closesByItself);
  return useMemo<AutoCloseControl>(() => {
    const beforeStart = isOff ? "off" : "waiting";
    return {
      status: countdown.status === "idle" ? beforeStart : countdown.status,
      remainingMs: countdown.remainingMs,
      heldBy: countdown.heldBy,
      hold: (reason = "user") => timer.hold(reason),
      release: (reason = "user") => timer.release(reason),
      keepOpen: () => timer.keepOpen(),
    };
  }, [countdown, isOff, timer]);
}
