import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wakeTime, wantedStream } from "../../src/client/connection.js";
import { DEFAULT_POLICY } from "../../src/client/connection-policy.js";
import { deriveView } from "../../src/client/derive-view.js";
import {
  initialWatch,
  type SnapshotResult,
  transitionWatch,
  type WatchEvent,
  type WatchState,
} from "../../src/client/watch-state.js";
import { DEFAULT_PHASES } from "../../src/protocol/phases.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { isTerminalStatus, type SyncStatus } from "../../src/protocol/status.js";
import { aSnapshot } from "../support/a-snapshot.js";

const TRACKING = { stallTimeoutMs: DEFAULT_POLICY.stallTimeoutMs, phases: DEFAULT_PHASES };

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
  | { readonly kind: "stream"; readonly what: "open" | "heartbeat" | "interrupted" | "closed" | "limit" }
  | { readonly kind: "stream-problem"; readonly what: "unreadable" | "unsupported" }
  | { readonly kind: "snapshot"; readonly snapshot: SyncSnapshot }
  | { readonly kind: "result"; readonly result: SnapshotResult }
  | { readonly kind: "command"; readonly snapshot: SyncSnapshot }
  | { readonly kind: "command-state"; readonly status: "pending" | "failed" | null }
  | {
      readonly kind: "plain";
      readonly type:
        | "start"
        | "tick"
        | "online"
        | "offline"
        | "visible"
        | "frozen"
        | "resumed"
        | "reconnect"
        | "authorized"
        | "authorization-failed"
        | "stream-available";
    };

/** Now and then a snapshot of another sync. */
const snapshotOrForeign = fc
  .tuple(anySnapshot, fc.nat(19))
  .map(([snapshot, luck]) => (luck === 0 ? { ...snapshot, syncId: "another" } : snapshot));

