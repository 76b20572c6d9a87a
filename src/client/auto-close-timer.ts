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
  /** ms left when the countdown was started, held or released. */
  #remainingMs = 0;
  /** Local clock when the countdown ends, while it runs. */
  #endsAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

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
    this.#remainingMs = durationMs;
    this.#proceed();
  }

  /** Holds the countdown for a reason, now or once it starts, until the reason is released. */
  hold(reason: string): void {
    if (this.#holds.has(reason)) return;
    this.#holds.add(reason);
    const { status } = this.#view;
    if (status === "counting") this.#remainingMs = Math.max(0, this.#endsAt - Date.now());
    if (status === "counting" || status === "held") this.#proceed();
  }

  /** Releases a reason; the countdown continues when none is left. */
  release(reason: string): void {
    if (this.#holds.delete(reason) && this.#view.status === "held") this.#proceed();
  }

  /** Ends the countdown for good, now or before it starts. */
  keepOpen(): void {
    const { status } = this.#view;
    if (status === "done" || status === "kept-open") return;
    clearTimeout(this.#timer);
    this.#show({ status: "kept-open", remainingMs: null, heldBy: [] });
  }

  /** Stops the countdown, so that it can be started again. The reasons to hold it stay. */
  reset(): void {
    clearTimeout(this.#timer);
    if (this.#view !== IDLE) this.#show(IDLE);
  }

  /** Counts on from the time left, or stands still while there is a reason to. */
  #proceed(): void {
    clearTimeout(this.#timer);
    const remainingMs = this.#remainingMs;
    if (this.#holds.size > 0) {
      this.#show({ status: "held", remainingMs, heldBy: [...this.#holds] });
      return;
    }
    this.#endsAt = Date.now() + remainingMs;
    this.#count(remainingMs);
  }

  #count(remainingMs: number): void {
    const toFullSecond = remainingMs % 1_000 || Math.min(remainingMs, 1_000);
    this.#timer = setTimeout(() => this.#tick(), toFullSecond);
    this.#show({ status: "counting", remainingMs, heldBy: [] });
  }

  #tick(): void {
    const remainingMs = Math.max(0, this.#endsAt - Date.now());
    if (remainingMs > 0) {
      this.#count(remainingMs);
      return;
    }
    this.#show({ status: "done", remainingMs: null, heldBy: [] });
    this.#onClose();
  }

  #show(view: AutoCloseView): void {
    this.#view = view;
    for (const listener of [...this.#listeners]) listener();
  }
}
