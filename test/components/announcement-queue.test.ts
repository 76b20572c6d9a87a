import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ANNOUNCEMENT_INTERVAL_MS,
  type Announcement,
  type AnnouncementQueue,
  dequeue,
  enqueue,
  NO_ANNOUNCEMENTS,
  nextTime,
  withdraw,
} from "../../src/components/announcement-queue.js";

const said = (about: string, topic = "sync-1"): Announcement => ({ topic, about, text: about });

/** Plays announcements at their times, speaking whenever that is allowed; answers what was said when, and what never. */
function play(list: readonly { readonly at: number; readonly about: string; readonly topic?: string }[]) {
  let queue: AnnouncementQueue = NO_ANNOUNCEMENTS;
  const spoken: { at: number; about: string }[] = [];
  const dropped: string[] = [];
  const speak = (now: number) => {
    const result = dequeue(queue, now);
    queue = result.queue;
    if (result.spoken !== null) spoken.push({ at: now, about: result.spoken.about });
  };
  for (const { at, about, topic } of list) {
    const due = nextTime(queue);
    if (due !== null && due <= at) speak(due);
    const step = enqueue(queue, said(about, topic));
    queue = step.queue;
    if (step.dropped !== null) dropped.push(step.dropped.about);
    speak(at);
  }
  const due = nextTime(queue);
  if (due !== null) speak(due);
  return { spoken, dropped };
}

describe("polite announcements", () => {
  it("say the first one at once and the newest of the rest later", () => {
    const { spoken, dropped } = play([
      { at: 0, about: "start" },
      { at: 100, about: "25%" },
      { at: 200, about: "50%" },
    ]);
    expect(spoken).toEqual([
      { at: 0, about: "start" },
      { at: ANNOUNCEMENT_INTERVAL_MS, about: "50%" },
    ]);
    expect(dropped).toEqual(["25%"]);
  });

  it("say the same thing once, whoever tells it", () => {
    const list = [
      { at: 0, about: "end" },
      { at: 0, about: "end", topic: "sync-2" },
      { at: 10, about: "end" },
      { at: 9_000, about: "end", topic: "sync-2" },
    ];
    expect(play(list).spoken).toHaveLength(2);
    expect(play(list).dropped).toEqual(["end", "end"]);
  });

  it("say how things stand when they have gone back to where they were", () => {
    const { spoken } = play([
      { at: 0, about: "paused" },
      { at: 1_000, about: "resumed" },
      { at: 2_000, about: "paused" },
    ]);
    expect(spoken.at(-1)).toEqual({ at: ANNOUNCEMENT_INTERVAL_MS, about: "paused" });
  });

  it("are taken back when they are old, those about other syncs are not", () => {
    const spoken = dequeue(enqueue(NO_ANNOUNCEMENTS, said("start")).queue, 0).queue;
    const { queue } = enqueue(spoken, said("25%"));
    expect(withdraw(queue, "sync-2")).toEqual({ queue, dropped: null });
    expect(withdraw(queue, "sync-1")).toEqual({ queue: spoken, dropped: said("25%") });
  });

  it("13 come at most one in 5 s, whatever happens, and each is said or dropped", () => {
    const list = fc.array(fc.tuple(fc.nat(3_000), fc.constantFrom("a", "b", "c", "d")), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(list, (pauses) => {
        let at = 0;
        const announcements = pauses.map(([pause, about]) => {
          at += pause;
          return { at, about };
        });
        const { spoken, dropped } = play(announcements);
        spoken.forEach((one, index) => {
          const before = spoken[index - 1];
          if (before !== undefined) expect(one.at - before.at).toBeGreaterThanOrEqual(ANNOUNCEMENT_INTERVAL_MS);
        });
        expect(spoken.length + dropped.length).toBe(announcements.length);
        expect(spoken.at(-1)?.about).toBe(announcements.at(-1)?.about);
      }),
    );
  });
});