const result: fc.Arbitrary<SnapshotResult> = fc.oneof(
  { weight: 4, arbitrary: snapshotOrForeign.map((snapshot) => ({ kind: "snapshot" as const, snapshot })) },
  fc.constantFrom(401, 403, 404, 410, 429, 500, 503).map((status) => ({
    kind: "refused" as const,
    status,
    retryAfterMs: status === 429 ? 7_000 : null,
    message: "no",
  })),
  fc.constant({ kind: "unusable" as const, reason: "response-unreadable" as const, message: "?" }),
  fc.constant({ kind: "no-response" as const, message: "gone" }),
  fc.constant({ kind: "unsupported" as const }),
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: snapshotOrForeign.map((snapshot) => ({ kind: "snapshot" as const, snapshot })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom("open", "heartbeat", "interrupted", "closed", "limit")
      .map((what) => ({ kind: "stream" as const, what })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("unreadable", "unsupported").map((what) => ({ kind: "stream-problem" as const, what })),
  },
  { weight: 3, arbitrary: result.map((one) => ({ kind: "result" as const, result: one })) },
  { weight: 1, arbitrary: snapshotOrForeign.map((snapshot) => ({ kind: "command" as const, snapshot })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("pending", "failed", null).map((status) => ({ kind: "command-state" as const, status })),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(
        "start",
        "tick",
        "online",
        "offline",
        "visible",
        "frozen",
        "resumed",
        "reconnect",
        "authorized",
        "authorization-failed",
        "stream-available",
      )
      .map((type) => ({ kind: "plain" as const, type })),
  },
);

const steps = fc.array(fc.tuple(happening, fc.nat(20_000), fc.double({ min: 0, max: 0.999, noNaN: true })), {
  maxLength: 60,
});

const COMMANDS = {
  pending: { name: "pause", status: "pending", error: null },
  failed: { name: "pause", status: "failed", error: null },
} as const;

function eventOf({ connection }: WatchState, what: Happening): WatchEvent {
  const stream = wantedStream(connection.link) ?? 0;
  switch (what.kind) {
    case "snapshot":
      return { type: "stream-snapshot", stream, decoded: { ok: true, value: what.snapshot } };
    case "result":
      return { type: "snapshot-result", request: connection.request?.id ?? 0, result: what.result };
    case "command":
      return { type: "command-snapshot", snapshot: what.snapshot };
    case "command-state":
      return {
        type: "command",
        command: what.status === null ? null : COMMANDS[what.status],
      };
    case "stream-problem":
      return { type: `stream-${what.what}`, stream, message: "?" };
    case "stream":
      return what.what === "heartbeat"
        ? { type: "stream-heartbeat", stream, intervalMs: null, isStale: false }
        : { type: `stream-${what.what}`, stream };
    case "plain":
      return { type: what.type };
  }
}

type Moments = readonly (readonly [Happening, number, number])[];

/** Plays the steps and shows every state on the way. */
function play(list: Moments, onStep: (before: WatchState, after: WatchState, now: number) => void = () => {}) {
  let now = 1_000;
  const dispatch = (before: WatchState, event: WatchEvent, random: number) =>
    transitionWatch(before, event, { now, random }, TRACKING).state;
  let state = dispatch(initialWatch("sync-1", DEFAULT_POLICY), { type: "start" }, 0.5);
  for (const [what, pause, random] of list) {
    now += pause;
    const before = state;
    state = dispatch(before, eventOf(before, what), random);
    onStep(before, state, now);
  }
  return { state, dispatch };
}

describe("a watch, whatever happens", () => {
  it("never leaves a terminal status", () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, (before, after) => {
          if (before.sync.snapshot !== null && isTerminalStatus(before.sync.snapshot.status)) {
            expect(after.sync).toBe(before.sync);
            expect(after.connection.link.kind).toBe("closed");
          }
        });
      }),
    );
  });

  it("never lets the percentage fall, and reaches 100 only when complete", () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, ({ sync: before }, { sync: after }) => {
          expect(after.percent ?? 0).toBeGreaterThanOrEqual(before.percent ?? 0);
          if (before.percent !== null) expect(after.percent).not.toBeNull();
          expect(after.percent === 100).toBe(after.snapshot?.status === "complete");
        });
      }),
    );
  });

  it("never takes the snapshot of another sync", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { state } = play(list);
        expect(state.sync.snapshot?.syncId ?? "sync-1").toBe("sync-1");
      }),
    );
  });

  it("always has a way on: closed, stopped, suspended, waiting for the application, or for something in time", () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, ({ connection: before }, { connection: after }, now) => {
          const waitsForOthers = ["closed", "stopped", "suspended", "authorizing"].includes(after.link.kind);
          const wakesAt = wakeTime(after);
          const waitsInTime = wakesAt !== null && wakesAt - Math.max(now, before.request?.since ?? now) <= 400_000;
          expect(waitsForOthers || waitsInTime).toBe(true);
        });
      }),
    );
  });

  it("changes nothing on a duplicate", () => {
    fc.assert(
      fc.property(steps, anySnapshot, (list, snapshot) => {
        const { state, dispatch } = play(list);
        const once = dispatch(state, eventOf(state, { kind: "snapshot", snapshot }), 0);
        const twice = dispatch(once, eventOf(once, { kind: "snapshot", snapshot }), 0);
        expect(twice.sync).toBe(once.sync);
      }),
    );
  });

  it("requests at most one snapshot at a time", () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, ({ connection: before }, { connection: after }) => {
          const isSecond = before.request !== null && after.request !== null && before.request.id !== after.request.id;
          // A new request may only replace one whose stream is gone.
          if (isSecond) expect(after.link).not.toBe(before.link);
        });
      }),
    );
  });

  it("replaces its view only when something in it changes", () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, (before, after) => {
          const view = deriveView(before, {}, null);
          const next = deriveView(after, {}, view);
          if (next !== view) expect(next).not.toEqual(view);
        });
      }),
    );
  });

  it("shows stalled only for a sync that moves, and an estimate only for one that does not stand still", () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, (_, after) => {
          const view = deriveView(after, {}, null);
          if (view.isStalled) expect(["paused", "queued", "complete", "error", "cancelled"]).not.toContain(view.status);
          if (view.isStalled || view.isTerminal) expect(view.eta).toBeNull();
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

describe("a watch, with snapshots in any order", () => {
  it("ends in the last snapshot of the sync wherever that stands", () => {
    const shuffled = courses.chain((course) =>
      fc.tuple(fc.constant(course), fc.shuffledSubarray(course, { minLength: course.length })),
    );
    fc.assert(
      fc.property(shuffled, ([course, order]) => {
        const { state } = play(order.map((snapshot) => [{ kind: "snapshot", snapshot }, 10, 0] as const));
        expect(state.sync.snapshot).toEqual(course.at(-1));
        expect(state.connection.link.kind).toBe("closed");
      }),
    );
  });

  it("holds the snapshot with the largest seq of those that came", () => {
    const partial = courses.chain((course) => fc.shuffledSubarray(course.slice(0, -1), { minLength: 1 }));
    fc.assert(
      fc.property(partial, (order) => {
        const { state } = play(order.map((snapshot) => [{ kind: "snapshot", snapshot }, 10, 0] as const));
        expect(state.sync.snapshot?.seq).toBe(Math.max(...order.map((snapshot) => snapshot.seq)));
      }),
    );
  });
});
