/** How long what has arrived already may take to be read, in ms. */
const GRACE_MS = 100;

/**
 * Calls back after a time, and a moment. A process that was busy runs its timers before it reads what has arrived
 * meanwhile, so that without the moment a slow machine would be taken for a slow server. Returns a function that prevents it.
 */
export function onDeadline(ms: number, callback: () => void): () => void {
  let timer = setTimeout(() => {
    timer = setTimeout(callback, GRACE_MS);
  }, ms);
  return () => clearTimeout(timer);
}
