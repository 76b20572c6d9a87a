/** Longest time that work on the CPU keeps requests waiting, in ms. */
const SLICE_MS = 8;

/** Returns a function to await between pieces of CPU work: it lets the event loop run when a slice has been used up. */
export function createYielder(): () => Promise<void> {
  let startedAt = performance.now();
  return async () => {
    if (performance.now() - startedAt < SLICE_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    startedAt = performance.now();
  };
}
