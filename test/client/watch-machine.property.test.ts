import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wakeTime, watchMachine } from "../../src/client/watch-machine.js";
import { DEFAULT_POLICY } from "../../src/client/watch-policy.js";
import { initialWatchState, type WatchEvent, type WatchState } from "../../src/client/watch-state.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { isTerminalStatus, type SyncStatus } from "../../src/protocol/status.js";
import { aSnapshot } from "../support/a-snapshot.js";

const running: fc.Arbitrary<SyncStatus> = fc.constantFrom(
  "queued",
  "connecting",
  "syncing",
  "parsing",
  "embedding",
  "paused",
  "running",
);
const terminal: fc.Arbitrary<SyncStatus> = fc.constantFrom("complete", "error", "cancelled");
const count = fc.nat(1_000);

function snapshots(status: fc.Arbitrary<SyncStatus>): fc.Arbitrary<SyncSnapshot> {
  return fc
    .record({
      status,
      seq: fc.option(fc.nat(50)),
      totalItems: fc.option(count),
      processedItems: count,
      failedItems: fc.nat(5),
      percentComplete: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
      updatedAt: fc.option(fc.nat(100_000)),
    })
    .map(aSnapshot);
}

const anySnapshot = snapshots(fc.oneof({ weight: 9, arbitrary: running }, { weight: 1, arbitrary: terminal }));

/** What happens, with the stream and request numbers filled in when it is played. */
type Happening =
  | { readonly kind: "stream"; readonly what: "open" | "heartbeat" | "retrying" | "closed" | "unreadable" }
  | { readonly kind: "snapshot"; readonly snapshot: SyncSnapshot }
  | { readonly kind: "answer"; readonly answer: Extract<WatchEvent, { type: "answer" }>["answer"] }
  | {
      readonly kind: "plain";
      readonly type:
        | "tick"
        | "online"
        | "offline"
        | "visible"
        | "frozen"
        | "resumed"
        | "reconnect"
        | "authorized"
        | "authorization-failed";
    };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: anySnapshot.map((snapshot) => ({ kind: "snapshot" as const, snapshot })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom("open", "heartbeat", "retrying", "closed", "unreadable")
      .map((what) => ({ kind: "stream" as const, what })),
  },
  {
    weight: 3,
    arbitrary: fc.oneof(
      anySnapshot.map((snapshot) => ({ kind: "answer" as const, answer: { kind: "snapshot" as const, snapshot } })),
      fc.constantFrom(401, 404, 429, 500, 503).map((status) => ({
        kind: "answer" as const,
        answer: { kind: "refused" as const, status, retryAfterMs: status === 429 ? 7_000 : null, message: "no" },
      })),
      fc.constant({ kind: "answer" as const, answer: { kind: "no-answer" as const, message: "gone" } }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(
        "tick",
        "online",
        "offline",
        "visible",
        "frozen",
        "resumed",
        "reconnect",
        "authorized",
        "authorization-failed",
      )
      .map((type) => ({ kind: "plain" as const, type })),
  },
);

const steps = fc.array(fc.tuple(happening, fc.nat(20_000), fc.double({ min: 0, max: 0.999, noNaN: true })), {
  maxLength: 60,
});

function eventOf(state: WatchState, what: Happening): WatchEvent {
  const stream =
    state.link.kind === "stream" ? state.link.id : state.link.kind === "polling" ? (state.link.trial?.id ?? 0) : 0;
  switch (what.kind) {
    case "snapshot":
      return { type: "stream-snapshot", stream, snapshot: what.snapshot };
    case "answer":
      return { type: "answer", request: state.request?.id ?? 0, answer: what.answer };
    case "stream":
      if (what.what === "unreadable")
        return { type: "stream-unreadable", stream, problem: { kind: "not-json", message: "?" } };
      return { type: `stream-${what.what}`, stream };
    case "plain":
      return { type: what.type };
  }
}

/** Plays the steps and shows every state on the way. */
function play(
  list: readonly (readonly [Happening, number, number])[],
  onStep: (before: WatchState, after: WatchState, now: number) => void,
) {
  let now = 1_000;
  let state = watchMachine(initialWatchState("sync-1", DEFAULT_POLICY), { type: "start", now, random: 0.5 });
  for (const [what, pause, random] of list) {
    now += pause;
    const before = state;
    state = watchMachine(before, { ...eventOf(before, what), now, random });
    onStep(before, state, now);
  }
  return { state, now };
}

describe("the watch machine, whatever happens", () => {
  it("never leaves a terminal status", () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, (before, after) => {
          if (before.snapshot !== null && isTerminalStatus(before.snapshot.status)) {
            expect(after.snapshot).toBe(before.snapshot);
            expect(after.link.kind).toBe("closed");
          }
        });
      }),
    );
  });

  it("never lets the percentage fall, and reaches 100 only when complete", () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, (before, after) => {
          expect(after.percent ?? 0).toBeGreaterThanOrEqual(before.percent ?? 0);
          if (before.percent !== null) expect(after.percent).not.toBeNull();
          expect(after.percent === 100).toBe(after.snapshot?.status === "complete");
        });
      }),
    );
  });

  it("always has a way on: it is closed, parked, suspended, asks the application, or waits for something in time", () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, (_, after, now) => {
          const waitsForOthers = ["closed", "parked", "suspended", "authorizing"].includes(after.link.kind);
          const wakesAt = wakeTime(after);
          const waitsInTime = wakesAt !== null && wakesAt - now <= 400_000;
          expect(waitsForOthers || after.request !== null || waitsInTime).toBe(true);
        });
      }),
    );
  });

  it("changes nothing on a duplicate", () => {
    fc.assert(
      fc.property(steps, anySnapshot, (list, snapshot) => {
        const { state, now } = play(list, () => {});
        const once = watchMachine(state, { ...eventOf(state, { kind: "snapshot", snapshot }), now, random: 0 });
        const twice = watchMachine(once, { ...eventOf(once, { kind: "snapshot", snapshot }), now, random: 0 });
        expect(twice.snapshot).toBe(once.snapshot);
        expect(twice.percent).toBe(once.percent);
      }),
    );
  });

  it("asks at most once at a time", () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, (before, after) => {
          const isSecond = before.request !== null && after.request !== null && before.request.id !== after.request.id;
          // A new question may only replace one whose stream is gone.
          if (isSecond) expect(after.link).not.toBe(before.link);
        });
      }),
    );
  });
});

