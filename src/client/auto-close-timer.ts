/** The state of a countdown. */
export interface AutoCloseView {
  readonly status: "idle" | "counting" | "held" | "kept-open" | "done";
  /** ms left; `null` unless counting or held. */
  readonly remainingMs: number | null;
  /** Why it is held; empty unless held. */
  readonly heldBy: readonly string[];
}

const IDLE: AutoCloseView = { status: "idle", remainingMs: null, heldBy: [] };

/**
 * Counts down to a close and can be held for any number of reasons (WCAG 2.2.1). Notifies its listeners about once a
 * second, so that the time left can be shown.
 */
export class AutoCloseTimer {
  readonly #onClose: () => void;
  readonly #holds = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #view: AutoCloseView = IDLE;
  /** Local clock when the countdown ends, while it runs. */
  #endsAt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param onClose Called once, when the countdown ends. */
  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  get view(): AutoCloseView {
    return this.#view;
  }

  /** Calls `listener` after every change of {@link view}. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts the countdown; does nothing if it was started or kept open before. */
  start(durationMs: number): void {
    if (this.#view.status !== "idle") return;
    this.#view = { status: "held", remainingMs: durationMs, heldBy: [...this.#holds] };
    this.#continue();
    this.#notify();
  }

  /** Holds the countdown for a reason, now or once it starts, until the reason is released. */
  hold(reason: string): void {
    if (this.#holds.has(reason)) return;
    this.#holds.add(reason);
    const { status } = this.#view;
    if (status !== "counting" && status !== "held") return;
    this.#halt();
    this.#notify();
  }

  /** Releases a reason; the countdown continues when none is left. */
  release(reason: string): void {
    if (!this.#holds.delete(reason) || this.#view.status !== "held") return;
    this.#halt();
    this.#continue();
    this.#notify();
  }

  /** Ends the countdown for good, now or before it starts. */
  keepOpen(): void {
    if (this.#view.status === "done" || this.#view.status === "kept-open") return;
    this.#stop();
    this.#view = { status: "kept-open", remainingMs: null, heldBy: [] };
    this.#notify();
  }

  /** Stops the countdown, so that it can be started again. The reasons to hold it stay. */
  reset(): void {
    this.#stop();
    if (this.#view === IDLE) return;
    this.#view = IDLE;
    this.#notify();
  }

  /** Stops the clock without losing the time left. */
  #halt(): void {
    const { status, remainingMs } = this.#view;
    this.#stop();
    this.#view = {
      status: "held",
      remainingMs: status === "counting" ? Math.max(0, this.#endsAt - Date.now()) : remainingMs,
      heldBy: [...this.#holds],
    };
  }

  #continue(): void {
    const { remainingMs } = this.#view;
    if (this.#holds.size > 0 || remainingMs === null) return;
    this.#endsAt = Date.now() + remainingMs;
    this.#view = { status: "counting", remainingMs, heldBy: [] };
    this.#schedule(remainingMs);
  }

  #schedule(remainingMs: number): void {
    const toFullSecond = remainingMs % 1_000 || Math.min(remainingMs, 1_000);
    this.#timer = setTimeout(() => this.#tick(), toFullSecond);
  }

  #tick(): void {
    const remainingMs = Math.max(0, this.#endsAt - Date.now());
    if (remainingMs > 0) {
      this.#view = { status: "counting", remainingMs, heldBy: [] };
      this.#schedule(remainingMs);
      this.#notify();
      return;
    }
    this.#stop();
    this.#view = { status: "done", remainingMs: null, heldBy: [] };
    this.#notify();
    this.#onClose();
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
