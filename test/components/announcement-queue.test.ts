import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ANNOUNCEMENT_INTERVAL_MS,
  type AnnouncementQueue,
  dequeue,
  enqueue,
  NO_ANNOUNCEMENTS,
  nextTime,
} from "../../src/components/announcement-queue.js";

/** Plays announcements at their times, speaking whenever that is allowed; answers what was said when. */
function play(list: readonly { readonly at: number; readonly key: string }[]) {
  let queue: AnnouncementQueue = NO_ANNOUNCEMENTS;
  const said: { at: number; key: string }[] = [];
  const speak = (now: number) => {
    const result = dequeue(queue, now);
    queue = result.queue;
    if (result.spoken !== null) said.push({ at: now, key: result.spoken.key });
  };
  for (const { at, key } of list) {
    const due = nextTime(queue);
    if (due !== null && due <= at) speak(due);
    queue = enqueue(queue, { key, text: key });
    speak(at);
  }
  const due = nextTime(queue);
  if (due !== null) speak(due);
  return said;
}

describe("polite announcements", () => {
  it("say the first one at once and the newest of the rest later", () => {
    const said = play([
      { at: 0, key: "start" },
      { at: 100, key: "25%" },
      { at: 200, key: "50%" },
    ]);
    expect(said).toEqual([
      { at: 0, key: "start" },
      { at: ANNOUNCEMENT_INTERVAL_MS, key: "50%" },
    ]);
  });

  it("say the same thing once", () => {
    expect(
      play([
        { at: 0, key: "end" },
        { at: 9_000, key: "end" },
      ]),
    ).toHaveLength(1);
  });

  it("13 come at most one in 5 s, whatever happens, and the last one is always said", () => {
    const list = fc.array(fc.tuple(fc.nat(3_000), fc.constantFrom("a", "b", "c", "d")), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(list, (pauses) => {
        let at = 0;
        const announcements = pauses.map(([pause, key]) => {
          at += pause;
          return { at, key };
        });
        const said = play(announcements);
        said.forEach((one, index) => {
          const before = said[index - 1];
          if (before !== undefined) expect(one.at - before.at).toBeGreaterThanOrEqual(ANNOUNCEMENT_INTERVAL_MS);
        });
        expect(said.at(-1)?.key).toBeDefined();
      }),
    );
  });
});
