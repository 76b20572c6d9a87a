import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Eta, etaOf, NO_RATE, trackRate } from "../../src/client/estimate-eta.js";
import { percentOf } from "../../src/protocol/phases.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";

interface Moment {
  /** s since the start */
  readonly at: number;
  readonly snapshot: Partial<SyncSnapshot>;
}

/** The estimates after each moment of a trace. */
function estimates(trace: readonly Moment[]): (Eta | null)[] {
  let rate = NO_RATE;
  return trace.map(({ at, snapshot }) => {
    const taken = aSnapshot(snapshot);
    rate = trackRate(rate, taken, percentOf(taken), at * 1_000);
    return etaOf(rate);
  });
}

/** One moment a second, with the percentage that `percent` gives for it. */
function everySecond(seconds: number, percent: (at: number) => number): Moment[] {
  return Array.from({ length: seconds }, (_, at) => ({
    at,
    snapshot: { percentComplete: percent(at), processedItems: at * 10 },
  }));
}

const STEPS_MIN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1_440];

interface ShownStep {
  readonly at: number;
  readonly step: number;
}

/** What was shown and when, without the moments at which nothing was. */
function shownSteps(trace: readonly Moment[]): readonly ShownStep[] {
  const shown = estimates(trace);
  return trace.flatMap(({ at }, index) => {
    const eta = shown[index] ?? null;
    return eta === null ? [] : { at, step: STEPS_MIN.indexOf(eta.minutes) };
  });
}

/** Steps a second, of the fastest change. */
function fastest(shown: readonly ShownStep[]): number {
  const speeds = shown.map(({ at, step }, index) => {
    const before = shown[index - 1];
    return before === undefined ? 0 : Math.abs(step - before.step) / (at - before.at);
  });
  return Math.max(...speeds);
}

