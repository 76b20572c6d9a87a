/** What something is about. */
export interface Subject {
  /** The sync, for one. */
  readonly topic: string;
  /** What of the sync; the same of the same sync is not said twice in a row. */
  readonly about: string;
}

/** Something to be said to a screen reader. */
export interface Announcement extends Subject {
  readonly text: string;
  /** BCP 47 language of the text, where it is known. */
  readonly lang?: string | undefined;
}

/** Something that waits for its turn to be said. */
export interface PoliteAnnouncement extends Announcement {
  /** It tells how a sync ended, which news of another sync must not push aside. */
  readonly isOutcome: boolean;
  /** The displays that have it to say; it is not said any more when all of them have gone. */
  readonly displays: readonly object[];
  /** Called once, when it was said (maybe by another display) or when it will not be any more. */
  readonly onSettled?: ((isTold: boolean) => void) | undefined;
}

/** The polite announcements of a page. Times in ms of any one clock that does not go back. */
export interface AnnouncementQueue {
  /** In the order in which they will be said: at most one a topic, outcomes first. */
  readonly waiting: readonly PoliteAnnouncement[];
  /** What was said last of each topic, by its `about`. */
  readonly told: ReadonlyMap<string, string>;
  /** Nothing may be said before. */
  readonly freeAt: number;
}

/** A queue after something was done to it. */
export interface QueueStep {
  readonly queue: AnnouncementQueue;
  /** What will not be said any more. */
  readonly dropped: readonly PoliteAnnouncement[];
}

export const NO_ANNOUNCEMENTS: AnnouncementQueue = {
  waiting: [],
  told: new Map(),
  freeAt: Number.NEGATIVE_INFINITY,
};

/** Least time between two polite announcements. */
export const ANNOUNCEMENT_INTERVAL_MS = 5_000;

/** Whether it is what was said last of its topic. */
export function isTold({ told }: AnnouncementQueue, { topic, about }: Subject): boolean {
  return told.get(topic) === about;
}

/** Adds an announcement: the newest of a topic makes the older one old, and the newest that is no outcome all others. */
export function enqueue(queue: AnnouncementQueue, announcement: PoliteAnnouncement): QueueStep {
  const { topic, about, isOutcome } = announcement;
  const rival = queue.waiting.find((one) => one.topic === topic);
  if (rival?.about === about) {
    const both = saidForBoth(rival, announcement);
    return { queue: { ...queue, waiting: queue.waiting.map((one) => (one === rival ? both : one)) }, dropped: [] };
  }
  // What waits about the same sync is newer than what was said last.
  if (rival === undefined && isTold(queue, announcement)) return { queue, dropped: [announcement] };
  const isOld = (one: PoliteAnnouncement) => one === rival || !(one.isOutcome || isOutcome);
  const waiting = [...queue.waiting.filter((one) => !isOld(one)), announcement];
  return {
    queue: { ...queue, waiting: waiting.sort((one, other) => Number(other.isOutcome) - Number(one.isOutcome)) },
    dropped: queue.waiting.filter(isOld),
  };
}

/** Notes what was told without waiting; it makes old what waits about the same topic. */
export function interrupt(queue: AnnouncementQueue, { topic, about }: Subject): QueueStep {
  const dropped = queue.waiting.filter((one) => one.topic === topic);
  const waiting = queue.waiting.filter((one) => one.topic !== topic);
  return { queue: { ...queue, waiting, told: new Map(queue.told).set(topic, about) }, dropped };
}

/** Takes out what only a display had to say that has gone; of one thing that is not so any more, only that. */
export function withdraw(queue: AnnouncementQueue, display: object, thing?: Subject): QueueStep {
  const isMeant = (one: Subject) => thing === undefined || (one.topic === thing.topic && one.about === thing.about);
  const left = queue.waiting.map((one) =>
    isMeant(one) ? { ...one, displays: one.displays.filter((other) => other !== display) } : one,
  );
  const isDropped = ({ displays }: PoliteAnnouncement) => displays.length === 0;
  return { queue: { ...queue, waiting: left.filter((one) => !isDropped(one)) }, dropped: left.filter(isDropped) };
}

/** Forgets that something was told: it is news when it comes again. */
export function forget(queue: AnnouncementQueue, thing: Subject): AnnouncementQueue {
  if (!isTold(queue, thing)) return queue;
  const told = new Map(queue.told);
  told.delete(thing.topic);
  return { ...queue, told };
}

/** Lets nothing be said before a time. */
export function holdUntil(queue: AnnouncementQueue, time: number): AnnouncementQueue {
  return { ...queue, freeAt: Math.max(queue.freeAt, time) };
}

/** When the next announcement may be said; `null` where none waits. */
export function nextTime({ waiting, freeAt }: AnnouncementQueue): number | null {
  return waiting.length === 0 ? null : freeAt;
}

/** Takes out the announcement that may be said at `now`, if there is one. */
export function dequeue(
  queue: AnnouncementQueue,
  now: number,
): { readonly spoken: PoliteAnnouncement | null; readonly queue: AnnouncementQueue } {
  const [spoken, ...waiting] = queue.waiting;
  if (spoken === undefined || now < queue.freeAt) return { spoken: null, queue };
  const told = new Map(queue.told).set(spoken.topic, spoken.about);
  return { spoken, queue: { waiting, told, freeAt: now + ANNOUNCEMENT_INTERVAL_MS } };
}

/** Two displays that tell the same wait for the same words. */
function saidForBoth(one: PoliteAnnouncement, other: PoliteAnnouncement): PoliteAnnouncement {
  return {
    ...one,
    displays: [...one.displays, ...other.displays],
    onSettled: (isTold) => {
      one.onSettled?.(isTold);
      other.onSettled?.(isTold);
    },
  };
}
