/** Something to be said to a screen reader. */
export interface Announcement {
  /** The sync it is about. */
  readonly topic: string;
  /** The event that it announces; the same one of a sync is not announced twice in a row. */
  readonly about: string;
  readonly text: string;
  /** BCP 47 language of the text, if known. */
  readonly lang?: string | undefined;
}

/** Something that waits for its turn to be said. */
export interface PoliteAnnouncement extends Announcement {
  /** The end of the text, which other displays of the event may lack; announced alone if the rest already was. */
  readonly addition?: string | undefined;
  /** It is the end of a sync: announcements of other syncs do not replace it. */
  readonly isOutcome: boolean;
  /** The displays that it comes from; it is dropped when all of them are unmounted. */
  readonly displays: readonly object[];
  /** Called once, when it was announced (maybe by another display) or dropped. */
  readonly onSettled?: ((wasAnnounced: boolean) => void) | undefined;
}

/** The polite announcements of a page. Times in ms of any one clock that does not go back. */
export interface AnnouncementQueue {
  /** In the order in which they will be said: at most one a topic, outcomes first. */
  readonly waiting: readonly PoliteAnnouncement[];
  /** The last announcement of each topic. */
  readonly announced: ReadonlyMap<string, { readonly about: string; readonly hasAddition: boolean }>;
  /** The words said last; nothing else is said before `freeAt`. */
  readonly words: string | null;
  readonly freeAt: number;
}

/** A queue after something was done to it. */
export interface QueueStep {
  readonly queue: AnnouncementQueue;
  /** The announcements that were dropped. */
  readonly dropped: readonly PoliteAnnouncement[];
}

export const NO_ANNOUNCEMENTS: AnnouncementQueue = {
  waiting: [],
  announced: new Map(),
  words: null,
  freeAt: Number.NEGATIVE_INFINITY,
};

/** Least time between two polite announcements. */
export const ANNOUNCEMENT_INTERVAL_MS = 5_000;

/** Whether it is the last announcement of its topic. */
export function wasAnnounced(
  { announced }: AnnouncementQueue,
  { topic, about, addition }: PoliteAnnouncement,
): boolean {
  const last = announced.get(topic);
  return last?.about === about && (addition === undefined || last.hasAddition);
}

/** Whether an event was announced last of its topic, or waits to be. */
export function isTaken({ announced, waiting }: AnnouncementQueue, topic: string, about: string): boolean {
  return announced.get(topic)?.about === about || waiting.some((one) => one.topic === topic && one.about === about);
}

/**
 * Adds an announcement. It replaces a waiting one of the same topic; unless it is an outcome, also every other waiting one
 * that is none.
 */
export function enqueue(queue: AnnouncementQueue, announcement: PoliteAnnouncement, now: number): QueueStep {
  const { topic, about, text, isOutcome } = announcement;
  const rival = queue.waiting.find((one) => one.topic === topic);
  const twin = queue.waiting.find(
    (one) => (one.topic === topic && one.about === about) || (one.text === text && !one.isOutcome && !isOutcome),
  );
  if (twin !== undefined) {
    const both = mergeTwins(twin, announcement);
    // The twin may be another sync's: then what waits about this one is older.
    const isOld = (one: PoliteAnnouncement) => one === rival && one !== twin;
    const waiting = queue.waiting.filter((one) => !isOld(one)).map((one) => (one === twin ? both : one));
    return { queue: { ...queue, waiting }, dropped: queue.waiting.filter(isOld) };
  }
  // Several syncs say in one moment that the page is offline.
  const isEcho = !isOutcome && text === queue.words && now < queue.freeAt;
  // What waits about the same sync is newer than what was said last.
  if (rival === undefined && (isEcho || wasAnnounced(queue, announcement)))
    return { queue: { ...queue, announced: recording(queue, announcement) }, dropped: [announcement] };
  const isOld = (one: PoliteAnnouncement) => one === rival || !(one.isOutcome || isOutcome);
  const waiting = [...queue.waiting.filter((one) => !isOld(one)), announcement];
  return {
    queue: { ...queue, waiting: waiting.sort((one, other) => Number(other.isOutcome) - Number(one.isOutcome)) },
    dropped: queue.waiting.filter(isOld),
  };
}

/** Records an announcement that did not wait; it replaces a waiting one of the same topic. */
export function interrupt(queue: AnnouncementQueue, announcement: Announcement): QueueStep {
  const isOld = (one: PoliteAnnouncement) => one.topic === announcement.topic;
  const waiting = queue.waiting.filter((one) => !isOld(one));
  return {
    queue: { ...queue, waiting, announced: recording(queue, announcement) },
    dropped: queue.waiting.filter(isOld),
  };
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

/** When the next announcement is due; `null` if none waits. */
export function nextTime({ waiting, freeAt }: AnnouncementQueue): number | null {
  return waiting.length === 0 ? null : freeAt;
}

/** Takes out the announcement that may be said at `now`, if there is one. */
export function dequeue(
  queue: AnnouncementQueue,
  now: number,
): { readonly next: PoliteAnnouncement | null; readonly queue: AnnouncementQueue } {
  const [next, ...waiting] = queue.waiting;
  if (next === undefined || now < queue.freeAt) return { next: null, queue };
  const isRestAnnounced = queue.announced.get(next.topic)?.about === next.about;
  const text = (isRestAnnounced && next.addition) || next.text;
  const freeAt = now + ANNOUNCEMENT_INTERVAL_MS;
  return { next: { ...next, text }, queue: { waiting, announced: recording(queue, next), words: text, freeAt } };
}

type AnnouncementKey = Pick<PoliteAnnouncement, "topic" | "about" | "addition">;

function recording(
  { announced }: AnnouncementQueue,
  { topic, about, addition }: AnnouncementKey,
): AnnouncementQueue["announced"] {
  return new Map(announced).set(topic, { about, hasAddition: addition !== undefined });
}

/** One announcement for two displays of the same event, or two syncs with the same words: the longer text, and both callbacks. */
function mergeTwins(one: PoliteAnnouncement, other: PoliteAnnouncement): PoliteAnnouncement {
  return {
    ...(one.topic === other.topic && one.addition === undefined ? other : one),
    displays: [...one.displays, ...other.displays],
    onSettled: (wasAnnounced) => {
      one.onSettled?.(wasAnnounced);
      other.onSettled?.(wasAnnounced);
    },
  };
}