describe("the estimate of the time left", () => {
  it("is right at a constant rate", () => {
    const trace = everySecond(60, (at) => at / 2);
    const last = estimates(trace).at(-1);
    expect(last?.remainingMs).toBeCloseTo((100 - 29.5) * 2_000, -2);
    expect(last?.minutes).toBe(2);
    expect(last?.itemsPerSecond).toBeCloseTo(10, 1);
  });

  it("is shown only after 5 s and 3 events", () => {
    const shown = estimates(everySecond(10, (at) => at)).map((eta) => eta !== null);
    expect(shown).toEqual([false, false, false, false, false, true, true, true, true, true]);
    const sparse = [0, 4, 8].map((at) => ({ at, snapshot: { percentComplete: at } }));
    expect(estimates(sparse)).toEqual([null, null, null]);
  });

  it("is calm in bursts that come regularly", () => {
    const trace: Moment[] = [];
    for (let second = 0; second < 40; second += 1) {
      for (let part = 0; part < 10; part += 1) {
        trace.push({ at: second + part * 0.01, snapshot: { percentComplete: second + part * 0.1 } });
      }
    }
    const minutes = new Set(estimates(trace).flatMap((eta) => (eta === null ? [] : [eta.minutes])));
    expect([...minutes]).toEqual([2, 1]);
  });

  it("is hidden while the rate is wild", () => {
    const wild = everySecond(30, (at) => (at % 10 < 9 ? Math.floor(at / 10) * 20 : Math.floor(at / 10) * 20 + 20));
    expect(
      estimates(wild)
        .slice(11)
        .filter((eta) => eta !== null).length,
    ).toBeLessThan(10);
  });

  it("grows when the sync slows down", () => {
    const slowing = everySecond(120, (at) => 50 * (1 - Math.exp(-at / 40)));
    const shown = estimates(slowing).flatMap((eta) => (eta === null ? [] : [eta.remainingMs]));
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.at(-1)).toBeGreaterThan((shown[0] ?? 0) * 3);
  });

  it("is hidden when the total grows faster than the work", () => {
    const growing = everySecond(30, (at) => (at < 10 ? at * 2 : 20 - (at - 10)));
    expect(estimates(growing).at(-1)).toBeNull();
  });

  it("is hidden when the sync is paused and starts anew after it", () => {
    const running = everySecond(10, (at) => at);
    const paused: Moment = { at: 10, snapshot: { status: "paused", percentComplete: 10 } };
    const resumed: Moment = { at: 600, snapshot: { percentComplete: 10 } };
    expect(estimates([...running, paused, resumed]).slice(-2)).toEqual([null, null]);
  });

  it("is hidden while the percentage is unknown", () => {
    const trace = Array.from({ length: 20 }, (_, at) => ({
      at,
      snapshot: { totalItems: null, status: "running" as const },
    }));
    expect(estimates(trace).every((eta) => eta === null)).toBe(true);
  });

  it("moves by one step a second at most", () => {
    const jumpy = everySecond(60, (at) =>
      at < 20 ? at * 0.02 : 0.4 + (at - 20) * 0.05 + (at > 30 ? (at - 30) * 0.1 : 0),
    );
    const shown = shownSteps(jumpy);
    expect(shown.length).toBeGreaterThan(20);
    expect(fastest(shown)).toBeLessThanOrEqual(1);
  });

  it("comes back near its last value when it was hidden for a few seconds", () => {
    const spurt = everySecond(60, (at) => (at < 9 ? at * 0.0185 : 0.148 + (at - 8) * 0.5));
    const minutes = estimates(spurt).map((eta) => eta?.minutes ?? null);
    expect(minutes.slice(8, 18)).toEqual([90, null, null, null, null, null, null, null, 9, 8]);
    expect(fastest(shownSteps(spurt))).toBeLessThanOrEqual(1);
    expect(minutes.at(-1)).toBe(3);
  });

  it("comes back near its last value after a short pause", () => {
    const before = everySecond(20, (at) => at * 0.0185);
    const paused: Moment = { at: 20, snapshot: { status: "paused", percentComplete: 0.37 } };
    const after = everySecond(10, (at) => 0.37 + at * 0.27).map((moment) => ({ ...moment, at: moment.at + 21 }));
    const shown = shownSteps([...before, paused, ...after]);
    expect(shown.at(-1)?.at).toBe(30);
    expect(fastest(shown)).toBeLessThanOrEqual(1);
  });

  it("takes up the estimate at once when it was hidden for long", () => {
    const before = everySecond(20, (at) => at * 0.0185);
    const paused: Moment = { at: 20, snapshot: { status: "paused", percentComplete: 0.37 } };
    const after = everySecond(10, (at) => 0.37 + at * 0.27).map((moment) => ({ ...moment, at: moment.at + 600 }));
    const [first] = estimates([...before, paused, ...after])
      .slice(21)
      .flatMap((eta) => eta ?? []);
    expect(first?.minutes).toBe(6);
  });

  it("moves by one step a second at most, whatever the sync does", () => {
    const stretch = fc.record({
      events: fc.integer({ min: 1, max: 15 }),
      everyMs: fc.integer({ min: 50, max: 3_000 }),
      percentASecond: fc.constantFrom(-0.5, 0, 0.002, 0.01, 0.02, 0.1, 0.3, 2),
      snapshot: fc.constantFrom<Partial<SyncSnapshot>>(
        { status: "syncing" },
        { status: "syncing" },
        { status: "syncing" },
        { status: "paused" },
        { status: "running", totalItems: null, percentComplete: null },
      ),
    });
    let shownTwice = 0;
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 2, maxLength: 6 }), (stretches) => {
        let at = 0;
        let percent = 0;
        const trace = stretches.flatMap(({ events, everyMs, percentASecond, snapshot }) =>
          Array.from({ length: events }, (): Moment => {
            at += everyMs / 1_000;
            percent = Math.min(99, Math.max(0, percent + (percentASecond * everyMs) / 1_000));
            return { at, snapshot: { percentComplete: percent, ...snapshot } };
          }),
        );
        const shown = shownSteps(trace);
        if (shown.length > 1) shownTwice += 1;
        shown.forEach((one, index) => {
          for (const other of shown.slice(index + 1)) {
            expect(Math.abs(other.step - one.step)).toBeLessThanOrEqual(Math.ceil(other.at - one.at));
          }
        });
      }),
      { numRuns: 500 },
    );
    expect(shownTwice).toBeGreaterThan(100);
  });

  it("counts the items of a new phase from its start", () => {
    const trace: Moment[] = [
      ...everySecond(20, (at) => at),
      { at: 20, snapshot: { status: "parsing", percentComplete: 20, processedItems: 10 } },
    ];
    expect(estimates(trace).at(-1)?.itemsPerSecond).toBeCloseTo(10, 1);
  });
});