/** A sync as a server would play it: seq and time grow, the last snapshot is terminal. */
const courses = fc
  .tuple(fc.array(snapshots(running), { minLength: 1, maxLength: 20 }), snapshots(terminal))
  .map(([list, last]) =>
    [...list, last].map((snapshot, index) => ({ ...snapshot, seq: index + 1, updatedAt: index * 100 })),
  );

describe("the watch machine, with snapshots in any order", () => {
  it("ends in the last snapshot of the sync wherever that stands", () => {
    const shuffled = courses.chain((course) =>
      fc.tuple(fc.constant(course), fc.shuffledSubarray(course, { minLength: course.length })),
    );
    fc.assert(
      fc.property(shuffled, ([course, order]) => {
        const { state } = play(
          order.map((snapshot) => [{ kind: "snapshot", snapshot }, 10, 0] as const),
          () => {},
        );
        expect(state.snapshot).toEqual(course.at(-1));
        expect(state.link.kind).toBe("closed");
      }),
    );
  });

  it("holds the snapshot with the largest seq of those that came", () => {
    const partial = courses.chain((course) => fc.shuffledSubarray(course.slice(0, -1), { minLength: 1 }));
    fc.assert(
      fc.property(partial, (order) => {
        const { state } = play(
          order.map((snapshot) => [{ kind: "snapshot", snapshot }, 10, 0] as const),
          () => {},
        );
        expect(state.snapshot?.seq).toBe(Math.max(...order.map((snapshot) => snapshot.seq)));
      }),
    );
  });
});
