import { keyOf, type Scope } from "../scope.js";
import { tooMany } from "./refusal.js";

const MINUTE_MS = 60_000;

/** Counts how many syncs each person has started within the last minute. */
export class StartLimit {
  readonly #startsPerMinute: number;
  readonly #now: () => number;
  /** Times of starts, oldest first; the person who started last is the last entry. */
  readonly #starts = new Map<string, number[]>();

  constructor(startsPerMinute: number, now: () => number = () => performance.now()) {
    this.#startsPerMinute = startsPerMinute;
    this.#now = now;
  }

  /**
   * Counts a start.
   *
   * @throws Refusal when there were too many.
   */
  take(scope: Scope): void {
    if (this.#startsPerMinute === Number.POSITIVE_INFINITY) return;
    const now = this.#now();
    this.#forgetBefore(now - MINUTE_MS);
    const key = keyOf(scope);
    const recent = (this.#starts.get(key) ?? []).filter((time) => time > now - MINUTE_MS);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= this.#startsPerMinute) {
      throw tooMany("Too many syncs were started within a minute. Try again later.", oldest + MINUTE_MS - now);
    }
    recent.push(now);
    this.#starts.delete(key);
    this.#starts.set(key, recent);
  }

  /** How many people are remembered. */
  get size(): number {
    return this.#starts.size;
  }

  #forgetBefore(time: number): void {
    for (const [key, starts] of this.#starts) {
      if ((starts.at(-1) ?? 0) > time) return;
      this.#starts.delete(key);
    }
  }
}
