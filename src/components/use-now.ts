import { useEffect, useState } from "react";

const MINUTE_MS = 60_000;

/**
 * The local clock in ms since the epoch, read anew every second while `isTicking`.
 *
 * @param since What the age is told of, on the same clock: when older than a minute, every 15 s will do.
 */
export function useNow(isTicking: boolean, since: number | null = null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return;
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      const read = Date.now();
      setNow(read);
      timer = setTimeout(tick, since !== null && read - since > MINUTE_MS ? 15_000 : 1_000);
    };
    tick();
    return () => clearTimeout(timer);
  }, [isTicking, since]);
  return now;
}
