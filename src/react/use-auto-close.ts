import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { AutoCloseTimer } from "../client/auto-close-timer.js";
import type { SyncClient } from "../client/sync-client.js";
import type { SyncView } from "../client/sync-view.js";
import { useLatest } from "./use-latest.js";

/**
 * Why the auto-close countdown is held; it goes on when every reason is gone. `announcement`: a screen reader is still to
 * be told that it counts.
 */
export type AutoCloseHold = "hover" | "focus" | "touch" | "hidden" | "announcement" | "user";

/** The auto-close countdown of one hook instance. */
export interface AutoCloseControl {
  /**
   * `off`: switched off, or this outcome never closes by itself. `waiting`: the sync still runs. `counting` and
   * `paused`: the countdown runs or is held. `kept`: the person asked to keep it open. `done`: `onClose` was called.
   */
  readonly status: "off" | "waiting" | "counting" | "paused" | "kept" | "done";
  /** ms left, updated about once a second while counting; `null` unless counting or paused. */
  readonly remainingMs: number | null;
  /** Why it is held; empty unless paused. */
  readonly heldBy: readonly string[];
  /** Holds the countdown for a reason (default `"user"`). */
  pause(reason?: AutoCloseHold): void;
  /** Takes a reason back (default `"user"`). */
  resume(reason?: AutoCloseHold): void;
  /** Keeps it open for good. */
  cancel(): void;
}

/** Holds the countdown of a host that is unmounted: it calls nothing then, and goes on where the host comes back. */
const UNMOUNTED = "unmounted";

/** ms from `complete` to the close where nothing else is said. */
export const DEFAULT_AUTO_CLOSE_MS = 3_000;

/** Whether this outcome may close by itself: only a sync that is complete without a failed item. */
export function closesByItself(view: SyncView | null | undefined): boolean {
  return view?.status === "complete" && view.snapshot?.failedItems === 0;
}

/** What a countdown is about. */
interface Countdown {
  readonly client: SyncClient;
  readonly syncId: string | null;
  readonly durationMs: number | false;
}

/** The countdown of one hook instance and sync; started by whoever sees the sync complete. */
export function useAutoClose(
  view: SyncView | null,
  { client, syncId, durationMs }: Countdown,
  onClose: () => void,
): { readonly control: AutoCloseControl; readonly timer: AutoCloseTimer } {
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

  // Another sync, account or length has a countdown of its own. Compared, because effects run again without a change
  // where StrictMode or Activity mount a second time.
  const counted = useRef<Countdown>({ client, syncId, durationMs });
  useEffect(() => {
    const before = counted.current;
    counted.current = { client, syncId, durationMs };
    const isSame = before.client === client && before.syncId === syncId && before.durationMs === durationMs;
    if (!isSame && before.syncId !== null && before.durationMs !== false) timer.reset();
  }, [timer, client, syncId, durationMs]);

  const isOff = durationMs === false || (view?.isTerminal === true && !closesByItself(view));
  const control = useMemo<AutoCloseControl>(() => {
    const waiting = isOff ? "off" : "waiting";
    return {
      status: countdown.status === "idle" ? waiting : countdown.status,
      remainingMs: countdown.remainingMs,
      heldBy: countdown.heldBy,
      pause: (reason = "user") => timer.hold(reason),
      resume: (reason = "user") => timer.release(reason),
      cancel: () => timer.keep(),
    };
  }, [countdown, isOff, timer]);
  return { control, timer };
}
