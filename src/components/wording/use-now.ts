import { useMemo, useSyncExternalStore } from "react";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The local clock in ms since the epoch, read again while `isTicking` and the page is visible. `null` on a server and
 * while its HTML is taken over: an age that was rendered there would be wrong here, and a page whose render reads the
 * clock cannot be prerendered (Next.js).
 *
 * @param since The time whose age is shown, on the same clock; `null` for a time in the future. An age is read as often as
 * its words change: every second at first, every 15 s once it is in minutes, every 5 min in hours.
 */
export function useNow(isTicking: boolean, since: number | null = null): number | null {
  // Another clock, not the old reading: that may be of long ago.
  const clock = useMemo(() => createClock(isTicking, since), [isTicking, since]);
  return useSyncExternalStore(clock.subscribe, clock.read, readOnServer);
}

interface Clock {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => number;
}

/** A reading of the time that changes by ticks only, as a store's snapshot has to. */
function createClock(isTicking: boolean, since: number | null): Clock {
  let now: number | null = null;
  const read = () => {
    now ??= Date.now();
    return now;
  };

  const subscribe = (listener: () => void) => {
    if (!isTicking) return () => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") return;
      now = Date.now();
      timer = setTimeout(tick, since === null ? SECOND_MS : intervalAt(now - since));
      listener();
    };
    tick();
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  };

  return { subscribe, read };
}

function readOnServer(): null {
  return null;
}

function intervalAt(age: number): number {
  if (age < MINUTE_MS) return SECOND_MS;
  return age < HOUR_MS ? 15 * SECOND_MS : 5 * MINUTE_MS;
}
