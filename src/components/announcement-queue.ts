/** Something to be said to a screen reader. */
export interface Announcement {
  /** What it is about; the same one is not said twice in a row. */
  readonly key: string;
  readonly text: string;
  /** BCP 47 language of the text, where it is known. */
  readonly lang?: string | undefined;
}

/** The polite announcements of a page. Times in ms of any one clock. */
export interface AnnouncementQueue {
  readonly waiting: Announcement | null;
  readonly lastKey: string | null;
  readonly spokenAt: number;
}

export const NO_ANNOUNCEMENTS: AnnouncementQueue = {
  waiting: null,
  lastKey: null,
  spokenAt: Number.NEGATIVE_INFINITY,
};

/** Least time between two polite announcements. */
export const ANNOUNCEMENT_INTERVAL_MS = 5_000;

/** Adds an announcement: the newest takes the place of one that still waits. */
export function enqueue(queue: AnnouncementQueue, announcement: Announcement): AnnouncementQueue {
  if (announcement.key === queue.lastKey || announcement.key === queue.waiting?.key) return queue;
  return { ...queue, waiting: announcement };
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
  return { spoken: queue.waiting, queue: { waiting: null, lastKey: queue.waiting.key, spokenAt: now } };
}
