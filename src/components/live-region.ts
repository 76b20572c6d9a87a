import type { Announcement } from "./announcement-queue.js";

/** After this a text is taken out again: whoever reads through the page finds no news of long ago at its end. */
const CLEAR_AFTER_MS = 7_000;

const FRESH_MS = 1_000;

interface Shown {
  readonly announcement: Announcement;
  readonly at: number;
  readonly words: HTMLElement;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** An element whose changes are read aloud (WAI-ARIA 1.2, live regions). */
export class LiveRegion {
  readonly element = document.createElement("div");
  readonly #role: "status" | "alert";
  readonly #shown = new Map<string, Shown>();

  constructor(role: "status" | "alert", live: "polite" | "assertive") {
    this.#role = role;
    this.element.setAttribute("role", role);
    // Named beside the role, because a modal dialog hides all of the page but what carries this attribute.
    this.element.setAttribute("aria-live", live);
    // Alerts stand side by side; only the new one is to be read.
    this.element.setAttribute("aria-atomic", String(role === "status"));
  }

  /** Whether it was shown just now: two displays of one sync tell the same in one moment. */
  isFresh(announcement: Announcement, now: number): boolean {
    const shown = this.#shown.get(this.#placeOf(announcement));
    return shown?.announcement.about === announcement.about && now - shown.at < FRESH_MS;
  }

  show(announcement: Announcement, now: number): void {
    const place = this.#placeOf(announcement);
    const old = this.#shown.get(place);
    const words = document.createElement("span");
    if (announcement.lang !== undefined) words.lang = announcement.lang;
    words.textContent = announcement.text;
    // One change of the region, so that it is read once.
    if (old === undefined) this.element.append(words);
    else old.words.replaceWith(words);
    clearTimeout(old?.timer);
    const timer = setTimeout(() => this.#clear(place), CLEAR_AFTER_MS);
    this.#shown.set(place, { announcement, at: now, words, timer });
  }

  clear(): void {
    for (const place of [...this.#shown.keys()]) this.#clear(place);
  }

  #clear(place: string): void {
    const shown = this.#shown.get(place);
    clearTimeout(shown?.timer);
    shown?.words.remove();
    this.#shown.delete(place);
  }

  /** A status has one text; alerts of several syncs in one moment must not wipe each other out before they are read. */
  #placeOf({ topic }: Announcement): string {
    return this.#role === "status" ? "" : topic;
  }
}
