/** How long a task waits at most when no frame comes: in a hidden or covered page. */
const FRAMELESS_DELAY_MS = 100;

/** How long tasks rest after they ran, as our server's throttle: nobody reads numbers that change more often. */
const REST_MS = 100;

/**
 * Runs tasks in the next animation frame, all in the same one, and then not for {@link REST_MS}. In a hidden page, which
 * has no frames, a task runs at once if the last one was {@link FRAMELESS_DELAY_MS} ago, else by timer: never more often
 * than in a visible page. Outside a browser, where nothing is painted, it runs at once.
 */
export class FrameScheduler {
  readonly #tasks = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #frame: number | null = null;
  #ranAt = Number.NEGATIVE_INFINITY;

  /** Schedules a task, unless it is scheduled; without the rest if it is urgent. Returns a function that takes it back. */
  schedule(task: () => void, isUrgent = false): () => void {
    if (typeof requestAnimationFrame !== "function" || (isHidden() && this.#sinceLastRun() >= FRAMELESS_DELAY_MS)) {
      this.#ranAt = performance.now();
      task();
      return () => {};
    }
    this.#tasks.add(task);
    if (isUrgent && this.#frame === null && !isHidden()) this.#stop();
    if (this.#timer === null) {
      const restMs = isUrgent ? 0 : REST_MS - this.#sinceLastRun();
      if (isHidden()) this.#timer = setTimeout(this.#run, FRAMELESS_DELAY_MS);
      else if (restMs > 0) this.#timer = setTimeout(this.#requestFrame, restMs);
      else this.#requestFrame();
    }
    return () => {
      this.#tasks.delete(task);
      if (this.#tasks.size === 0) this.#stop();
    };
  }

  readonly #requestFrame = (): void => {
    this.#timer = setTimeout(this.#run, FRAMELESS_DELAY_MS);
    this.#frame = requestAnimationFrame(this.#run);
  };

  readonly #run = (): void => {
    this.#stop();
    this.#ranAt = performance.now();
    const tasks = [...this.#tasks];
    this.#tasks.clear();
    for (const task of tasks) task();
  };

  #sinceLastRun(): number {
    return performance.now() - this.#ranAt;
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#timer = null;
    this.#frame = null;
  }
}

function isHidden(): boolean {
  return typeof document !== "undefined" && document.visibilityState === "hidden";
}
