import {
  type Announcement,
  type AnnouncementQueue,
  dequeue,
  enqueue,
  holdUntil,
  interrupt,
  isTaken,
  NO_ANNOUNCEMENTS,
  nextTime,
  type PoliteAnnouncement,
  type QueueStep,
  wasAnnounced,
  withdraw,
} from "./announcement-queue.js";
import { LiveRegion, REGION_READY_AFTER_MS } from "./live-region.js";

/** Off the screen, not out of the accessibility tree; must hold without the stylesheet, too. */
const VISUALLY_HIDDEN =
  "position:absolute;width:1px;height:1px;margin:-1px;padding:0;border:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap";

/** A display that is replaced by another comes back in the same task; its words must not be cut off. */
const LINGER_MS = 1_000;

interface Regions {
  readonly host: HTMLElement;
  readonly status: LiveRegion;
  readonly alert: LiveRegion;
}

/**
 * The live regions of a page, for any number of syncs: a polite status and an
 * assertive alert at the end of the body, there while anybody needs them.
 */
class Announcer {
  /** The displays that announce, with the timer of those that were just unmounted. */
  readonly #displays = new Map<object, ReturnType<typeof setTimeout> | undefined>();
  /** How many displays have taken over the outcome of a sync. */
  readonly #covers = new Map<string, number>();
  #regions: Regions | null = null;
  #queue: AnnouncementQueue = NO_ANNOUNCEMENTS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Keeps the regions in the page for a display. Returns a function that detaches it. */
  attach(display: object): () => void {
    clearTimeout(this.#displays.get(display));
    this.#displays.set(display, undefined);
    if (this.#regions === null) {
      this.#regions = createRegions();
      this.#queue = holdUntil(this.#queue, performance.now() + REGION_READY_AFTER_MS);
    }
    return () => {
      this.#displays.set(
        display,
        setTimeout(() => this.#leave(display), LINGER_MS),
      );
    };
  }

  /** Says something when there is time for it. */
  say(announcement: PoliteAnnouncement): void {
    this.#take(enqueue(this.#queue, announcement, performance.now()));
    this.#announceNext();
  }

  /** Whether another display has announced an event, or is about to. */
  isTaken(topic: string, about: string): boolean {
    return isTaken(this.#queue, topic, about);
  }

  /**
   * Takes the outcome of a sync over from the displays that are not open on it, to announce it together with others. Returns
   * a function that gives it back.
   */
  cover(topic: string): () => void {
    this.#covers.set(topic, (this.#covers.get(topic) ?? 0) + 1);
    return () => {
      const left = (this.#covers.get(topic) ?? 0) - 1;
      if (left > 0) this.#covers.set(topic, left);
      else this.#covers.delete(topic);
    };
  }

  /** Whether another display announces the outcome of a sync together with others. */
  isCovered(topic: string): boolean {
    return this.#covers.has(topic);
  }

  /** Withdraws a waiting announcement of a display that is no longer true. */
  takeBack(display: object, text: string): void {
    this.#take(withdraw(this.#queue, display, text));
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
    for (const one of dropped) one.onSettled?.(wasAnnounced(queue, one));
  }

  #announceNext(): void {
    clearTimeout(this.#timer);
    // Not by the time of day, which may be set back.
    const { next, queue } = dequeue(this.#queue, performance.now());
    this.#queue = queue;
    if (next !== null) {
      this.#regions?.status.show(next, performance.now());
      next.onSettled?.(true);
    }
    const time = nextTime(this.#queue);
    if (time !== null) this.#timer = setTimeout(() => this.#announceNext(), msUntil(time));
  }

  #leave(display: object): void {
    this.#displays.delete(display);
    this.#take(withdraw(this.#queue, display));
    this.#closeWhenFree();
  }

  /** Not sooner: the display that comes next must keep to the pace as well. */
  #closeWhenFree(): void {
    if (this.#displays.size > 0) return;
    const wait = msUntil(this.#queue.freeAt);
    if (wait > 0) setTimeout(() => this.#closeWhenFree(), wait);
    else this.#close();
  }

  #close(): void {
    this.#regions?.status.clear();
    this.#regions?.alert.clear();
    this.#regions?.host.remove();
    this.#regions = null;
    this.#queue = NO_ANNOUNCEMENTS;
  }
}

function msUntil(time: number): number {
  return Math.max(0, Math.ceil(time - performance.now()));
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
