/** The longest time that a timer of the platform takes: 24.8 days. Beyond it, it fires at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** A timeout of any length; `Infinity` never fires. Returns a function that clears it. */
export function setLongTimeout(callback: () => void, ms: number): () => void {
  if (ms === Number.POSITIVE_INFINITY) return () => {};
  let timer: ReturnType<typeof setTimeout>;
  const wait = (rest: number) => {
    const part = Math.min(rest, MAX_TIMER_MS);
    timer = setTimeout(() => (rest > part ? wait(rest - part) : callback()), part);
  };
  wait(ms);
  return () => clearTimeout(timer);
}

/** Calls back once, unless the process ends before. Returns a function that clears it. */
export function setBackgroundTimeout(callback: () => void, ms: number): () => void {
  if (ms > MAX_TIMER_MS) return () => {};
  const timer = setTimeout(callback, ms);
  // In browsers, where the mock backend runs, it is a number.
  if (typeof timer === "object") timer.unref();
  return () => clearTimeout(timer);
}

/** Calls back at an interval that keeps no process alive. Returns a function that stops it. */
export function setBackgroundInterval(callback: () => void, ms: number): () => void {
  const timer = setInterval(callback, ms);
  // In browsers, where the mock backend runs, it is a number.
  if (typeof timer === "object") timer.unref();
  return () => clearInterval(timer);
}
