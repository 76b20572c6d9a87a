import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ANNOUNCEMENT_INTERVAL_MS,
  type AnnouncementQueue,
  dequeue,
  enqueue,
  interrupt,
  NO_ANNOUNCEMENTS,
  nextTime,
  type PoliteAnnouncement,
  wasAnnounced,
  withdraw,
} from "../../../src/components/announcer/announcement-queue.js";

interface Given {
  readonly at: number;
  readonly about: string;
  readonly topic?: string;
}

/** What becomes of an announcement: when it was settled, and whether it was told by then. */
interface Settled extends Given {
  readonly topic: string;
  readonly settled: { readonly at: number; readonly wasAnnounced: boolean }[];
}

const card = {};
const modal = {};

const said = (about: string, topic = "sync-1"): PoliteAnnouncement => ({
  topic,
  about,
  // That the page is offline is told in the same words of every sync.
  text: about === "offline" ? about : `${topic}: ${about}`,
  isOutcome: about === "end",
  displays: [card],
});

/** A queue that has said something. */
const tell = (queue: AnnouncementQueue, announcement: PoliteAnnouncement, now = 0) =>
  dequeue(enqueue(queue, announcement, now).queue, now).queue;

/** Plays announcements at their times, speaking whenever that is allowed, until nothing waits any more. */
function play(list: readonly Given[]) {
  let queue = NO_ANNOUNCEMENTS;
  const next: { at: number; about: string; topic: string }[] = [];
  let clock = 0;
  const speakUntil = (time: number) => {
    for (let due = nextTime(queue); due !== null && due <= time; due = nextTime(queue)) {
      clock = Math.max(clock, due);
      const step = dequeue(queue, clock);
      queue = step.queue;
      if (step.next === null) throw new Error("what is due must be said");
      next.push({ at: clock, about: step.next.about, topic: step.next.topic });
      step.next.onSettled?.(true);
    }
    clock = Math.max(clock, time);
  };
  const told = list.map(({ at, about, topic = "sync-1" }): Settled => {
    const announced: Settled = { at, about, topic, settled: [] };
    speakUntil(at);
    const onSettled = (wasAnnounced: boolean) => announced.settled.push({ at: clock, wasAnnounced });
    const step = enqueue(queue, { ...said(about, topic), onSettled }, at);
    queue = step.queue;
    for (const one of step.dropped) one.onSettled?.(wasAnnounced(queue, one));
    speakUntil(at);
    return announced;
  });
  speakUntil(Number.MAX_SAFE_INTEGER);
  return { next, told };
}

const spokenOf = (list: readonly Given[]) => play(list).next.map(({ topic, about }) => `${topic} ${about}`);

