import { useEffect, useState } from "react";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The local clock in ms since the epoch, read anew while `isTicking` and somebody can see it.
 *
 * @param since The time whose age is told, on the same clock; `null` for one that is yet to come. An age is read as often
 * as its words change: every second at first, every 15 s when it is told in minutes, every 5 min in hours.
 */
export function useNow(isTicking: boolean, since: number | null = null): number {
  const [clock, setClock] = useState(() => ({ now: Date.now(), isTicking }));
  // At once, not after the next commit: what was read before may be of long ago.
  if (clock.isTicking !== isTicking) setClock({ now: Date.now(), isTicking });

  useEffect(() => {
    if (!isTicking) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") return;
      const now = Date.now();
      setClock({ now, isTicking: true });
      timer = setTimeout(tick, since === null ? SECOND_MS : intervalAt(now - since));
    };
    tick();
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, [isTicking, since]);

  return clock.now;
}

function intervalAt(age: number): number {
  if (age < MINUTE_MS) return SECOND_MS;
  return age < HOUR_MS ? 15 * SECOND_MS : 5 * MINUTE_MS;
}
