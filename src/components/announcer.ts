import {
  type Announcement,
  type AnnouncementQueue,
  dequeue,
  enqueue,
  NO_ANNOUNCEMENTS,
  nextTime,
} from "./announcement-queue.js";

/** Off the screen, not out of the accessibility tree; must hold without the stylesheet, too. */
const VISUALLY_HIDDEN =
  "position:absolute;width:1px;height:1px;margin:-1px;padding:0;border:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap";

/** After this a text is taken out again: whoever reads through the page finds no news of long ago at its end. */
const CLEAR_AFTER_MS = 7_000;

/**
 * The one place of a page that speaks to screen readers, whatever number of syncs are shown: a polite status and an
 * assertive alert at the end of the body, there while anybody needs them.
 */
class Announcer {
  #users = 0;
  #host: HTMLElement | null = null;
  #status: LiveRegion | null = null;
  #alert: LiveRegion | null = null;
  #queue: AnnouncementQueue = NO_ANNOUNCEMENTS;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Keeps the regions in the page until the answer is called. */
  attach(): () => void {
    this.#users += 1;
    if (this.#host === null) this.#build();
    return () => {
      this.#users -= 1;
      // A display that is replaced by another comes back in the same task; its words must not be cut off.
      setTimeout(() => {
        if (this.#users === 0) this.#remove();
      }, 1_000);
    };
  }

  /** Says something when there is time for it. */
  say(announcement: Announcement): void {
    this.#queue = enqueue(this.#queue, announcement);
    this.#speak();
  }

  /** Interrupts with something that must not wait; the same key is said once. */
  alert(announcement: Announcement): void {
    if (this.#alert?.key !== announcement.key) this.#alert?.show(announcement);
  }

  #speak(): void {
    if (this.#timer !== null) return;
    const { spoken, queue } = dequeue(this.#queue, Date.now());
    this.#queue = queue;
    if (spoken !== null) this.#status?.show(spoken);
    const time = nextTime(queue);
    if (time === null) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#speak();
      },
      Math.max(0, time - Date.now()),
    );
  }

  #build(): void {
    const host = document.createElement("div");
    host.className = "sp-announcer";
    host.style.cssText = VISUALLY_HIDDEN;
    this.#status = new LiveRegion("status", "polite");
    this.#alert = new LiveRegion("alert", "assertive");
    host.append(this.#status.element, this.#alert.element);
    document.body.append(host);
    this.#host = host;
  }

  #remove(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#status?.clear();
    this.#alert?.clear();
    this.#host?.remove();
    this.#host = null;
    this.#status = null;
    this.#alert = null;
    this.#queue = NO_ANNOUNCEMENTS;
  }
}

/** An element whose changes are read aloud. */
class LiveRegion {
  readonly element = document.createElement("div");
  /** The announcement that it holds. */
  key: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(role: string, live: string) {
    this.element.setAttribute("role", role);
    // Named beside the role, because a modal dialog hides all of the page but what carries this attribute.
    this.element.setAttribute("aria-live", live);
    this.element.setAttribute("aria-atomic", "true");
  }

  show({ key, text, lang }: Announcement): void {
    clearTimeout(this.#timer);
    this.key = key;
    if (lang === undefined) this.element.removeAttribute("lang");
    else this.element.lang = lang;
    this.element.textContent = text;
    this.#timer = setTimeout(() => this.clear(), CLEAR_AFTER_MS);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.key = null;
    this.element.textContent = "";
  }
}

export const announcer = new Announcer();
