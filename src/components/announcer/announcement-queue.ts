/** Something to be said to a screen reader. */
export interface Announcement {
  /** The sync it is about. */
  readonly topic: string;
  /** What of the sync it tells; the same of the same sync is not said twice in a row. */
  readonly about: string;
  readonly text: string;
  /** BCP 47 language of the text, where it is known. */
  readonly lang?: string | undefined;
}

/** Something that waits for its turn to be said. */
export interface PoliteAnnouncement extends Announcement {
  /** The end of the text that others who tell the same may lack; said alone where the rest was said before. */
  readonly addition?: string | undefined;
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
  /** What was told last of each topic. */
  readonly told: ReadonlyMap<string, { readonly about: string; readonly hasAddition: boolean }>;
  /** The words said last; nothing else is said before `freeAt`. */
  readonly words: string | null;
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
  words: null,
  freeAt: Number.NEGATIVE_INFINITY,
};

/** Least time between two polite announcements. */
export const ANNOUNCEMENT_INTERVAL_MS = 5_000;

/** Whether it is what was told last of its topic. */
export function isTold({ told }: AnnouncementQueue, { topic, about, addition }: PoliteAnnouncement): boolean {
  const last = told.get(topic);
  return last?.about === about && (addition === undefined || last.hasAddition);
}

/** Adds an announcement: the newest of a topic makes the older one old, and the newest that is no outcome all others. */
export function enqueue(queue: AnnouncementQueue, announcement: PoliteAnnouncement, now: number): QueueStep {
  const { topic, about, text, isOutcome } = announcement;
  const twin = queue.waiting.find(
    (one) => (one.topic === topic && one.about === about) || (one.text === text && !one.isOutcome && !isOutcome),
  );
  if (twin !== undefined) {
    const both = saidForBoth(twin, announcement);
    return { queue: { ...queue, waiting: queue.waiting.map((one) => (one === twin ? both : one)) }, dropped: [] };
  }
  const rival = queue.waiting.find((one) => one.topic === topic);
  // Several syncs say in one moment that the page is offline.
  const isEcho = !isOutcome && text === queue.words && now < queue.freeAt;
  // What waits about the same sync is newer than what was said last.
  if (rival === undefined && (isEcho || isTold(queue, announcement)))
    return { queue: { ...queue, told: noting(queue, announcement) }, dropped: [announcement] };
  const isOld = (one: PoliteAnnouncement) => one === rival || !(one.isOutcome || isOutcome);
  const waiting = [...queue.waiting.filter((one) => !isOld(one)), announcement];
  return {
    queue: { ...queue, waiting: waiting.sort((one, other) => Number(other.isOutcome) - Number(one.isOutcome)) },
    dropped: queue.waiting.filter(isOld),
  };
}

/** Notes what was told without waiting; it makes old what waits about the same topic. */
export function interrupt(queue: AnnouncementQueue, announcement: Announcement): QueueStep {
  const isOld = (one: PoliteAnnouncement) => one.topic === announcement.topic;
  const waiting = queue.waiting.filter((one) => !isOld(one));
  return { queue: { ...queue, waiting, told: noting(queue, announcement) }, dropped: queue.waiting.filter(isOld) };
}

/** Takes out what only this display had to say: everything, or one text. */
export function withdraw(queue: AnnouncementQueue, display: object, text?: string): QueueStep {
  const left = queue.waiting.map((one) =>
    text === undefined || one.text === text
      ? { ...one, displays: one.displays.filter((other) => other !== display) }
      : one,
  );
  const isDropped = ({ displays }: PoliteAnnouncement) => displays.length === 0;
  return { queue: { ...queue, waiting: left.filter((one) => !isDropped(one)) }, dropped: left.filter(isDropped) };
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
  const [next, ...waiting] = queue.waiting;
  if (next === undefined || now < queue.freeAt) return { spoken: null, queue };
  const isRestTold = queue.told.get(next.topic)?.about === next.about;
  const text = (isRestTold && next.addition) || next.text;
  const freeAt = now + ANNOUNCEMENT_INTERVAL_MS;
  return { spoken: { ...next, text }, queue: { waiting, told: noting(queue, next), words: text, freeAt } };
}

type Tellable = Pick<PoliteAnnouncement, "topic" | "about" | "addition">;

function noting({ told }: AnnouncementQueue, { topic, about, addition }: Tellable): AnnouncementQueue["told"] {
  return new Map(told).set(topic, { about, hasAddition: addition !== undefined });
}

/** Two displays that tell the same wait for the same words: those that tell more. */
function saidForBoth(one: PoliteAnnouncement, other: PoliteAnnouncement): PoliteAnnouncement {
  return {
    ...(one.addition === undefined ? other : one),
    displays: [...one.displays, ...other.displays],
    onSettled: (isTold) => {
      one.onSettled?.(isTold);
      other.onSettled?.(isTold);
    },
  };
}
