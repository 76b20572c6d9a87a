import type { Announcement } from "./announcement-queue.js";

/**
 * Screen readers follow the changes of a region that they know, and take a moment to know a new one: what comes into it
 * in the same task, or right after, often is not read.
 */
export const REGION_READY_AFTER_MS = 150;

/** Cleared after this, so that old announcements are not found when browsing the page. */
const CLEAR_AFTER_MS = 7_000;

/** Announcements this close count as simultaneous. */
const FRESH_MS = 1_000;

interface Shown {
  readonly at: number;
  readonly words: HTMLElement;
  readonly clearing: ReturnType<typeof setTimeout>;
}

/** An element whose changes are read aloud (WAI-ARIA 1.2, live regions). */
export class LiveRegion {
  readonly element = document.createElement("div");
  readonly #role: "status" | "alert";
  readonly #shown = new Map<string, Shown>();
  readonly #opening = setTimeout(() => this.#open(), REGION_READY_AFTER_MS);
  #isReady = false;

  constructor(role: "status" | "alert", live: "polite" | "assertive") {
    this.#role = role;
    this.element.setAttribute("role", role);
    // Named beside the role, because a modal dialog hides all of the page but what carries this attribute.
    this.element.setAttribute("aria-live", live);
    // Alerts of one moment stand side by side; only the new one is to be read.
    this.element.setAttribute("aria-atomic", String(role === "status"));
  }

  /** Whether this text was shown just now: displays of one sync, or syncs of one session, announce the same at once. */
  isFresh({ text }: Announcement, now: number): boolean {
    return [...this.#shown.values()].some(({ words, at }) => words.textContent === text && now - at < FRESH_MS);
  }

  /** Shows a text, in a new region as soon as that is ready. */
  show(announcement: Announcement, now: number): void {
    const place = this.#placeOf(announcement);
    const old = this.#shown.get(place);
    clearTimeout(old?.clearing);
    const words = document.createElement("span");
    if (announcement.lang !== undefined) words.lang = announcement.lang;
    words.textContent = announcement.text;
    const clearing = setTimeout(() => this.#clear(place), CLEAR_AFTER_MS);
    this.#shown.set(place, { at: now, words, clearing });
    for (const [other, { at }] of this.#shown) if (now - at >= FRESH_MS) this.#clear(other);
    if (!this.#isReady) return;
    // One change of the region, so that it is read once.
    if (old === undefined) this.element.append(words);
    else old.words.replaceWith(words);
  }

  clear(): void {
    clearTimeout(this.#opening);
    for (const place of [...this.#shown.keys()]) this.#clear(place);
  }

  #open(): void {
    this.#isReady = true;
    this.element.append(...[...this.#shown.values()].map(({ words }) => words));
  }

  #clear(place: string): void {
    const shown = this.#shown.get(place);
    clearTimeout(shown?.clearing);
    shown?.words.remove();
    this.#shown.delete(place);
  }

  /** A status has one text; alerts of several syncs must not wipe each other out before they are read. */
  #placeOf({ topic }: Announcement): string {
    return this.#role === "status" ? "" : topic;
  }
}
