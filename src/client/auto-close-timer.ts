/** Where an auto-close countdown stands. */
export interface AutoCloseView {
  readonly status: "idle" | "counting" | "paused" | "kept" | "done";
  /** ms left; `null` unless counting or paused. */
  readonly remainingMs: number | null;
  /** Why it is held; empty unless paused. */
  readonly heldBy: readonly string[];
}

/** Reasons that are about one sync; all others are about the surroundings, which stay when the sync changes. */
const REASONS_OF_ONE_SYNC = ["announcement", "user"];

const IDLE: AutoCloseView = { status: "idle", remainingMs: null, heldBy: [] };

/**
 * Counts down to a close, held while there is a reason to (WCAG 2.2.1): the person hovers, the page is hidden. Tells
 * its listeners about once a second, so that the time left can be shown.
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

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts the countdown, unless it was started before. */
  start(durationMs: number): void {
    if (this.#view.status !== "idle") return;
    this.#view = { status: "paused", remainingMs: durationMs, heldBy: [...this.#holds] };
    this.#goOn();
    this.#tell();
  }

  /** Holds the countdown, now or when it starts, until the reason is taken back. */
  hold(reason: string): void {
    if (this.#holds.has(reason)) return;
    this.#holds.add(reason);
    const { status } = this.#view;
    if (status !== "counting" && status !== "paused") return;
    this.#halt();
    this.#tell();
  }

  /** Takes a reason back; the countdown goes on when none is left. */
  release(reason: string): void {
    if (!this.#holds.delete(reason) || this.#view.status !== "paused") return;
    this.#halt();
    this.#goOn();
    this.#tell();
  }

  /** Ends the countdown for good: nothing closes by itself any more. */
  keep(): void {
    if (this.#view.status === "done" || this.#view.status === "kept") return;
    this.#stop();
    this.#view = { status: "kept", remainingMs: null, heldBy: [] };
    this.#tell();
  }

  /** Forgets what was about one sync, for another. A hidden page is still hidden, and the pointer where it was. */
  reset(): void {
    this.#stop();
    for (const reason of REASONS_OF_ONE_SYNC) this.#holds.delete(reason);
    if (this.#view === IDLE) return;
    this.#view = IDLE;
    this.#tell();
  }

  /** Stops the clock where it stands. */
  #halt(): void {
    const { status, remainingMs } = this.#view;
    this.#stop();
    this.#view = {
      status: "paused",
      remainingMs: status === "counting" ? Math.max(0, this.#endsAt - Date.now()) : remainingMs,
      heldBy: [...this.#holds],
    };
  }

  #goOn(): void {
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
      this.#tell();
      return;
    }
    this.#stop();
    this.#view = { status: "done", remainingMs: null, heldBy: [] };
    this.#tell();
    this.#onClose();
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
