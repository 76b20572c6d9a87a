import type { Announcement } from "./announcement-queue.js";

/** After this a text is taken out again: whoever reads through the page finds no news of long ago at its end. */
const CLEAR_AFTER_MS = 7_000;

const FRESH_MS = 1_000;

/** An element whose changes are read aloud (WAI-ARIA 1.2, live regions). */
export class LiveRegion {
  readonly element = document.createElement("div");
  #shown: Announcement | null = null;
  #shownAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(role: "status" | "alert", live: "polite" | "assertive") {
    this.element.setAttribute("role", role);
    // Named beside the role, because a modal dialog hides all of the page but what carries this attribute.
    this.element.setAttribute("aria-live", live);
    this.element.setAttribute("aria-atomic", "true");
  }

  /** What it holds now. */
  get shown(): Announcement | null {
    return this.#shown;
  }

  /** Whether it was shown just now: two displays of one sync tell the same in one moment. */
  isFresh(now: number): boolean {
    return now - this.#shownAt < FRESH_MS;
  }

  show(announcement: Announcement, now: number): void {
    clearTimeout(this.#timer);
    this.#shown = announcement;
    this.#shownAt = now;
    const words = document.createElement("span");
    if (announcement.lang !== undefined) words.lang = announcement.lang;
    words.textContent = announcement.text;
    // One change of the region, so that it is read once.
    this.element.replaceChildren(words);
    this.#timer = setTimeout(() => this.clear(), CLEAR_AFTER_MS);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#shown = null;
    this.element.replaceChildren();
  }
}
