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

/**
 * The one place of a page that speaks to screen readers, whatever number of syncs are shown: a polite status and an
 * assertive alert at the end of the body, there while anybody needs them.
 */
class Announcer {
  #users = 0;
  #host: HTMLElement | null = null;
  #status: HTMLElement | null = null;
  #alert: HTMLElement | null = null;
  #queue: AnnouncementQueue = NO_ANNOUNCEMENTS;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #lastAlertKey: string | null = null;

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
  alert({ key, text }: Announcement): void {
    if (key === this.#lastAlertKey || this.#alert === null) return;
    this.#lastAlertKey = key;
    this.#alert.textContent = text;
  }

  #speak(): void {
    if (this.#timer !== null) return;
    const { spoken, queue } = dequeue(this.#queue, Date.now());
    this.#queue = queue;
    if (spoken !== null && this.#status !== null) this.#status.textContent = spoken.text;
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
    this.#status = region("status", "polite");
    this.#alert = region("alert", "assertive");
    host.append(this.#status, this.#alert);
    document.body.append(host);
    this.#host = host;
  }

  #remove(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#host?.remove();
    this.#host = null;
    this.#status = null;
    this.#alert = null;
    this.#queue = NO_ANNOUNCEMENTS;
    this.#lastAlertKey = null;
  }
}

function region(role: string, live: string): HTMLElement {
  const element = document.createElement("div");
  element.setAttribute("role", role);
  // Named beside the role, because a modal dialog hides all of the page but what carries this attribute.
  element.setAttribute("aria-live", live);
  element.setAttribute("aria-atomic", "true");
  return element;
}

export const announcer = new Announcer();
