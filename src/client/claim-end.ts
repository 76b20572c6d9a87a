/** Longer than any tab may be late: hidden tabs run their timers once a minute. */
const HELD_MS = 10 * 60_000;

/**
 * Claims the end of a sync for this tab. Resolves with whether no other tab has; where the browser has no locks, with
 * `true`.
 */
export async function claimEnd(syncId: string): Promise<boolean> {
  const locks = navigator.locks;
  if (typeof locks?.request !== "function") return true;
  return new Promise((resolve) => {
    const hold = (lock: Lock | null) => {
      resolve(lock !== null);
      // The lock is held until this resolves, or the tab is closed.
      return lock === null ? undefined : new Promise<void>((release) => setTimeout(release, HELD_MS));
    };
    locks.request(`react-sync-progress:ended:${syncId}`, { ifAvailable: true }, hold).catch(() => resolve(true));
  });
}