describe("polite announcements", () => {
  it("say the first one at once and the newest of the rest later", () => {
    const { next, told } = play([
      { at: 0, about: "start" },
      { at: 100, about: "25%" },
      { at: 200, about: "50%" },
    ]);
    expect(next.map(({ at, about }) => [at, about])).toEqual([
      [0, "start"],
      [ANNOUNCEMENT_INTERVAL_MS, "50%"],
    ]);
    expect(told.map(({ settled }) => settled[0]?.wasAnnounced)).toEqual([true, false, true]);
  });

  it("say the same thing once, whoever tells it, and settle it for all", () => {
    const { next, told } = play([
      { at: 0, about: "25%" },
      { at: 0, about: "end", topic: "sync-2" },
      { at: 10, about: "25%" },
      { at: 20, about: "end", topic: "sync-2" },
      { at: 9_000, about: "end", topic: "sync-2" },
    ]);
    expect(next).toHaveLength(2);
    expect(told.map(({ settled }) => settled)).toEqual(
      [0, ANNOUNCEMENT_INTERVAL_MS, 10, ANNOUNCEMENT_INTERVAL_MS, 9_000].map((at) => [{ at, wasAnnounced: true }]),
    );
  });

  it("say the same thing once, also when another sync has next in between", () => {
    const list = [
      { at: 0, about: "25%" },
      { at: 6_000, about: "50%", topic: "sync-2" },
      { at: 12_000, about: "25%" },
    ];
    expect(spokenOf(list)).toEqual(["sync-1 25%", "sync-2 50%"]);
  });

  it("say how things stand when they have gone back to where they were", () => {
    const { next } = play([
      { at: 0, about: "paused" },
      { at: 1_000, about: "resumed" },
      { at: 2_000, about: "paused" },
    ]);
    expect(next.at(-1)).toMatchObject({ at: ANNOUNCEMENT_INTERVAL_MS, about: "paused" });
  });

  it("say of several syncs what is newest", () => {
    const list = [
      { at: 0, about: "start" },
      { at: 1, about: "25%" },
      { at: 2, about: "50%", topic: "sync-2" },
    ];
    expect(spokenOf(list)).toEqual(["sync-1 start", "sync-2 50%"]);
  });

  it("say every end, the oldest first, and before anything else", () => {
    const list = [
      { at: 0, about: "start" },
      { at: 1, about: "25%", topic: "sync-2" },
      { at: 2, about: "end" },
      { at: 3, about: "end", topic: "sync-3" },
    ];
    expect(spokenOf(list)).toEqual(["sync-1 start", "sync-1 end", "sync-3 end", "sync-2 25%"]);
  });

  it("say the same words of several syncs once in one moment", () => {
    const list = [
      { at: 0, about: "offline" },
      { at: 2, about: "offline", topic: "sync-2" },
      { at: 3, about: "paused", topic: "sync-3" },
      { at: 4, about: "offline", topic: "sync-3" },
      { at: 30_000, about: "offline", topic: "sync-4" },
    ];
    expect(spokenOf(list)).toEqual(["sync-1 offline", "sync-3 offline", "sync-4 offline"]);
    expect(play(list).told.map(({ settled }) => settled[0]?.wasAnnounced)).toEqual([true, true, false, true, true]);
  });

  it("do not say what is older than the words that another sync has as well", () => {
    const list = [
      { at: 0, about: "start", topic: "sync-3" },
      { at: 1, about: "end" },
      { at: 2, about: "offline", topic: "sync-2" },
      { at: 3, about: "offline" },
      { at: 4, about: "end" },
    ];
    expect(spokenOf(list)).toEqual(["sync-3 start", "sync-1 end", "sync-2 offline"]);
  });

  it("say the addition of one display with what another tells alike, or alone where that was said", () => {
    const whole = { ...said("end"), text: "Up to date. Closes.", addition: "Closes." };
    const textsOf = (...all: readonly PoliteAnnouncement[]) => {
      let queue = NO_ANNOUNCEMENTS;
      for (const one of all) queue = enqueue(queue, one, 0).queue;
      return queue.waiting.map((_, index) => dequeue(queue, index * ANNOUNCEMENT_INTERVAL_MS).next?.text);
    };
    expect(textsOf(said("end"), whole)).toEqual(["Up to date. Closes."]);
    expect(textsOf(whole, said("end"))).toEqual(["Up to date. Closes."]);

    const alone = tell(NO_ANNOUNCEMENTS, said("end"));
    const added = enqueue(alone, whole, ANNOUNCEMENT_INTERVAL_MS).queue;
    expect(dequeue(added, ANNOUNCEMENT_INTERVAL_MS).next?.text).toBe("Closes.");
    const all = tell(alone, whole, ANNOUNCEMENT_INTERVAL_MS);
    for (const again of [whole, said("end")]) expect(enqueue(all, again, 20_000).queue.waiting).toEqual([]);
  });

  it("make way for an alert about the same sync, those about other syncs do not", () => {
    const { queue } = enqueue(tell(NO_ANNOUNCEMENTS, said("start")), said("25%"), 0);
    expect(interrupt(queue, said("failed", "sync-2"))).toMatchObject({
      queue: { waiting: [said("25%")] },
      dropped: [],
    });
    expect(interrupt(queue, said("failed"))).toMatchObject({ queue: { waiting: [] }, dropped: [said("25%")] });
  });

  it("are said as long as a display is there that has them to say", () => {
    const one = enqueue(NO_ANNOUNCEMENTS, said("end"), 0).queue;
    const both = enqueue(one, { ...said("end"), displays: [modal] }, 0).queue;
    const left = withdraw(both, card);
    expect(left).toMatchObject({ queue: { waiting: [{ about: "end", displays: [modal] }] }, dropped: [] });
    expect(withdraw(left.queue, modal)).toMatchObject({ queue: { waiting: [] }, dropped: [{ about: "end" }] });
  });

  it("are taken back one by one", () => {
    const { queue } = enqueue(enqueue(NO_ANNOUNCEMENTS, said("end", "sync-2"), 0).queue, said("offline"), 0);
    expect(withdraw(queue, card, "offline")).toMatchObject({ queue: { waiting: [{ about: "end" }] } });
  });

  it("say again what an alert has come after", () => {
    const paused = tell(NO_ANNOUNCEMENTS, said("paused"));
    expect(enqueue(paused, said("paused"), 0).queue.waiting).toEqual([]);
    const signedOut = interrupt(paused, said("unauthorized")).queue;
    expect(enqueue(signedOut, said("paused"), 9_000).queue.waiting).toEqual([said("paused")]);
  });

  describe("whatever happens", () => {
    const topics = fc.constantFrom("sync-1", "sync-2", "sync-3");
    const abouts = fc.constantFrom("start", "25%", "paused", "offline", "end");
    const lists = fc
      .array(fc.record({ pause: fc.nat(3_000), about: abouts, topic: topics }), { minLength: 1, maxLength: 60 })
      .map((pauses) => {
        let at = 0;
        return pauses.map(({ pause, about, topic }) => {
          at += pause;
          return { at, about, topic };
        });
      });
    const always = (check: (played: ReturnType<typeof play>) => void) =>
      fc.assert(fc.property(lists, (list) => void check(play(list))));

    it("13 come at most one in 5 s", () => {
      always(({ next }) => {
        next.forEach(({ at }, index) => {
          const before = next[index - 1];
          if (before !== undefined) expect(at - before.at).toBeGreaterThanOrEqual(5_000);
        });
      });
    });

    it("are settled once each", () => {
      always(({ told }) => {
        for (const { settled } of told) expect(settled).toHaveLength(1);
      });
    });

    it("tell every end that is not followed by newer news of the same sync", () => {
      always(({ next, told }) => {
        told.forEach(({ topic, about, settled }, index) => {
          const isNewest = told.slice(index + 1).every((later) => later.topic !== topic || later.about === about);
          if (about !== "end" || !isNewest) return;
          expect(settled[0]?.wasAnnounced).toBe(true);
          expect(next.filter((one) => one.topic === topic).at(-1)?.about).toBe("end");
        });
      });
    });

    it("tell what is newest of all", () => {
      always(({ told }) => expect(told.at(-1)?.settled[0]?.wasAnnounced).toBe(true));
    });
  });
});
