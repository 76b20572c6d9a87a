/** Something to be said to a screen reader. */
export interface Announcement {
  /** The sync it is about. */
  readonly topic: string;
  /** What of the sync it tells; the same of the same sync is not said twice in a row. */
  readonly about: string;
  readonly text: string;
  /** BCP 47 language of the text, where it is known. */
  readonly lang?: string | undefined;
  /** Called once, when it was said or when it will not be any more. */
  readonly onSettled?: (() => void) | undefined;
}

/** The polite announcements of a page. Times in ms of any one clock that does not go back. */
export interface AnnouncementQueue {
  readonly waiting: Announcement | null;
  readonly last: Announcement | null;
  readonly spokenAt: number;
}

/** A queue after something was done to it. */
export interface QueueStep {
  readonly queue: AnnouncementQueue;
  /** What will not be said any more. */
  readonly dropped: Announcement | null;
}

export const NO_ANNOUNCEMENTS: AnnouncementQueue = {
  waiting: null,
  last: null,
  spokenAt: Number.NEGATIVE_INFINITY,
};

/** Least time between two polite announcements. */
export const ANNOUNCEMENT_INTERVAL_MS = 5_000;

/** Whether two announcements tell the same. */
export function isSameAnnouncement(one: Announcement, other: Announcement | null): boolean {
  return one.topic === other?.topic && one.about === other.about;
}

/** Adds an announcement: the newest takes the place of one that still waits. */
export function enqueue(queue: AnnouncementQueue, announcement: Announcement): QueueStep {
  // What waits about the same sync is newer than what was said last.
  const newest = queue.waiting?.topic === announcement.topic ? queue.waiting : queue.last;
  if (isSameAnnouncement(announcement, newest)) return { queue, dropped: announcement };
  return { queue: { ...queue, waiting: announcement }, dropped: queue.waiting };
}

/** Takes back what waits about a topic, when something has made it old. */
export function withdraw(queue: AnnouncementQueue, topic: string): QueueStep {
  if (queue.waiting?.topic !== topic) return { queue, dropped: null };
  return { queue: { ...queue, waiting: null }, dropped: queue.waiting };
}

/** When the waiting announcement may be said; `null` where none waits. */
export function nextTime({ waiting, spokenAt }: AnnouncementQueue): number | null {
  return waiting === null ? null : spokenAt + ANNOUNCEMENT_INTERVAL_MS;
}

/** Takes out the announcement that may be said at `now`, if there is one. */
export function dequeue(
  queue: AnnouncementQueue,
  now: number,
): { readonly spoken: Announcement | null; readonly queue: AnnouncementQueue } {
  const time = nextTime(queue);
  if (queue.waiting === null || time === null || now < time) return { spoken: null, queue };
  return { spoken: queue.waiting, queue: { waiting: null, last: queue.waiting, spokenAt: now } };
}
