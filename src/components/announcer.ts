import {
  type Announcement,
  type AnnouncementQueue,
  dequeue,
  enqueue,
  interrupt,
  isTold,
  NO_ANNOUNCEMENTS,
  nextTime,
  type PoliteAnnouncement,
  type QueueStep,
} from "./announcement-queue.js";
import { LiveRegion } from "./live-region.js";

/** Off the screen, not out of the accessibility tree; must hold without the stylesheet, too. */
const VISUALLY_HIDDEN =
  "position:absolute;width:1px;height:1px;margin:-1px;padding:0;border:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap";

interface Regions {
  readonly host: HTMLElement;
  readonly status: LiveRegion;
  readonly alert: LiveRegion;
}

/**
 * The one place of a page that speaks to screen readers, whatever number of syncs are shown: a polite status and an
 * assertive alert at the end of the body, there while anybody needs them.
 */
class Announcer {
  #users = 0;
  #regions: Regions | null = null;
  #queue: AnnouncementQueue = NO_ANNOUNCEMENTS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Keeps the regions in the page until the answer is called. */
  attach(): () => void {
    this.#users += 1;
    this.#regions ??= createRegions();
    return () => {
      this.#users -= 1;
      // A display that is replaced by another comes back in the same task; its words must not be cut off.
      setTimeout(() => {
        if (this.#users === 0) this.#remove();
      }, 1_000);
    };
  }

  /** Says something when there is time for it. */
  say(announcement: PoliteAnnouncement): void {
    this.#take(enqueue(this.#queue, announcement));
    this.#speak();
  }

  /** Interrupts with something that must not wait, and makes what waits about the same sync old. */
  alert(announcement: Announcement): void {
    this.#take(interrupt(this.#queue, announcement));
    const { alert } = this.#regions ?? {};
    const now = performance.now();
    if (!alert?.isFresh(announcement, now)) alert?.show(announcement, now);
  }

  #take({ queue, dropped }: QueueStep): void {
    this.#queue = queue;
    for (const one of dropped) one.onSettled?.(isTold(queue, one));
  }

  #speak(): void {
    clearTimeout(this.#timer);
    // Not by the time of day, which may be set back.
    const { spoken, queue } = dequeue(this.#queue, performance.now());
    this.#queue = queue;
    if (spoken !== null) {
      this.#regions?.status.show(spoken, performance.now());
      spoken.onSettled?.(true);
    }
    const time = nextTime(this.#queue);
    if (time !== null) this.#timer = setTimeout(() => this.#speak(), Math.max(0, Math.ceil(time - performance.now())));
  }

  #remove(): void {
    clearTimeout(this.#timer);
    this.#regions?.status.clear();
    this.#regions?.alert.clear();
    this.#regions?.host.remove();
    this.#regions = null;
    this.#take({ queue: NO_ANNOUNCEMENTS, dropped: this.#queue.waiting });
  }
}

function createRegions(): Regions {
  const host = document.createElement("div");
  host.className = "sp-announcer";
  host.style.cssText = VISUALLY_HIDDEN;
  const status = new LiveRegion("status", "polite");
  const alert = new LiveRegion("alert", "assertive");
  host.append(status.element, alert.element);
  document.body.append(host);
  return { host, status, alert };
}

export const announcer = new Announcer();
