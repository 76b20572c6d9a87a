/** How long a batch waits where no frames run: in a hidden page, or outside a browser. */
const FRAMELESS_DELAY_MS = 100;

/** A listener that is told at most once a frame. */
export interface FrameBatch {
  /** Asks for the listener to be told with the next frame. */
  readonly notify: () => void;
  /** Forgets what was asked for. */
  readonly cancel: () => void;
}

/**
 * Tells `listener` at most once an animation frame, however often it is notified. A hidden page runs no frames, so a
 * timer stands in for one that does not come.
 */
export function batchByFrame(listener: () => void): FrameBatch {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let frame: number | null = null;

  const cancel = () => {
    if (timer !== null) clearTimeout(timer);
    if (frame !== null) cancelAnimationFrame(frame);
    timer = null;
    frame = null;
  };
  const tell = () => {
    cancel();
    listener();
  };
  const notify = () => {
    if (timer !== null) return;
    timer = setTimeout(tell, FRAMELESS_DELAY_MS);
    if (typeof requestAnimationFrame === "function") frame = requestAnimationFrame(tell);
  };
  return { notify, cancel };
}
